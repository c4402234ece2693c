"""HTTP connections that cannot be kept open by sending slowly: a bound on the time that the head of a request takes.

The server bounds idle connections only between requests; one that sends a header line every few seconds would stay for
ever (the attack called slow-loris), as would one that does not read its answer. Bodies are bounded by
`nertagger.serving.limits`.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""How long the head of a request may take, and the rest of a request that has been answered already."""
READ_SECONDS = 60.0
"""How long a client that asks nothing more may take to read its last answer."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is closed if the head of a request is not complete in `HEAD_SECONDS`."""

    _timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        is_between_requests = self.cycle is None or self.cycle.response_complete
        if self._timer is None and is_between_requests:
            self._start_timer()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle.response_complete:  # the rest of a request that was answered before its end
            self._stop_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        self.loop.call_later(READ_SECONDS, self.transport.abort)  # without effect where all has been read by then
        super().timeout_keep_alive_handler()

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
