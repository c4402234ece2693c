"""Who may ask, and what a browser may do with an answer.

A token is compared in constant time. A service on the loopback interface is reachable from every page that the user's
browser shows, so names of other hosts (DNS rebinding) and requests of other sites that could change something (forged
requests) are refused. A browser loads nothing from elsewhere and runs no script that is inside a page.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nertagger.serving.problems import problem

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The headers of every answer."""

_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_NO_STORE = (b"cache-control", b"no-store")
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OTHER_SITES = (b"cross-site", b"same-site")  # the second is another port or subdomain


class Guard:
    """Middleware that refuses what must not be answered, and adds `SECURITY_HEADERS` to every answer.

    Args:
        app: the application.
        token: what ``Authorization: Bearer`` must give; None lets everybody ask.
        hosts: the names, without port, by which clients may call the service; None for any.
        is_open: tells of a path whether it is answered without the token, such as that of a health check.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str | None = None,
        hosts: Collection[str] | None = None,
        is_open: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._app, self._hosts, self._is_open = app, hosts, is_open
        self._token = None if token is None else token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _secured(message.get("headers", ()))
            await send(message)

        headers = dict(reversed(scope["headers"]))  # of several with one name, the first counts
        refusal = self._refusal(scope["method"], scope["path"], headers)
        answer = self._app if refusal is None else refusal
        await answer(scope, receive, send_secured)

    def _refusal(self, method: str, path: str, headers: Mapping[bytes, bytes]) -> ASGIApp | None:
        """Return the answer to a request that must not be fulfilled, None for others."""
        host = _host_name(headers.get(b"host", b"").decode("latin-1"))
        if self._hosts is not None and host not in self._hosts:
            return problem(403, f"got the host {host!r}, expected {' or '.join(sorted(self._hosts))}")
        if method not in _SAFE_METHODS and _is_of_another_site(headers):
            return problem(403, "the request comes from a page of another site")
        if self._token is None or self._is_open(path) or self._is_known(headers.get(b"authorization", b"")):
            return None
        return problem(
            401,
            "the token is missing or wrong; send the header Authorization: Bearer TOKEN",
            {"WWW-Authenticate": "Bearer"},
        )

    def _is_known(self, authorization: bytes) -> bool:
        scheme, _, token = authorization.partition(b" ")
        return secrets.compare_digest(token.strip(), self._token or b"") and scheme.lower() == b"bearer"


def _secured(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer with those that every answer has; it is not kept unless it says so."""
    given = list(headers)
    return [*given, *_RAW_HEADERS, *([] if any(name == b"cache-control" for name, _ in given) else [_NO_STORE])]


def _host_name(host: str) -> str:
    """Return a host without its port; brackets of an IPv6 address are kept."""
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0].lower()


def _is_of_another_site(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether a browser says that the request comes from another site; programs say nothing."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in _OTHER_SITES
    origin = headers.get(b"origin")
    return origin is not None and origin.partition(b"://")[2] != headers.get(b"host")
