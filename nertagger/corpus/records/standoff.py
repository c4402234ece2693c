"""The lines of brat's ``.ann`` files, ``T1<tab>PER 0 5<tab>Obama``.

See https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from nertagger.corpus.records.conventions import OffsetConvention, other_conventions
from nertagger.corpus.records.mentions import TRIMMED_LABELS
from nertagger.corpus.records.offsets import without_white_space
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Entity
from nertagger.text.invisible import visible

_ENTITY = re.compile(
    r"T\S*\t(?P<label>\S+) (?P<fragments>[0-9]{1,15} [0-9]{1,15}(;[0-9]{1,15} [0-9]{1,15})*)\t?(?P<text>.*)", re.DOTALL
)
_OTHER_ANNOTATIONS = {
    "R": "relations",
    "*": "equivalences",
    "E": "events",
    "A": "attributes",
    "M": "attributes",
    "N": "normalizations",
    "#": "notes",
}
_Fragment = tuple[int, int]  # half-open


class EntityLine(NamedTuple):
    """A line that annotates an entity.

    Attributes:
        number: line number, from 1.
        label: label of the entity.
        fragments: in the order of the line, with offsets in the convention of the file.
        text: the text of the entity according to the line; may be empty.
        row: the whole line.
    """

    number: int
    label: str
    fragments: tuple[_Fragment, ...]
    text: str
    row: str


def parse_lines(text: str, source: Source) -> list[EntityLine]:
    """Return the lines of a ``.ann`` file that annotate entities; other annotations are counted by kind.

    Raises:
        DataError: if a line is malformed (with its number). A lenient source leaves it out.
    """
    lines = []
    for number, row in enumerate(re.split(r"\r\n?|\n", text), 1):
        match = _ENTITY.fullmatch(row)
        if match:
            numbers = [int(number) for number in re.split("[ ;]", match["fragments"])]
            fragments = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            lines.append(EntityLine(number, match["label"], fragments, match["text"], row))
        elif row[:1] in _OTHER_ANNOTATIONS:
            source.count(number, f"lines without an entity left out ({_OTHER_ANNOTATIONS[row[0]]})")
        elif row.strip():
            expected = "T1, tab, label, start and end (or another annotation of brat)"
            error = DataError(got=repr(row[:60]), expected=expected)
            source.leave_out(number, "lines left out that could not be read", error)
    return lines


def detect_offset_convention(lines: Sequence[EntityLine], text: str, *, has_bom: bool) -> OffsetConvention:
    """Return the convention by which most lines have their text at their offsets; Python's unless another is better.

    Args:
        lines: the lines of one file.
        text: the annotated text, without a byte order mark.
        has_bom: whether the file of the text has a byte order mark.
    """
    best = OffsetConvention("", range(len(text) + 1))
    matches = _count_matches(lines, text, best)
    if matches < sum(bool(line.text) for line in lines):
        for other in other_conventions(text, has_bom=has_bom):
            if (number := _count_matches(lines, text, other)) > matches:
                best, matches = other, number
    return best


def entities_of_lines(
    lines: Sequence[EntityLine], text: str, convention: OffsetConvention, source: Source
) -> Iterator[tuple[Entity, int]]:
    """Yield the entity of each line, from its first character to its last, with the line number.

    Raises:
        DataError: if a fragment is outside the text or is not the text in the line. A lenient source leaves the line
            out.
    """
    for line in lines:
        fragments = _fragments(line, convention)
        written = ";".join(f"{start} {end}" for start, end in line.fragments)
        if fragments is None:
            expected = (
                f"T1, tab, label, start and end within {counted(len(text), 'character')} of text, start before end"
            )
            error = DataError(got=repr(line.row[:60]), expected=expected)
            source.leave_out(line.number, "entities outside the text left out", error)
        elif not _matches(line, fragments, text):
            actual = " ".join(text[start:end] for start, end in fragments)
            problem = f"the text at {written} is {actual[:40]!r}, the line says {line.text[:40]!r}"
            kind = "entities left out whose text is not the one at the offsets"
            source.leave_out(line.number, kind, DataError(problem, remedy="fix its offsets"))
        else:
            if fragments != line.fragments:
                source.count(
                    line.number, f"entities moved to the text that the line quotes, as offsets count {convention.name}"
                )
            ordered = sorted(fragments)
            if any(text[end:start].strip() for (_, end), (start, _) in pairwise(ordered)):
                kind = "discontinuous entities read from the first character to the last"
                source.count(line.number, kind, example=f"{line.label} {written}")
            start, end = ordered[0][0], max(end for _, end in ordered)
            label = visible(line.label) or line.label
            if label != line.label:
                source.count(line.number, TRIMMED_LABELS, example=repr(line.label))
            yield Entity(label, start, end, text[start:end]), line.number


def _count_matches(lines: Sequence[EntityLine], text: str, convention: OffsetConvention) -> int:
    """Return the number of lines with their text at their offsets."""
    pairs = ((line, _fragments(line, convention)) for line in lines if line.text)
    return sum(fragments is not None and _matches(line, fragments, text) for line, fragments in pairs)


def _fragments(line: EntityLine, convention: OffsetConvention) -> tuple[_Fragment, ...] | None:
    """Return the line's fragments in Python's offsets; None if one is empty or outside the text."""
    converted = [found for fragment in line.fragments if (found := convention.characters(*fragment))]
    return tuple(converted) if len(converted) == len(line.fragments) else None


def _matches(line: EntityLine, fragments: Sequence[_Fragment], text: str) -> bool:
    """Return whether the fragments, in the line's order or the text's, are its text, ignoring white space."""
    expected = without_white_space(line.text)
    orders = (fragments, sorted(fragments))
    actual = [without_white_space("".join(text[start:end] for start, end in order)) for order in orders]
    return not expected or expected in actual
