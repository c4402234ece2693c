"""Tables as plain text, for people."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.printable import printable


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows with their first column flush left and the others flush right, two spaces between; one line each."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]


def ruled(rows: Sequence[Sequence[str]]) -> str:
    """The rows aligned, the first as a heading with a rule below."""
    head, *body = align(rows)
    return "\n".join([head, "-" * max(map(len, [head, *body])), *body])


def percent(rate: float) -> str:
    """A rate as a percentage with two decimals.

    >>> percent(0.12345)
    '12.35'
    """
    return f"{100 * rate:.2f}"
