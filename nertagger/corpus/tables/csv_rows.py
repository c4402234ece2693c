"""Rows of delimiter-separated values, with quotation marks either escaped (RFC 4180) or written literally."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from nertagger.text.invisible import BYTE_ORDER_MARK

DELIMITERS = ",;\t|"
LITERAL_QUOTES = "rows whose quotation marks were read literally"
_SEPARATOR_LINE = re.compile(r'"?sep=[,;|\t]"?', re.IGNORECASE)
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

    numbered = _NumberedLines(lines)
    for number, line in numbered:
        text = line.rstrip("\r\n").lstrip(BYTE_ORDER_MARK)
        literal = text.split(delimiter)
        cells = parse_row(text, delimiter) if '"' in text else literal
        if cells == literal or (cells is not None and is_regular(cells)):
            yield Row(number, cells)
        elif is_regular(literal) and not (of_texts and cells is None):
            yield Row(number, literal, is_literal=True)
        elif cells is not None:
            yield Row(number, cells)
        else:
            taken = _lines_to_closing_quote(line, numbered)
            cells = parse_row("".join(taken).rstrip("\r\n"), delimiter)
            is_literal = delimiter == "\t" and all(is_regular(one.split(delimiter)) for one in taken)
            if cells is None or len(cells) != columns or is_literal:
                numbered.put_back(taken[1:])
                yield Row(number, literal, is_literal=True)
            else:
                yield Row(number, cells)


def is_separator_line(line: str) -> bool:
    """Return whether the line is ``sep=;``, by which Excel names the delimiter of the lines below.

    >>> is_separator_line("sep=;"), is_separator_line("Word;Tag")
    (True, False)
    """
    return bool(_SEPARATOR_LINE.fullmatch(line.strip(" \r\n\ufeff")))


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


class _NumberedLines(Iterator[tuple[int, str]]):
    """Lines with their numbers from 1, of which the last ones can be put back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._number = 0

    def __next__(self) -> tuple[int, str]:
        line = self._again.popleft() if self._again else next(self._lines)
        self._number += 1
        return self._number, line

    def put_back(self, lines: Sequence[str]) -> None:
        """Give the lines once more: those that came last."""
        self._again.extendleft(reversed(lines))
        self._number -= len(lines)


def _lines_to_closing_quote(line: str, following: Iterator[tuple[int, str]]) -> list[str]:
    """Return the lines up to the one that closes the quoted cell of the first; as many as fit a cell if none does."""
    taken, marks, size = [line], line.count('"'), len(line)
    while marks % 2 and size <= _MAX_CELL and (more := next(following, None)):
        taken.append(more[1])
        marks += more[1].count('"')
        size += len(more[1])
    return taken
