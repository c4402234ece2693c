"""Rows of separated values, whether quotation marks were doubled and enclosed (RFC 4180) or written as they are."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

DELIMITERS = ",;\t|"
_LONGEST_CELL = 1 << 24  # characters: an article may be longer than Python's own bound of 2 ** 17


class Row(NamedTuple):
    """A row: the line that it begins in, its cells, and whether quotation marks in it were read as they stand."""

    line: int
    cells: list[str]
    is_literal: bool = False


def read_rows(
    lines: Iterable[str], delimiter: str, columns: int, is_tagged: Callable[[Sequence[str]], bool]
) -> Iterator[Row]:
    """The rows of a table, one at a time.

    Where quotation marks are written as they are, a cell that is one mark would by the rules of CSV go on to the next
    mark, some rows later. So a line that fits as it stands, and does not by the rules, is read as it stands.

    Args:
        lines: with their ends, from the first one of the file.
        delimiter: what separates cells.
        columns: how many cells a row has.
        is_tagged: whether as many cells have a tag where there should be one.
    """

    def fits(cells: Sequence[str]) -> bool:
        return len(cells) == columns and is_tagged(cells)

    numbered = iter(enumerate(lines, 1))
    again: deque[tuple[int, str]] = deque()  # lines that an opened cell was looked for in vain in
    while (following := again.popleft() if again else next(numbered, None)) is not None:
        number, line = following
        text = line.rstrip("\r\n")
        literal = text.split(delimiter)
        if '"' not in text:
            yield Row(number, literal)
            continue
        cells = parse(text, delimiter)
        if cells is not None and fits(cells):
            yield Row(number, cells)
        elif fits(literal):
            yield Row(number, literal, is_literal=True)
        elif cells is not None:
            yield Row(number, cells)
        else:
            taken = _opened(line, chain(_drained(again), numbered))
            cells = parse("".join(taken).rstrip("\r\n"), delimiter)
            if cells is None or len(cells) != columns:
                again.extendleft((number + place, taken[place]) for place in reversed(range(1, len(taken))))
                yield Row(number, literal, is_literal=True)
            else:
                yield Row(number, cells)


def parse(text: str, delimiter: str) -> list[str] | None:
    """The cells of one row by the rules of CSV; None if a quoted cell is not closed, or more follows after it."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    finally:
        csv.field_size_limit(before)
    return (rows and rows[0]) or [""]


def _drained(lines: deque[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    while lines:
        yield lines.popleft()


def _opened(line: str, following: Iterator[tuple[int, str]]) -> list[str]:
    """The lines up to the one that closes what this one has opened; all that there are if none does."""
    taken, marks = [line], line.count('"')
    while marks % 2 and (more := next(following, None)):
        taken.append(more[1])
        marks += more[1].count('"')
    return taken
