"""The routes of the service, as OpenAPI shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from nertagger._version import __version__
from nertagger.serving.api.answering import JSON, TAG_PATH, answer, json_value
from nertagger.serving.api.conversion import convert_documents, writable_formats
from nertagger.serving.api.metrics import CONTENT_TYPE
from nertagger.serving.api.models import Served
from nertagger.serving.api.schemas import (
    ConvertRequest,
    ModelInfo,
    Options,
    ServiceInfo,
    Status,
    TagRequest,
    TagResponse,
    fields_of,
)
from nertagger.serving.api.service import Service
from nertagger.serving.api.streaming import JsonLines, stream_schema
from nertagger.serving.problems import Problem

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The body is not JSON."},
    401: {"model": Problem, "description": "The token is missing or wrong."},
    403: {"model": Problem, "description": "The host or the site is not allowed."},
    404: {"model": Problem, "description": "There is no model of this name."},
    408: {"model": Problem, "description": "The body took too long to arrive."},
    413: {"model": Problem, "description": "The body is too large."},
    415: {"model": Problem, "description": "The Content-Type is not JSON."},
    422: {"model": Problem, "description": "The request is not valid."},
    503: {"model": Problem, "description": "Too many requests are in progress; repeat it after Retry-After seconds."},
}


_LINES = '{"id": 7, "text": "Angela Merkel met Barack Obama in Berlin."}\n"Ann ran."\n'
_ANSWERS = """\
{"text": "Ann ran.", "entities": [{"label": "PER", "start": 0, "end": 3, "text": "Ann", "confidence": 0.968}]}
{"error": "expected a string, or an object with text, got 5", "line": 2}
"""


def make_router(service: Service) -> APIRouter:
    """Return the routes of a service."""
    # For OpenAPI alone: the token is checked before a request comes here.
    token = [] if service.settings.token is None else [Security(HTTPBearer(auto_error=False))]
    router = APIRouter(route_class=_StrictJson, dependencies=token)
    _add_tagging(router, service)  # first, because routes are tried in order
    _add_counts(router, service)
    _add_conversion(router, service)
    everybody = APIRouter(route_class=_StrictJson)
    everybody.include_router(router)
    _add_state(everybody, service)
    return everybody


def _add_state(router: APIRouter, service: Service) -> None:
    @router.get("/health", tags=["state"])
    async def health() -> Status:
        """Answer as long as the process runs."""
        return Status(status="ok")

    @router.get("/ready", tags=["state"], responses={503: _PROBLEMS[503]})
    async def ready() -> Status:
        """Answer with 200 if requests are accepted."""
        if not service.is_ready:
            raise HTTPException(503, "the service is stopping")
        return Status(status="ready")


def _add_counts(router: APIRouter, service: Service) -> None:
    @router.get("/metrics", tags=["state"], response_class=Response, responses={401: _PROBLEMS[401]})
    async def metrics() -> Response:
        """Return what the service has counted, in the text format of Prometheus."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE)

    @router.get("/v1/models", tags=["state"], responses={401: _PROBLEMS[401]})
    async def models() -> ServiceInfo:
        """Return the models, the formats of /v1/convert, and the limits of a request."""
        return ServiceInfo(
            version=__version__,
            models=[_model_info(served) for served in service.models],
            formats=writable_formats(),
            max_body_bytes=service.settings.max_body_bytes,
            max_texts=service.settings.max_texts,
        )


def _add_tagging(router: APIRouter, service: Service) -> None:
    @router.post(TAG_PATH, tags=["tagging"], response_model=TagResponse, responses=_PROBLEMS)
    async def tag(request: TagRequest) -> Response:
        """Find the entities in one text or several; ids and other fields come back with each text."""
        return Response(await answer(service, request), media_type=JSON)

    @router.post(
        "/v1/tag/stream",
        tags=["tagging"],
        response_class=Response,
        responses=_PROBLEMS | {200: stream_schema("the tagged texts, one JSON object per line", _ANSWERS)},
        openapi_extra={
            "requestBody": {"required": True, **stream_schema("one text per line: a string or an object", _LINES)}
        },
    )
    async def stream(request: Request, options: Annotated[Options, Query()]) -> Response:
        """Find the entities in any number of texts: JSON lines in, JSON lines out, in order, while they arrive.

        Read the answer while you send: the service keeps only a few texts, and reads no more until they are taken.
        A line that cannot be tagged is answered with a line ``{"error": ..., "line": ...}``.
        """
        name, task = service.task(options)
        return JsonLines(service, request, name, task)


def _add_conversion(router: APIRouter, service: Service) -> None:
    @router.post("/v1/convert", tags=["conversion"], response_class=Response, responses=_PROBLEMS)
    async def convert(request: ConvertRequest) -> Response:
        """Write tagged texts, such as the documents that /v1/tag returned, as a file in another format."""
        tagger = service.find(request.model).tagger
        with service.place():
            return await convert_documents([*map(fields_of, request.documents)], request.format, tagger)


def _model_info(served: Served) -> ModelInfo:
    tagger = served.tagger
    return ModelInfo(name=served.name, labels=list(tagger.labels), tags=list(tagger.tags), version=tagger.model.version)


class _StrictRequest(Request):
    """A request whose JSON has neither numbers nor text that an answer could not repeat: NaN, lone surrogates."""

    async def json(self) -> Any:
        try:
            return json_value(await self.body())
        except ValueError as error:
            raise HTTPException(400, f"the body is not JSON: {error}") from None


class _StrictJson(APIRoute):
    """A route that reads its body as `_StrictRequest` does."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            if self.body_field is not None:
                _check_is_json(request.headers.get("content-type", ""))
            answer: Response = await handle(_StrictRequest(request.scope, request.receive))
            return answer

        return handle_strictly


def _check_is_json(content_type: str) -> None:
    """Raise 415 unless a body says that it is JSON: what other sites can send without asking never is."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind != JSON and not (kind.startswith("application/") and kind.endswith("+json")):
        raise HTTPException(415, f"Content-Type: got {kind or 'none'}, expected {JSON} (curl: --json)")
