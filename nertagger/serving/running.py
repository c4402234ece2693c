"""An application on a socket: where it listens, its worker processes, and its graceful end."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from nertagger.errors import NerTaggerError
from nertagger.serving.protocol import BoundedProtocol

logger = logging.getLogger(__name__)

CONNECTIONS = 1000
"""How many connections a process has at most; what comes then is answered with 503."""
_BACKLOG = 1024
_STOP_SECONDS = 60
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, kw_only=True)
class Binding:
    """Where a service listens, and for whom.

    Attributes:
        host: the name or address of an interface.
        port: the port; 0 for any that is free.
        token: what clients must send to be answered; None answers everybody.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    token: str | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this machine can connect."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def allowed_hosts(self) -> frozenset[str] | None:
        """The names for `security.Guard`: those of this machine; any if a token or the network decides who may ask."""
        if not self.is_loopback or self.token is not None:
            return None
        return frozenset({*_LOOPBACK_NAMES, _in_url(self.host)})

    def listen(self) -> socket.socket:
        """Return a socket that listens; clients that connect from now on are served once the application runs.

        Raises:
            NerTaggerError: if the port is taken, or the host is none of this machine.
        """
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            listener = socket.socket(family, kind, protocol)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError as error:
            place, reason = f"{self.host}:{self.port}", error.strerror or error
            raise NerTaggerError(
                f"{place}: cannot be listened on ({reason}); choose another --host or --port"
            ) from None
        return listener

    def warn(self) -> None:
        """Log that everybody who can reach the host may use the service, if that is so."""
        if not self.is_loopback and self.token is None:
            logger.warning("%s can be reached from other machines, and no token is set; pass --token", self.host)


def serve(
    make_app: Callable[[], ASGIApp], binding: Binding, *, workers: int = 1, announce: Callable[[str], None]
) -> None:
    """Serve an application until SIGINT or SIGTERM; requests that are in progress then are answered first.

    Args:
        make_app: returns the application; each worker process calls it, so it must be picklable if there are several.
        binding: where to listen.
        workers: processes that share the socket. If there are several, SIGHUP is sent to each of them, so that the
            application must handle it.
        announce: called with the URL when clients can connect.

    Raises:
        NerTaggerError: if the socket cannot listen, and whatever `make_app` raises.
    """
    listener = binding.listen()
    with listener:
        app = make_app()  # whatever is wrong with it is told here, not by the workers
        config = _configure(app if workers == 1 else make_app, workers)
        binding.warn()
        with suppress(KeyboardInterrupt):  # uvicorn raises the signal again, after it has stopped
            url = f"http://{_in_url(binding.host)}:{listener.getsockname()[1]}/"
            if workers == 1:
                _Server(config, lambda: announce(url)).run(sockets=[listener])
            else:
                processes = _Workers(config, sockets=[listener])
                announce(url)
                processes.run()


class _Server(uvicorn.Server):
    """A server that calls a function when it has started; from then on a signal ends it gracefully."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start()


class _Workers(Multiprocess):
    """Worker processes that are told of SIGHUP, as a single process is; uvicorn would start others in their place.

    Those would fail to start if a file is damaged that the former have read when it was not. A worker that is starting
    reads the files anyway, and the signal would end it.
    """

    def handle_hup(self) -> None:
        for process in self.processes:
            if process.is_ready() and process.pid is not None:
                os.kill(process.pid, signal.SIGHUP)


def _configure(app: ASGIApp | Callable[[], ASGIApp], workers: int) -> uvicorn.Config:
    """Return the settings of the server; several workers make their own application by the function `app`."""
    return uvicorn.Config(
        app,
        factory=workers > 1,
        workers=workers,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


def _in_url(host: str) -> str:
    """Return a host as URLs have it: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host
