"""The lines of brat's ``.ann`` files, ``T1<tab>PER 0 5<tab>Obama``, and the ways in which tools count characters.

See https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from nertagger.corpus.source import Source
from nertagger.text.document import Entity

_ENTITY = re.compile(
    r"T\S*\t(?P<label>\S+) (?P<places>[0-9]{1,15} [0-9]{1,15}(;[0-9]{1,15} [0-9]{1,15})*)\t?(?P<text>.*)", re.DOTALL
)
_OTHERS = {
    "R": "relations",
    "*": "equivalences",
    "E": "events",
    "A": "attributes",
    "M": "attributes",
    "N": "normalizations",
    "#": "notes",
}
_Place = tuple[int, int]


class EntityLine(NamedTuple):
    """A line that marks text.

    Attributes:
        number: of the line, from 1.
        label: of the entity.
        places: the fragments, in the order of the line, as its file counts characters.
        text: what the line says that is there; may be empty.
        row: the line as it stands.
    """

    number: int
    label: str
    places: tuple[_Place, ...]
    text: str
    row: str


class Counting(NamedTuple):
    """A way to count the characters of a text.

    Attributes:
        name: what is unusual in it; empty for Python's.
        edges: before each character of the text and after its last, how many this counts.
    """

    name: str
    edges: Sequence[int]


def parse_lines(text: str, source: Source) -> list[EntityLine]:
    """The lines of a ``.ann`` file that mark text; the others are counted by kind.

    Raises:
        DataError: if a line is not as brat writes it (with its number) and the reading is not lenient.
    """
    found = []
    for number, row in enumerate(re.split(r"\r\n?|\n", text), 1):
        match = _ENTITY.fullmatch(row)
        if match:
            numbers = [int(one) for one in re.split("[ ;]", match["places"])]
            places = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            found.append(EntityLine(number, match["label"], places, match["text"], row))
        elif row[:1] in _OTHERS:
            source.count(number, f"lines left out that are not entities ({_OTHERS[row[0]]})")
        elif row.strip():
            problem = f"got {row[:60]!r}, expected T1, tab, label, start and end (or a line of another kind of brat's)"
            source.leave_out(number, "lines left out that could not be read", problem)
    return found


def counting_of(lines: Sequence[EntityLine], text: str, *, marked: bool) -> Counting:
    """The way of counting by which most lines have their own text at their places; Python's unless another is better.

    Args:
        lines: of one file, which counts in one way.
        text: that they mark, without its byte order mark.
        marked: whether it had a byte order mark.
    """
    usual = Counting("", range(len(text) + 1))
    best, fits = usual, _fitting(lines, text, usual)
    if fits < sum(bool(line.text) for line in lines):
        for other in _unusual(text, marked=marked):
            if (number := _fitting(lines, text, other)) > fits:
                best, fits = other, number
    return best


def entities_of_lines(
    lines: Sequence[EntityLine], text: str, counting: Counting, source: Source
) -> Iterator[tuple[Entity, int]]:
    """The entity that each line marks, from its first character to its last, with the line's number.

    Raises:
        DataError: if a place is outside of the text or does not hold what its line says; leniently that line is left
            out and counted.
    """
    for line in lines:
        places = _places(line, counting)
        written = ";".join(f"{start} {end}" for start, end in line.places)
        if places is None:
            expected = f"T1, tab, label, start and end within the text's {len(text)} characters"
            problem = f"got {line.row[:60]!r}, expected {expected}, start before end"
            source.leave_out(line.number, "entities left out that are not within the text", problem)
        elif not _is_said(line, places, text):
            got = " ".join(text[start:end] for start, end in places)
            problem = f"the text at {written} is {got[:40]!r}, the line says {line.text[:40]!r}; fix its offsets"
            source.leave_out(line.number, "entities left out whose text is not the one at their offsets", problem)
        else:
            if places != line.places:
                source.count(line.number, f"entities moved to their text, as offsets count {counting.name}")
            ordered = sorted(places)
            if any(text[end:start].strip() for (_, end), (start, _) in pairwise(ordered)):
                kind = "discontinuous entities read from their first character to their last"
                source.count(line.number, kind, example=f"{line.label} {written}")
            start, end = ordered[0][0], max(end for _, end in ordered)
            yield Entity(line.label, start, end, text[start:end]), line.number


def _unusual(text: str, *, marked: bool) -> Iterator[Counting]:
    """The other ways in which tools count."""
    widths = {"": [1] * len(text)}
    if "\r\n" in text:
        widths["\\r\\n as one character"] = [int(pair != ("\r", "\n")) for pair in pairwise(text + "\0")]
    if any(character > "\uffff" for character in text):
        widths["characters beyond U+FFFF as two"] = [1 + (character > "\uffff") for character in text]
    for name, width in widths.items():
        if name:
            yield Counting(name, list(accumulate(width, initial=0)))
        if marked:
            together = " and ".join(filter(None, (name, "the byte order mark")))
            yield Counting(together, list(accumulate(width, initial=1)))


def _fitting(lines: Sequence[EntityLine], text: str, counting: Counting) -> int:
    """How many lines have their own text at their places."""
    pairs = ((line, _places(line, counting)) for line in lines if line.text)
    return sum(places is not None and _is_said(line, places, text) for line, places in pairs)


def _places(line: EntityLine, counting: Counting) -> tuple[_Place, ...] | None:
    """The line's places as Python counts them; None if one is outside of the text or empty."""
    edges = counting.edges
    found = []
    for place in line.places:
        start, end = (bisect_left(edges, edge) for edge in place)
        if not start < end < len(edges) or (edges[start], edges[end]) != place:
            return None
        found.append((start, end))
    return tuple(found)


def _is_said(line: EntityLine, places: Sequence[_Place], text: str) -> bool:
    """Whether the text at the places is the line's, in the line's order or in the text's; white space aside."""
    said = _squeezed(line.text)
    orders = (places, sorted(places))
    return not said or said in [_squeezed("".join(text[start:end] for start, end in order)) for order in orders]


def _squeezed(text: str) -> str:
    return "".join(text.split())
