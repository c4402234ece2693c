"""Repair of irregular rows of a table whose meaning is clear; other irregular rows are errors."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.corpus.source import RAGGED_ROWS, Source
from nertagger.corpus.tables.layout import EDGE, Layout
from nertagger.corpus.tag_forms import MISSING
from nertagger.errors import DataError
from nertagger.printable import counted

_SHOWN = 80  # characters of an irregular row


def repaired_row(line: str, number: int, layout: Layout, source: Source) -> tuple[str, str]:
    """Return the word and the tag of a row that does not fit the layout.

    Raises:
        DataError: if the row cannot be repaired, or the source is not lenient.
    """
    row = layout.row(line)
    cells = layout.cells(row)
    if layout.numbered and not cells[0].isdecimal():
        problem = f"row {row[:_SHOWN]!r} begins with {cells[0]!r}"
        expected = "the number of a token as in most rows"
        source.refuse(number, RAGGED_ROWS, DataError(problem, expected=expected, remedy="fix the row"))
    if len(cells) != layout.columns:
        cells = fitted_cells(cells, layout, number, source, row=row)
    word = source.checked_word(number, cells[layout.word])
    return word, MISSING if layout.tag is None else source.read_tag(number, cells[layout.tag].strip(EDGE))


def fitted_cells(cells: Sequence[str], layout: Layout, number: int, source: Source, *, row: str) -> list[str]:
    """Return as many cells as the layout has columns.

    Repairs are: joining a word that contains the separator, if the tag is in the right column afterwards; inserting
    empty cells before a tag that ends a short row; splitting at spaces if a row has them instead of tabs. Any other
    short row lacks its last cells, including the tag.

    Raises:
        DataError: if the row cannot be repaired, or the source is not lenient.
    """
    error = _error(cells, layout, row)
    repaired = (
        _with_joined_word(cells, layout, source)
        or _with_tag_last(cells, layout, source)
        or _split_at_spaces(row, layout, source)
    )
    if repaired:
        source.repair(number, RAGGED_ROWS, error)
        return repaired
    missing = layout.columns - len(cells)
    if missing > 0 and len(cells) > layout.word and not any(map(source.tags.is_entity, cells)):
        source.leave_out(number, RAGGED_ROWS, error)
    else:
        source.refuse(number, RAGGED_ROWS, error)
    return [*cells, *[""] * max(missing, 0)][: layout.columns]


def _error(cells: Sequence[str], layout: Layout, row: str) -> DataError:
    """Return the error of a row with too many or too few columns."""
    where = "in most rows" if layout.header is None else "in the header"
    remedy = "fix the row"
    if layout.separator not in (None, " ", "\t"):
        remedy += f", quote cells that hold {layout.separator!r}"
    problem = f"row {row[:_SHOWN]!r} has {counted(len(cells), 'column')}"
    return DataError(problem, expected=f"{layout.columns} as {where}", remedy=remedy)


def _with_joined_word(cells: Sequence[str], layout: Layout, source: Source) -> list[str] | None:
    """Join surplus cells to the word, if they contain no tag and the tag is in the right column afterwards."""
    surplus = len(cells) - layout.columns
    if surplus <= 0 or layout.separator is None:
        return None
    parts = cells[layout.word : layout.word + surplus + 1]
    whole = layout.separator.join(parts) if layout.separator != "\t" else " ".join(parts)
    joined = [*cells[: layout.word], whole, *cells[layout.word + surplus + 1 :]]
    if any(map(source.tags.is_entity, parts)) or not _is_tagged(joined, layout, source):
        return None
    return joined


def _with_tag_last(cells: Sequence[str], layout: Layout, source: Source) -> list[str] | None:
    """Insert empty cells before the tag if it is the last cell of a short row."""
    missing = layout.columns - len(cells)
    if missing <= 0 or layout.tag != layout.columns - 1 or len(cells) < layout.word + 2:
        return None
    filled = [*cells[:-1], *[""] * missing, cells[-1]]
    return filled if _is_tagged(filled, layout, source) else None


def _split_at_spaces(row: str, layout: Layout, source: Source) -> list[str] | None:
    """Split a row that has spaces instead of the tabs of the other rows."""
    cells = row.split() if layout.separator == "\t" and "\t" not in row else []
    return cells if len(cells) == layout.columns and _is_tagged(cells, layout, source) else None


def _is_tagged(cells: Sequence[str], layout: Layout, source: Source) -> bool:
    return layout.tag is None or bool(source.tags.read(cells[layout.tag].strip(EDGE)))
