"""Files of the package that a page consists of: HTML, CSS and JavaScript, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_PAGE = "index.html"


def static_routes(package: str, folder: str = "page") -> list[Route]:
    """Return the routes of the files in a folder of a package: ``/static/NAME``, and ``/`` for index.html.

    Browsers keep the files, but ask each time whether they have changed.

    Args:
        package: the package, such as ``nertagger.serving.api``.
        folder: its folder; files of unknown suffixes in it are left out.
    """
    found = [file for file in files(package).joinpath(folder).iterdir() if _suffix(file.name) in _TYPES]
    return [Route("/" if file.name == _PAGE else f"/static/{file.name}", _endpoint(file)) for file in found]


def is_static(path: str) -> bool:
    """Return whether a path is that of a page or of one of its files, which hold nothing secret."""
    return path == "/" or path.startswith("/static/")


def _endpoint(file: Traversable) -> Callable[[Request], Awaitable[Response]]:
    content = file.read_bytes()
    return partial(_answer, content, _TYPES[_suffix(file.name)], f'"{hashlib.sha256(content).hexdigest()[:32]}"')


async def _answer(content: bytes, kind: str, tag: str, request: Request) -> Response:
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def _suffix(name: str) -> str:
    return name[name.rfind(".") :]
