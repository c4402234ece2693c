"""The ways in which tools count the characters of a text: as Python does, in code units or bytes, or CR LF as one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

_UTF_16 = "UTF-16 code units (as in JavaScript)"


class OffsetConvention(NamedTuple):
    """A way to count the characters of a text.

    Attributes:
        name: what it counts instead of characters, for messages; empty for Python's.
        offsets: the offsets of each character of the text and of its end, ascending.
    """

    name: str
    offsets: Sequence[int]

    def characters(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a range in Python's offsets; None if it is empty, outside the text or begins inside a character."""
        first, stop = (bisect_left(self.offsets, offset) for offset in (start, end))
        if not first < stop < len(self.offsets) or (self.offsets[first], self.offsets[stop]) != (start, end):
            return None
        return first, stop


def utf16_code_units(text: str) -> OffsetConvention:
    """Return the convention of Java and JavaScript."""
    return OffsetConvention(_UTF_16, list(accumulate(_utf16_widths(text), initial=0)))


def other_conventions(text: str, *, has_bom: bool = False) -> Iterator[OffsetConvention]:
    """Yield the conventions of tools that differ from Python's for this text.

    Args:
        text: the text, without a byte order mark.
        has_bom: whether the file of the text has a byte order mark, which may be counted.
    """
    widths = {"": [1] * len(text)}
    if "\r\n" in text:
        widths["\\r\\n as one character"] = [int(pair != ("\r", "\n")) for pair in pairwise(text + "\0")]
    if any(character > "\uffff" for character in text):
        widths[_UTF_16] = _utf16_widths(text)
    if not text.isascii():
        widths["bytes of UTF-8"] = [len(character.encode(errors="surrogatepass")) for character in text]
    for name, width in widths.items():
        if name:
            yield OffsetConvention(name, list(accumulate(width, initial=0)))
        if has_bom:
            full_name = " and ".join(filter(None, (name, "the byte order mark")))
            yield OffsetConvention(full_name, list(accumulate(width, initial=1)))


def _utf16_widths(text: str) -> list[int]:
    return [1 + (character > "\uffff") for character in text]
