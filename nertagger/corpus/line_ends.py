"""Lines as any system ends them: LF, CR LF, CR alone (old Mac), CR CR LF (CR LF written out as text a second time)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")


def split_lines(lines: Iterable[str]) -> Iterator[str]:
    r"""The lines of a stream in which only LF ends a line, cut after single carriage returns too, ends kept.

    Returns before a line feed are part of that line's end, unless returns end lines within the same line.

    >>> list(split_lines(["a\rb\r\n", "c\r\r\n", "d\n"]))
    ['a\r', 'b\r\n', 'c\r\r\n', 'd\n']
    """
    for line in lines:
        if "\r" in line and "\r" in line.rstrip("\r\n"):
            yield from (match.group() for match in _LINE.finditer(line))
        else:
            yield line
