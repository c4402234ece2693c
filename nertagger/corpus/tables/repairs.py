"""Rows of a table that are not as the others: an error each, or what they plainly mean, counted."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.corpus.source import RAGGED_ROWS, Source
from nertagger.corpus.tables.layout import EDGE, Layout
from nertagger.corpus.tag_forms import MISSING

_SHOWN = 80  # characters of a faulty row


def repaired_row(line: str, number: int, layout: Layout, source: Source) -> tuple[str, str]:
    """The word and tag of a row that is not as the layout says, with every repair counted, or an error."""
    row = layout.row(line)
    cells = layout.cells(row)
    if layout.numbered and not cells[0].isdecimal():
        problem = f"row {row[:_SHOWN]!r} begins with {cells[0]!r}, expected the number of a token as in most rows"
        source.refuse(number, RAGGED_ROWS, f"{problem}; fix the row")
    if len(cells) != layout.columns:
        cells = fitted_cells(cells, layout, number, source, row=row)
    word = source.checked_word(number, cells[layout.word])
    return word, MISSING if layout.tag is None else source.read_tag(number, cells[layout.tag].strip(EDGE))


def fitted_cells(cells: Sequence[str], layout: Layout, number: int, source: Source, *, row: str) -> list[str]:
    """As many cells as the layout has columns, or an error.

    A word that the separator has split is joined if the tag then is where it should be; where a cell between word and
    tag is missing, the tag is still the last; spaces for tabs are told by their number. Else the end of too short a row
    is missing, and the tag with it.
    """
    like = "in most rows" if layout.header is None else "in the header"
    problem = f"row {row[:_SHOWN]!r} has {len(cells)} columns, expected {layout.columns} as {like}; fix the row"
    if layout.separator not in (None, " ", "\t"):
        problem += f", quote cells that hold {layout.separator!r}"
    plain = _joined(cells, layout, source) or _with_tag_last(cells, layout, source) or _at_spaces(row, layout, source)
    if plain:
        source.repair(number, RAGGED_ROWS, problem)
        return plain
    missing = layout.columns - len(cells)
    if missing > 0 and len(cells) > layout.word and not any(map(source.tags.is_entity, cells)):
        source.leave_out(number, RAGGED_ROWS, problem)
    else:
        source.refuse(number, RAGGED_ROWS, problem)
    return [*cells, *[""] * max(missing, 0)][: layout.columns]


def _joined(cells: Sequence[str], layout: Layout, source: Source) -> list[str] | None:
    """The cells with the surplus ones as parts of the word, if the word has no tag inside and a tag follows."""
    surplus = len(cells) - layout.columns
    if surplus <= 0 or layout.separator is None:
        return None
    parts = cells[layout.word : layout.word + surplus + 1]
    whole = layout.separator.join(parts) if layout.separator != "\t" else " ".join(parts)
    joined = [*cells[: layout.word], whole, *cells[layout.word + surplus + 1 :]]
    if any(map(source.tags.is_entity, parts)) or not _fits(joined, layout, source):
        return None
    return joined


def _with_tag_last(cells: Sequence[str], layout: Layout, source: Source) -> list[str] | None:
    """The cells of a row that ends in its tag, with empty ones before that for those that are missing."""
    missing = layout.columns - len(cells)
    if missing <= 0 or layout.tag != layout.columns - 1 or len(cells) < layout.word + 2:
        return None
    filled = [*cells[:-1], *[""] * missing, cells[-1]]
    return filled if _fits(filled, layout, source) else None


def _at_spaces(row: str, layout: Layout, source: Source) -> list[str] | None:
    """The cells of a row with spaces for the tabs that all others have."""
    cells = row.split() if layout.separator == "\t" and "\t" not in row else []
    return cells if len(cells) == layout.columns and _fits(cells, layout, source) else None


def _fits(cells: Sequence[str], layout: Layout, source: Source) -> bool:
    return layout.tag is None or bool(source.tags.read(cells[layout.tag].strip(EDGE)))
