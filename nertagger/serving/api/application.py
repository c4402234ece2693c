"""The application: its middleware and its routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from nertagger._version import __version__
from nertagger.serving.api.answering import TagDirectly
from nertagger.serving.api.metrics import CountRequests
from nertagger.serving.api.routes import make_router
from nertagger.serving.api.service import Service, Settings
from nertagger.serving.api.streaming import STREAM_PATH
from nertagger.serving.limits import Limits
from nertagger.serving.problems import add_handlers
from nertagger.serving.security import Guard
from nertagger.serving.static import is_static, static_routes

_OPEN_PATHS = ("/health", "/ready")


def make_app(settings: Settings) -> ASGIApp:
    """Return the application of a service.

    Raises:
        ModelFileError: if a model cannot be loaded.
    """
    service = Service(settings)
    # In this order, and outside of FastAPI, whose own middleware takes as long as all of these.
    app: ASGIApp = TagDirectly(_head_as_get(_make_routes(service)), service=service)
    app = Limits(
        app,
        body_bytes=settings.max_body_bytes,
        seconds=settings.seconds,
        is_stream=lambda path: path == STREAM_PATH,
        ends_with_client=True,
    )
    app = Guard(app, token=settings.token, hosts=settings.allowed_hosts, is_open=_is_open)
    return CountRequests(app, metrics=service.metrics)


def _make_routes(service: Service) -> FastAPI:
    """Return the application without its bounds: all routes, as OpenAPI shows them, and errors as answers."""
    app = FastAPI(
        title="nertagger",
        summary="Named entities in text.",
        version=__version__,
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=_lifespan(service),
    )
    app.include_router(make_router(service))
    app.router.routes.extend(static_routes("nertagger.serving.api"))
    add_handlers(app)
    return app


def _head_as_get(app: ASGIApp) -> ASGIApp:
    """Return an application that answers HEAD like GET; the server sends no body then (RFC 9110, 9.3.2)."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope, receive, send)

    return answer


def _lifespan(service: Service) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    return lifespan


def _is_open(path: str) -> bool:
    return path in _OPEN_PATHS or is_static(path)
