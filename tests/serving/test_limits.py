"""Bounds on the size and the time of a request."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from nertagger.serving.limits import Limits
from nertagger.serving.problems import problem
from nertagger.serving.protocol import DISCONNECT

SECONDS = 0.2


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def slow(request: Request) -> Response:
    await asyncio.sleep(60)
    return PlainTextResponse("late")


async def answer_http(request: Request, error: Any) -> Response:
    return problem(error.status_code, error.detail, error.headers)


async def ask(
    path: str, chunks: list[bytes], *, pause: float = 0, headers: tuple = ()
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send a body in pieces, with pauses, and return status, headers and body of the answer."""
    routes = [Route("/echo", echo, methods=["POST"]), Route("/stream", echo, methods=["POST"]), Route("/slow", slow)]
    app = Starlette(routes=routes, exception_handlers={413: answer_http})
    limited = Limits(app, body_bytes=100, seconds=SECONDS, is_stream=lambda path: path == "/stream")
    left = list(chunks)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": left.pop(0) if left else b"", "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    method = "GET" if path == "/slow" else "POST"
    scope = {"type": "http", "method": method, "path": path, "headers": list(headers), "query_string": b""}
    await limited(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent)


def run(*arguments: Any, **options: Any) -> tuple[int, dict[bytes, bytes], bytes]:
    return asyncio.run(ask(*arguments, **options))


def test_a_body_of_the_greatest_size_is_read():
    assert run("/echo", [b"x" * 50, b"x" * 50])[::2] == (200, b"100")


def test_a_larger_body_is_refused_before_and_while_it_is_read():
    status, _, body = run("/echo", [], headers=((b"content-length", b"101"),))
    assert status == 413
    assert b"larger than 100 bytes" in body
    status, headers, body = run("/echo", [b"x" * 50, b"x" * 51, b"x" * 1000])
    assert status == 413
    assert headers[b"connection"] == b"close"


def test_a_stream_has_any_size_and_any_time_if_no_step_takes_long():
    assert run("/stream", [b"x" * 50] * 20, pause=SECONDS / 10)[::2] == (200, b"1000")


@pytest.mark.parametrize(
    ("path", "pause", "status", "message"),
    [
        ("/echo", SECONDS / 2, 408, b"the body did not arrive within 0.2 seconds"),
        ("/stream", 60, 408, b"the body did not arrive"),
    ],
)
def test_a_body_that_does_not_arrive_is_given_up(path, pause, status, message):
    found, headers, body = run(path, [b"x"] * 10, pause=pause)
    assert found == status
    assert message in body
    assert headers[b"connection"] == b"close"


def test_a_request_ends_at_once_when_its_client_goes():
    ended = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(scope["path"])

    async def request(path: str, *, ends_with_client: bool) -> list[Any]:
        calls: set[Any] = set()
        sent: list[Any] = []
        scope = {"type": "http", "path": path, "headers": [], "extensions": {DISCONNECT: {"calls": calls}}}
        limited = Limits(app, body_bytes=100, seconds=SECONDS, ends_with_client=ends_with_client)
        task = asyncio.create_task(limited(scope, None, lambda message: _keep(sent, message)))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        for call in list(calls):
            call()
        await asyncio.sleep(SECONDS / 10)
        assert task.done() == ends_with_client
        await task
        assert not calls
        return sent

    gone = asyncio.run(request("/gone", ends_with_client=True))
    late = asyncio.run(request("/late", ends_with_client=False))
    assert [gone[0]["status"], late[0]["status"]] == [499, 503]
    assert ended == ["/gone", "/late"]


async def _keep(sent: list[Any], message: Any) -> None:
    sent.append(message)


def test_an_answer_that_takes_too_long_is_given_up():
    status, headers, body = run("/slow", [b""])
    assert (status, headers[b"retry-after"]) == (503, b"1")
    assert b"longer than 0.2 seconds" in body
