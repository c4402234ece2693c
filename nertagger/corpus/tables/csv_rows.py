"""Rows of delimiter-separated values, with quotation marks either escaped (RFC 4180) or written literally."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

DELIMITERS = ",;\t|"
LITERAL_QUOTES = "rows whose quotation marks were read literally"
_MAX_CELL = 1 << 24  # characters: an article can be longer than Python's own limit of 2 ** 17


class Row(NamedTuple):
    """A row of a table.

    Attributes:
        line: number of its first line.
        cells: the values.
        is_literal: whether its quotation marks were read literally.
    """

    line: int
    cells: list[str]
    is_literal: bool = False


def read_rows(
    lines: Iterable[str],
    delimiter: str,
    columns: int,
    is_tagged: Callable[[Sequence[str]], bool] = lambda cells: True,
    *,
    of_texts: bool = False,
) -> Iterator[Row]:
    """Yield the rows of a table.

    If quotation marks are written literally, a cell that is a single mark would, by the rules of CSV, continue to the
    next mark some rows later. So a line that is a regular row when read literally, but not by the rules, is read
    literally.

    Args:
        lines: with their ends, from the first line of the file.
        delimiter: the separator of cells.
        columns: number of cells in a regular row.
        is_tagged: whether a row of this many cells has a tag in the right column.
        of_texts: whether cells can be texts of several lines: then a line whose last cell is not closed is read by the
            rules if that gives a regular row, unless it and the lines it takes are all regular rows separated by tabs.
    """

    def is_regular(cells: Sequence[str]) -> bool:
        return len(cells) == columns and is_tagged(cells)

    numbered = iter(enumerate(lines, 1))
    pending: deque[tuple[int, str]] = deque()  # lines searched in vain for the end of a quoted cell
    while (following := pending.popleft() if pending else next(numbered, None)) is not None:
        number, line = following
        text = line.rstrip("\r\n")
        literal = text.split(delimiter)
        if '"' not in text:
            yield Row(number, literal)
            continue
        cells = parse_row(text, delimiter)
        if cells is not None and is_regular(cells):
            yield Row(number, cells)
        elif is_regular(literal) and not (of_texts and cells is None):
            yield Row(number, literal, is_literal=True)
        elif cells is not None:
            yield Row(number, cells)
        else:
            taken = _lines_to_closing_quote(line, chain(_drained(pending), numbered))
            cells = parse_row("".join(taken).rstrip("\r\n"), delimiter)
            is_literal = delimiter == "\t" and all(is_regular(one.split(delimiter)) for one in taken)
            if cells is None or len(cells) != columns or is_literal:
                pending.extendleft((number + index, taken[index]) for index in reversed(range(1, len(taken))))
                yield Row(number, literal, is_literal=True)
            else:
                yield Row(number, cells)


def parse_row(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of a row by the rules of CSV; None if a quoted cell has no end, or text follows its end."""
    before = csv.field_size_limit(_MAX_CELL)
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


def _lines_to_closing_quote(line: str, following: Iterator[tuple[int, str]]) -> list[str]:
    """Return the lines up to the one that closes the quoted cell of the first; as many as fit a cell if none does."""
    taken, marks, size = [line], line.count('"'), len(line)
    while marks % 2 and size <= _MAX_CELL and (more := next(following, None)):
        taken.append(more[1])
        marks += more[1].count('"')
        size += len(more[1])
    return taken
