"""The application of a project: its page and its requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import Lifespan

from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import ConflictError
from nertagger.annotation.web.labelling import labelling_router
from nertagger.annotation.web.managing import managing_router
from nertagger.annotation.web.reviewing import reviewing_router
from nertagger.annotation.web.workspace import Workspace
from nertagger.serving.limits import Limits
from nertagger.serving.problems import add_handlers
from nertagger.serving.security import Guard
from nertagger.serving.static import is_static, static_routes

_BODY_BYTES = 4_000_000
_SECONDS = 60


def make_app(project: Project, *, token: str | None = None, hosts: Collection[str] | None = None) -> FastAPI:
    """Return the application.

    Args:
        project: what is labelled.
        token: what clients must send; None lets everybody ask.
        hosts: the names by which clients may call the service; None for any.
    """
    workspace = Workspace(project)
    app = FastAPI(
        title="nertagger annotate", openapi_url=None, docs_url=None, redoc_url=None, lifespan=_life(workspace)
    )
    for make_router in (labelling_router, reviewing_router, managing_router):
        app.include_router(make_router(workspace))
    app.router.routes.extend(static_routes("nertagger.annotation.web"))
    add_handlers(app)
    app.add_exception_handler(ConflictError, _answer_conflict)
    app.add_middleware(Limits, body_bytes=_BODY_BYTES, seconds=_SECONDS)
    app.add_middleware(Guard, token=token, hosts=hosts, is_open=is_static)
    return app


def _life(workspace: Workspace) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if workspace.background is not None:
            workspace.background.resume()
        yield
        if workspace.background is not None:
            workspace.background.stop()

    return lifespan


async def _answer_conflict(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ConflictError)
    return JSONResponse({"error": str(error), "version": error.version}, 409)
