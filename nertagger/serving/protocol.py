"""HTTP connections that cannot be kept open by sending slowly: a bound on the time that the head of a request takes.

The server bounds idle connections only between requests; one that sends a header line every few seconds would stay for
ever (the attack called slow-loris), as would one that does not read its answer. Bodies are bounded by
`nertagger.serving.limits`, which is told when a client has gone.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, TimerHandle, Transport
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""How long the head of a request may take, and the rest of a request that has been answered already."""
READ_SECONDS = 20.0
"""How long a client may take to read a part of its answer, however small."""
DISCONNECT = "nertagger.disconnect"
"""The extension of a request's scope whose set "calls" has functions to be called when its connection is lost.

By ASGI alone an application learns of it only while it awaits a message, which costs as much as tagging a sentence.
"""


class _Alarm:
    """Calls a function after a while, unless it is stopped or started again before."""

    def __init__(self, loop: AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._handle: TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        return self._handle is not None

    def start(self, call: Callable[..., object], *arguments: object) -> None:
        self.stop()
        self._handle = self._loop.call_later(self._seconds, call, *arguments)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is closed if the head of a request takes longer than `HEAD_SECONDS`, or nobody reads it."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head = _Alarm(self.loop, HEAD_SECONDS)
        self._reading = _Alarm(self.loop, READ_SECONDS)
        self._head.start(transport.close)
        self._calls: set[Callable[[], object]] = set()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {DISCONNECT: {"calls": self._calls}}

    def data_received(self, data: bytes) -> None:
        is_between_requests = self.cycle is None or self.cycle.response_complete
        if is_between_requests and not self._head.is_set:
            self._head.start(self.transport.close)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._head.stop()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle.response_complete:  # the rest of a request that was answered before its end
            self._head.stop()
        elif not self.pipeline:
            self.flow.resume_reading()  # paused by a large body; only who reads learns that the client has gone

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading.start(self._check_reading, self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._reading.stop()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head.stop()
        self._reading.stop()
        super().connection_lost(exc)
        for call in tuple(self._calls):
            call()

    def _check_reading(self, unread: int) -> None:
        """Drop the connection unless fewer bytes are unread than before."""
        left = self.transport.get_write_buffer_size()
        if left >= unread:
            self.transport.abort()
        else:
            self._reading.start(self._check_reading, left)
