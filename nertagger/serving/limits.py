"""Bounds on one request: the size of its body, the time that it may take, and the presence of its client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nertagger.serving.problems import busy, problem
from nertagger.serving.protocol import DISCONNECT

_CLIENT_HAS_GONE = 499  # the status that nginx logs; nobody reads it


class Limits:
    """Middleware that ends requests which are too large or take too long.

    Args:
        app: the application.
        body_bytes: the size that a body may have.
        seconds: how long a request may take, from its head to the end of its answer.
        is_stream: tells of a path whether its body may have any size and its answer may take any time, as long as no
            single step (receiving or sending a piece) takes longer than `seconds`.
        ends_with_client: whether a request is given up as soon as its client has gone, if the server tells.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_bytes: int,
        seconds: float,
        is_stream: Callable[[str], bool] = lambda path: False,
        ends_with_client: bool = False,
    ) -> None:
        self._app, self._body_bytes, self._seconds, self._is_stream = app, body_bytes, seconds, is_stream
        self._ends_with_client = ends_with_client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_stream = self._is_stream(scope["path"])
        if not is_stream and _declared_size(scope) > self._body_bytes:
            await problem(413, self._too_large)(scope, receive, send)
            return
        request = _Request(receive, send, self._seconds)
        calls = _calls_at_disconnect(scope) if self._ends_with_client else set()
        calls.add(request.end)
        try:
            async with asyncio.timeout(self._seconds) as request.timeout:
                if is_stream:
                    await self._app(scope, request.receive_step, request.send_step)
                else:
                    await self._app(scope, self._bounded(request), request.send)
        except TimeoutError:
            if not request.timeout.expired():
                raise
            if not request.has_started:
                await self._answer_late(request)(scope, receive, send)
        finally:
            calls.discard(request.end)

    @property
    def _too_large(self) -> str:
        return f"the body is larger than {self._body_bytes:,} bytes; send fewer texts, or use a stream"

    def _bounded(self, request: _Request) -> Receive:
        """Return a function that receives a body and raises if it is too large."""

        async def receive() -> Message:
            message = await request.receive()
            if request.received > self._body_bytes:
                raise HTTPException(413, self._too_large, {"Connection": "close"})
            return message

        return receive

    def _answer_late(self, request: _Request) -> ASGIApp:
        if request.has_lost_client:
            return problem(_CLIENT_HAS_GONE, "the client has closed the connection")
        if request.is_receiving:
            return problem(408, f"the body did not arrive within {self._seconds:g} seconds", {"Connection": "close"})
        late = busy(f"the answer took longer than {self._seconds:g} seconds; send less, or repeat the request later")
        return problem(late.status_code, late.detail, late.headers)


def _declared_size(scope: Scope) -> int:
    """Return the content length of a request, which the server has checked; 0 if it has none."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


def _calls_at_disconnect(scope: Scope) -> set[Callable[[], object]]:
    """Return the functions that the server calls when it loses the client; an unused set if it calls none."""
    calls: set[Callable[[], object]] = scope.get("extensions", {}).get(DISCONNECT, {}).get("calls", set())
    return calls


class _Request:
    """What has been received and sent of one request.

    Attributes:
        timeout: when the request ends at the latest.
        received: bytes of the body.
        is_receiving: whether a piece of the body is awaited; still so where that was given up.
        has_started: whether the answer has been started.
        has_lost_client: whether the client has gone.
    """

    timeout: asyncio.Timeout

    def __init__(self, receive: Receive, send: Send, seconds: float) -> None:
        self._receive, self._send, self._seconds = receive, send, seconds
        self.received = 0
        self.is_receiving = self.has_started = self.has_lost_client = False

    async def receive(self) -> Message:
        self.is_receiving = True
        message = await self._receive()
        self.is_receiving = False
        self.received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        self.has_started = True
        await self._send(message)

    async def receive_step(self) -> Message:
        """Receive a piece, which may take as long as a whole request."""
        message = await self.receive()
        self._prolong()
        return message

    async def send_step(self, message: Message) -> None:
        """Send a piece, which may take as long as a whole request."""
        await self.send(message)
        self._prolong()

    def end(self) -> None:
        """Leave no more time to a request whose client has gone."""
        if not self.timeout.expired():
            self.has_lost_client = True
            self.timeout.reschedule(asyncio.get_running_loop().time())

    def _prolong(self) -> None:
        self.timeout.reschedule(asyncio.get_running_loop().time() + self._seconds)
