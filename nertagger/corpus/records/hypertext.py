"""Entities that Label Studio marks in an HTML page, located in the text of the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from nertagger.corpus.records.json_values import Record

_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt "
    "u var wbr".split()
)
_HIDDEN = {"script", "style", "template"}


def read_page(html: str, items: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the text of a page and the items located in it; block elements begin and end with a line end.

    An item is located by its ``globalOffsets`` if its text is there, else by its text if that occurs only once. Any
    other item keeps an XPath as its start, which readers reject.
    """
    page = _Page()
    page.feed(html)
    page.close()
    text = "".join(page.parts)
    text = text[:-1] if page.breaks and page.breaks[-1] == page.counted else text
    return text, [_located(item, text, page.breaks) if isinstance(item, dict) else item for item in items]


class _Page(HTMLParser):
    """Parser of the text of a page, which inserts line ends that browsers do not count.

    Attributes:
        parts: the text with inserted line ends.
        breaks: offsets of the inserted line ends in the text without them, ascending.
        counted: length of the text without them.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.breaks: list[int] = []
        self.counted = 0
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
            self.counted += len(data)

    def _break_at(self, tag: str) -> None:
        if tag not in _INLINE and self.parts and not self.parts[-1][-1:].isspace():
            self.parts.append("\n")
            self.breaks.append(self.counted)


def _located(item: Record, text: str, breaks: Sequence[int]) -> Record:
    """Return the item with offsets in the text, if its text is at its offsets or occurs only once."""
    quoted, offsets = item.get("text"), item.get("globalOffsets")
    rest = {name: part for name, part in item.items() if name not in ("startOffset", "endOffset", "globalOffsets")}
    if not isinstance(quoted, str) or not quoted.strip():
        return rest
    if isinstance(offsets, dict) and type(offsets.get("start")) is int and type(offsets.get("end")) is int:
        start = offsets["start"] + bisect_right(breaks, offsets["start"])
        end = offsets["end"] + bisect_left(breaks, offsets["end"])
        if 0 <= start < end and text[start:end].split() == quoted.split():
            return {**rest, "start": start, "end": end}
    if text.count(quoted) == 1:
        start = text.index(quoted)
        return {**rest, "start": start, "end": start + len(quoted)}
    return rest
