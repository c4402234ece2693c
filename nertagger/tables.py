"""Tables as plain text, for people."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.printable import printable


def align_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one line per row: the first column flush left, the others flush right, two spaces between columns."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
    return "  ".join(cells).rstrip()


def format_table(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows with their columns aligned, the first as a heading with a rule below."""
    head, *body = align_columns(rows)
    return "\n".join([head, "-" * max(map(len, [head, *body])), *body])


def percent(rate: float) -> str:
    """Return a rate as a percentage with two decimals.

    >>> percent(0.12345)
    '12.35'
    """
    return f"{100 * rate:.2f}"
