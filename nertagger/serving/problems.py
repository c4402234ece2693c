"""Errors as answers: a status and one line of JSON, ``{"error": "..."}``, for whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from nertagger.errors import NerTaggerError, one_line
from nertagger.printable import printable

logger = logging.getLogger(__name__)

_SHOWN = 40  # characters of a wrong value
_EXPECTED = {"model_attributes_type": "expected a JSON object"}  # where pydantic speaks of Python

RETRY_SECONDS = 1
"""How long a client waits, in seconds, before it repeats a request that came at a busy moment."""


class Problem(BaseModel):
    """The answer to a request that cannot be fulfilled."""

    error: str = Field(
        description="what is wrong, in one line", examples=["text: got 1,001 texts, expected at most 1,000"]
    )


def problem(status: int, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer that states a problem in one line."""
    return JSONResponse({"error": printable(" ".join(message.split()))}, status, headers)


def busy(message: str) -> HTTPException:
    """Return the error for a request that the client may repeat soon."""
    return HTTPException(503, message, {"Retry-After": str(RETRY_SECONDS)})


def answer_to(error: Exception) -> JSONResponse:
    """Return the answer to a request that has failed with an error; one that nobody foresaw is not shown."""
    match error:
        case HTTPException():
            return problem(error.status_code, str(error.detail), error.headers)
        case RequestValidationError():
            return problem(422, describe(error.errors()))
        case NerTaggerError():
            return problem(422, one_line(error, limit=1000))
        case _:
            return problem(500, "the service failed; its log says why")


def add_handlers(app: FastAPI) -> None:
    """Let an application answer every error with a `Problem`; what nobody foresaw is logged, not shown."""
    for kind in (HTTPException, RequestValidationError, NerTaggerError, Exception):
        app.add_exception_handler(kind, _answer)


def describe(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return the first of pydantic's errors as one line: the place, what was got, what was expected.

    Parts of a place in ``<>`` are names of alternatives, which only the model knows, and are left out.
    """
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"] if not str(part).startswith("<"))
    more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
    return f"{place}: {_reason(first)}{more}" if place else f"{_reason(first)}{more}"


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "is not a field of this request"
    message = _EXPECTED.get(error["type"], f"{error['msg'][:1].lower()}{error['msg'][1:]}")
    return message if error["type"] == "missing" else f"{message}, got {_got(error.get('input'))}"


def _got(value: object) -> str:
    """Return a value of a request, or its kind if it is a long one."""
    match value:
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case None | bool():
            return str(value).lower().replace("none", "null")
        case str() if len(value) > _SHOWN:
            return f"{value[:_SHOWN]!r}…"
        case _:
            return repr(value)


async def _answer(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, HTTPException) and error.detail == HTTPStatus(error.status_code).phrase:
        return problem(error.status_code, f"{error.detail.lower()}: {request.method} {request.url.path}", error.headers)
    return answer_to(error)
