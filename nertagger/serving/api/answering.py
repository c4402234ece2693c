"""Answers of ``POST /v1/tag``, without FastAPI where nothing is wrong with a request.

To find the route, and to check and convert parameters one by one, takes FastAPI longer than tagging a sentence takes.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nertagger.errors import NerTaggerError
from nertagger.serving.api.schemas import TagRequest
from nertagger.serving.api.service import Service
from nertagger.serving.problems import answer_to

TAG_PATH = "/v1/tag"
JSON = "application/json"

_CONTENT_TYPE = (b"content-type", JSON.encode())


def json_value(body: bytes) -> Any:
    """Return the value of JSON, which may begin with a byte order mark; raises ValueError, also for NaN."""
    return from_json(body.removeprefix(BOM_UTF8), allow_inf_nan=False)


async def answer(service: Service, request: TagRequest) -> bytes:
    """Return the JSON of the tagged texts of a request.

    Raises:
        HTTPException: if it has too many texts, if there is no model of this name, or if the service is busy.
    """
    texts = request.all_texts()
    if len(texts) > (most := service.settings.max_texts):
        raise HTTPException(422, f"text: got {len(texts):,} texts, expected at most {most:,}; use several requests")
    with service.place():
        name, task = service.task(request)
        found = await service.tag(name, task, texts)
    return b'{"model":%s,"documents":[%s]}' % (to_json(name), b",".join(found))


class TagDirectly:
    """Middleware that answers valid requests to tag; everything else goes to the application.

    Attributes:
        path: of the requests that it answers, as routes have it.
    """

    path = TAG_PATH

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app, self._service = app, service
        self._requests = TypeAdapter(TagRequest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != TAG_PATH or not _is_json_post(scope):
            await self._app(scope, receive, send)
            return
        scope["route"] = self
        try:
            body = await _body(receive)
            if body is None:
                return
            try:
                request = self._requests.validate_python(json_value(body))
            except ValueError:  # FastAPI says what is wrong, as with any other request
                await self._app(scope, _repeated(body, receive), send)
                return
            content = await answer(self._service, request)
        except Exception as error:
            await answer_to(error)(scope, receive, send)
            if not isinstance(error, HTTPException | NerTaggerError):
                raise
        else:
            await _send(content, send)


def _is_json_post(scope: Scope) -> bool:
    return scope["method"] == "POST" and _CONTENT_TYPE in scope["headers"]


async def _body(receive: Receive) -> bytes | None:
    """Return the body of a request, None if the client closes the connection before its end."""
    pieces: list[bytes] = []
    while (message := await receive())["type"] == "http.request":
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)
    return None


def _repeated(body: bytes, receive: Receive) -> Receive:
    """Return a function that receives a body once more, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def repeat() -> Message:
        return messages.pop() if messages else await receive()

    return repeat


async def _send(content: bytes, send: Send) -> None:
    headers = [_CONTENT_TYPE, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})
