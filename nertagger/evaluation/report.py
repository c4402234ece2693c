"""Scores as a text table with aligned columns, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nertagger.evaluation.scores import Counts, Rates, Scores

_HEADER = ("", "precision", "recall", "F1", "gold", "found", "correct")
_NOTE = "Counted as conlleval does: an entity is correct if its type, first and last word are exactly the gold ones."


def render(scores: Scores) -> str:
    """A line of totals, a row a type, the averages, and what was counted; rates are percentages with two decimals."""
    types = [_row(label, counts.rates, counts) for label, counts in scores.types.items()]
    averages = [_row("micro", scores.micro, scores.total)]
    averages += [_row(name, scores.averages[name], None) for name in ("macro", "weighted")]
    head, *table = _align([_HEADER, *types, *averages])
    rule = "-" * len(head)
    body = [head, rule, *table[: len(types)], *([rule] if types else []), *table[len(types) :]]
    return "\n".join([_totals(scores), "", *body, "", _NOTE])


def _totals(scores: Scores) -> str:
    right = f"{scores.correct_tags:,} of {scores.tokens:,} tokens have the gold tag"
    repaired = f"{scores.repaired:,} invalid predicted {_plural('tag', scores.repaired)} repaired"
    return f"{right} (accuracy {_percent(scores.accuracy)} %); {repaired}."


def _row(name: str, rates: Rates, counts: Counts | None) -> tuple[str, ...]:
    sizes = (f"{counts.gold:,}", f"{counts.found:,}", f"{counts.correct:,}") if counts else ("", "", "")
    return (name, *(_percent(rate) for rate in rates), *sizes)


def _align(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows with their first column flush left and the others flush right, two spaces between."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]


def _percent(rate: float) -> str:
    return f"{100 * rate:.2f}"


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
