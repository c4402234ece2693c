"""Lines with any line end: LF, CR LF, CR alone (classic Mac OS), CR CR LF (CR LF written in text mode again)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")


def split_lines(lines: Iterable[str]) -> Iterator[str]:
    r"""Yield the lines of a stream, with their ends, split after single carriage returns too.

    Carriage returns before a line feed belong to the end of that line, unless carriage returns end lines inside it.

    >>> list(split_lines(["a\rb\r\n", "c\r\r\n", "d\n"]))
    ['a\r', 'b\r\n', 'c\r\r\n', 'd\n']
    """
    for line in lines:
        if "\r" in line and "\r" in line.rstrip("\r\n"):
            yield from (match.group() for match in _LINE.finditer(line))
        else:
            yield line
