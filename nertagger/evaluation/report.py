"""Scores as a text table with aligned columns, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nertagger.evaluation.tables import align, percent

if TYPE_CHECKING:
    from nertagger.evaluation.scores import Counts, Rates, Scores

_HEADER = ("", "precision", "recall", "F1", "gold", "found", "correct")
_NOTE = "Counted as conlleval does: an entity is correct if its type, first and last word are exactly the gold ones."


def render(scores: Scores) -> str:
    """A line of totals, a row a type, the averages, and what was counted; rates are percentages with two decimals."""
    types = [_row(label, counts.rates, counts) for label, counts in scores.types.items()]
    averages = [_row("micro", scores.micro, scores.total)]
    averages += [_row(name, scores.averages[name], None) for name in ("macro", "weighted")]
    head, *table = align([_HEADER, *types, *averages])
    rule = "-" * len(head)
    body = [head, rule, *table[: len(types)], *([rule] if types else []), *table[len(types) :]]
    return "\n".join([_totals(scores), "", *body, "", _NOTE])


def _totals(scores: Scores) -> str:
    right = f"{scores.correct_tags:,} of {scores.tokens:,} tokens have the gold tag"
    repaired = f"{scores.repaired:,} invalid predicted {_plural('tag', scores.repaired)} repaired"
    return f"{right} (accuracy {percent(scores.accuracy)} %); {repaired}."


def _row(name: str, rates: Rates, counts: Counts | None) -> tuple[str, ...]:
    sizes = (f"{counts.gold:,}", f"{counts.found:,}", f"{counts.correct:,}") if counts else ("", "", "")
    return (name, *(percent(rate) for rate in rates), *sizes)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
