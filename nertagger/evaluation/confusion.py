"""What became of every gold entity, and where every predicted one came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from nertagger.evaluation.matching import match
from nertagger.evaluation.parts import Found, Spans, Wanted
from nertagger.text.document import Span

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "(none)"
"""Stands for the partner of an entity that has none."""


class Outcome(StrEnum):
    """What an entity, or a pair of a gold and a predicted one, is."""

    CORRECT = "correct"
    WRONG_TYPE = "wrong type"
    WRONG_BOUNDARY = "wrong boundary"
    WRONG_BOTH = "wrong type and boundary"
    MISSED = "missed"
    SPURIOUS = "spurious"


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of pairs.

    Attributes:
        pairs: how often an entity of a gold label met one of a predicted label; `NOTHING` where there was no partner.
        outcomes: how often each outcome befell each label: the gold one, or of spurious entities the predicted one.
    """

    pairs: Mapping[tuple[str, str], int]
    outcomes: Mapping[str, Mapping[Outcome, int]]

    @property
    def labels(self) -> list[str]:
        """All labels in alphabetical order, `NOTHING` last."""
        labels = {label for pair in self.pairs for label in pair} - {NOTHING}
        return [*sorted(labels), NOTHING]

    def to_frame(self) -> pd.DataFrame:
        """One row a gold label, one column a predicted label, `NOTHING` last in both."""
        import pandas as pd

        rows = [[self.pairs.get((gold, found), 0) for found in self.labels] for gold in self.labels]
        index, columns = pd.Index(self.labels, name="gold"), pd.Index(self.labels, name="predicted")
        return pd.DataFrame(rows, index=index, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Both tables as nested objects."""
        table: dict[str, dict[str, int]] = {}
        for (gold, found), count in sorted(self.pairs.items()):
            table.setdefault(gold, {})[found] = count
        outcomes = {label: {o.value: n for o, n in found.items()} for label, found in sorted(self.outcomes.items())}
        return {"pairs": table, "outcomes": outcomes}


def outcomes_of(gold: Wanted, predicted: Spans) -> list[tuple[Span | None, Found | None, Outcome]]:
    """Every entity of a sentence once, with its partner if it has one, and what they are.

    >>> outcomes_of([Span("PER", 0, 2)], [Span("PER", 0, 1), Span("LOC", 3, 4)])[1]
    (None, Span(label='LOC', first=3, stop=4), <Outcome.SPURIOUS: 'spurious'>)
    """
    pairs = match(gold, predicted, types_first=True)
    found: list[tuple[Span | None, Found | None, Outcome]] = [
        (gold[i], predicted[j], _outcome(gold[i], predicted[j])) for i, j in pairs
    ]
    paired = {i for i, _ in pairs}, {j for _, j in pairs}
    found += [(span, None, Outcome.MISSED) for i, span in enumerate(gold) if i not in paired[0]]
    found += [(None, span, Outcome.SPURIOUS) for j, span in enumerate(predicted) if j not in paired[1]]
    return found


def confuse(gold: Iterable[Wanted], predicted: Iterable[Spans]) -> Confusion:
    """The confusion of all sentences."""
    pairs: Counter[tuple[str, str]] = Counter()
    outcomes: dict[str, Counter[Outcome]] = {}
    for one, other in zip(gold, predicted, strict=True):
        for wanted, found, outcome in outcomes_of(one, other):
            labels = (wanted.label if wanted else NOTHING, found.label if found else NOTHING)
            pairs[labels] += 1
            outcomes.setdefault(labels[0] if wanted else labels[1], Counter())[outcome] += 1
    return Confusion(dict(pairs), outcomes)


def _outcome(gold: Span, predicted: Found) -> Outcome:
    if gold[1:] == predicted[1:]:
        return Outcome.CORRECT if gold.label == predicted.label else Outcome.WRONG_TYPE
    return Outcome.WRONG_BOUNDARY if gold.label == predicted.label else Outcome.WRONG_BOTH
