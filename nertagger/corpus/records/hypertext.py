"""Entities of an HTML page, as Label Studio gives them, in the text of the page."""

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
_UNSEEN = {"script", "style", "template"}


def read_page(html: str, items: Sequence[Any]) -> tuple[str, list[Any]]:
    """The text of a page, a line end where an element such as a paragraph begins or ends, and the items placed in it.

    An item is placed by its ``globalOffsets`` where its text stands there, else where its text stands if that is one
    place. What cannot be verified in this way stays as it is, with a path in the page as its start, which no reader
    takes for a number.
    """
    page = _Page()
    page.feed(html)
    page.close()
    text = "".join(page.parts)
    text = text[:-1] if page.breaks and page.breaks[-1] == page.counted else text
    return text, [_placed(item, text, page.breaks) if isinstance(item, dict) else item for item in items]


class _Page(HTMLParser):
    """The text of a page as a browser counts it, and where line ends were put into it.

    Attributes:
        parts: the text with the line ends.
        breaks: the offsets of the line ends in the text without them, in order.
        counted: the length of the text without them.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.breaks: list[int] = []
        self.counted = 0
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)
            self.counted += len(data)

    def _break_at(self, tag: str) -> None:
        if tag not in _INLINE and self.parts and not self.parts[-1][-1:].isspace():
            self.parts.append("\n")
            self.breaks.append(self.counted)


def _placed(item: Record, text: str, breaks: Sequence[int]) -> Record:
    """The item with numbers as its start and end if its text is found where it says, or at one place alone."""
    said, offsets = item.get("text"), item.get("globalOffsets")
    rest = {name: part for name, part in item.items() if name not in ("startOffset", "endOffset", "globalOffsets")}
    if not isinstance(said, str) or not said.strip():
        return rest
    if isinstance(offsets, dict) and type(offsets.get("start")) is int and type(offsets.get("end")) is int:
        start = offsets["start"] + bisect_right(breaks, offsets["start"])
        end = offsets["end"] + bisect_left(breaks, offsets["end"])
        if 0 <= start < end and text[start:end].split() == said.split():
            return {**rest, "start": start, "end": end}
    if text.count(said) == 1:
        start = text.index(said)
        return {**rest, "start": start, "end": start + len(said)}
    return rest
