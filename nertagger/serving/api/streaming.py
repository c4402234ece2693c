"""JSON lines in, JSON lines out: any number of texts in one request, in constant memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nertagger.errors import NerTaggerError, one_line
from nertagger.serving.api.answering import json_value
from nertagger.serving.api.schemas import AnyText, as_text
from nertagger.serving.api.service import Service
from nertagger.serving.api.tagging import Task, Text
from nertagger.serving.problems import describe

STREAM_PATH = "/v1/tag/stream"
_MEDIA_TYPE = "application/x-ndjson"
_WINDOW_LINES = 128
_WINDOW_BYTES = 1 << 17

_TEXT: TypeAdapter[AnyText] = TypeAdapter(AnyText)


def stream_schema(description: str, example: str) -> dict[str, Any]:
    """Return how OpenAPI describes a body of JSON lines."""
    return {"description": description, "content": {_MEDIA_TYPE: {"schema": {"type": "string"}, "example": example}}}


class JsonLines(Response):
    """The answer to a stream: the tagged texts of each window of lines, sent before the next window is read."""

    def __init__(self, service: Service, request: Request, name: str, task: Task) -> None:
        super().__init__(media_type=_MEDIA_TYPE)
        self._service, self._request, self._name, self._task = service, request, name, task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del self.headers["content-length"]
        with self._service.place():
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            first = 1
            try:
                async for lines in _windows(self._request.stream(), self._service.settings.max_body_bytes):
                    body = await self._answer(lines, first)
                    first += len(lines)
                    await send({"type": "http.response.body", "body": body, "more_body": True})
            except ClientDisconnect:
                return
            await send({"type": "http.response.body", "body": b""})

    async def _answer(self, lines: Sequence[bytes | None], first: int) -> bytes:
        """Return the answers to a window of lines, one per line that is not blank."""
        read = [_read(line, number) for number, line in enumerate(lines, first)]
        texts = [one for one in read if isinstance(one, Text)]
        answers = iter(await self._tag(texts))
        return b"".join((next(answers) if isinstance(one, Text) else one) + b"\n" for one in read if one is not None)

    async def _tag(self, texts: Sequence[Text]) -> list[bytes]:
        try:
            return await self._service.tag(self._name, self._task, texts)
        except NerTaggerError as error:  # the answer has begun, so that no status can tell
            return [to_json({"error": one_line(error)})] * len(texts)


def _read(line: bytes | None, number: int) -> Text | bytes | None:
    """Return the text of a line, the answer to one that has none, or None for a blank one."""
    if line is None:
        return _wrong("the line is too long", number)
    if not line.strip():
        return None
    try:
        return as_text(_TEXT.validate_python(json_value(line)))
    except ValidationError as error:
        return _wrong(describe(error.errors()), number)
    except ValueError as error:
        return _wrong(f"the line is not JSON: {error}", number)


def _wrong(message: str, number: int) -> bytes:
    return to_json({"error": " ".join(message.split()), "line": number})


async def _windows(chunks: AsyncIterator[bytes], longest: int) -> AsyncIterator[list[bytes | None]]:
    """Yield the lines of a stream as they arrive, a bounded number at a time; None for one that is too long."""
    rest, is_skipping = b"", False
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        found = [line if len(line) <= longest else None for line in lines]
        if is_skipping and lines:
            found[0], is_skipping = None, False
        if len(rest) > longest:
            rest, is_skipping = b"", True
        elif is_skipping:
            rest = b""
        for window in _cut(found):
            yield window
    if is_skipping:
        yield [None]
    elif rest:
        yield [rest]


def _cut(lines: Sequence[bytes | None]) -> list[list[bytes | None]]:
    """Return the lines in windows of at most `_WINDOW_LINES`."""
    return [list(lines[i : i + _WINDOW_LINES]) for i in range(0, len(lines), _WINDOW_LINES)]
