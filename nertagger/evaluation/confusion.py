"""The confusion of labels, and the outcome of each gold and predicted entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from nertagger.errors import requires_extra
from nertagger.evaluation.aligned import GoldSpans, PredictedSpan, PredictedSpans
from nertagger.evaluation.matching import match
from nertagger.text.document import Span

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "(none)"
"""The label of the missing side of an entity that was missed or is spurious."""


class Outcome(StrEnum):
    """The kinds of error, and no error."""

    CORRECT = "correct"
    WRONG_TYPE = "wrong type"
    WRONG_BOUNDARY = "wrong boundary"
    WRONG_BOTH = "wrong type and boundary"
    MISSED = "missed"
    SPURIOUS = "spurious"


@dataclass(frozen=True, slots=True)
class Confusion:
    """The counts of pairs of labels and of outcomes.

    Attributes:
        pairs: the number of entities by gold and predicted label; `NOTHING` for the missing side of an unmatched one.
        outcomes: the number of each outcome by gold label; of spurious entities, by predicted label.
    """

    pairs: Mapping[tuple[str, str], int]
    outcomes: Mapping[str, Mapping[Outcome, int]]

    @property
    def labels(self) -> list[str]:
        """All labels in alphabetical order, `NOTHING` last."""
        labels = {label for pair in self.pairs for label in pair} - {NOTHING}
        return [*sorted(labels), NOTHING]

    def to_frame(self) -> pd.DataFrame:
        """Return a table with one row per gold label and one column per predicted label, `NOTHING` last in both."""
        with requires_extra("a table for pandas", "pandas"):
            import pandas as pd

        rows = [[self.pairs.get((gold, found), 0) for found in self.labels] for gold in self.labels]
        index, columns = pd.Index(self.labels, name="gold"), pd.Index(self.labels, name="predicted")
        return pd.DataFrame(rows, index=index, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Return both tables as nested dictionaries."""
        table: dict[str, dict[str, int]] = {}
        for (gold, found), count in sorted(self.pairs.items()):
            table.setdefault(gold, {})[found] = count
        outcomes = {label: {o.value: n for o, n in found.items()} for label, found in sorted(self.outcomes.items())}
        return {"pairs": table, "outcomes": outcomes}


def outcomes_of(gold: GoldSpans, predicted: PredictedSpans) -> list[tuple[Span | None, PredictedSpan | None, Outcome]]:
    """Return each entity of a sentence once, with its match on the other side, if any, and the outcome.

    >>> outcomes_of([Span("PER", 0, 2)], [Span("PER", 0, 1), Span("LOC", 3, 4)])[1]
    (None, Span(label='LOC', first=3, stop=4), <Outcome.SPURIOUS: 'spurious'>)
    """
    pairs = match(gold, predicted, types_first=True)
    found: list[tuple[Span | None, PredictedSpan | None, Outcome]] = [
        (gold[i], predicted[j], _outcome(gold[i], predicted[j])) for i, j in pairs
    ]
    paired = {i for i, _ in pairs}, {j for _, j in pairs}
    found += [(span, None, Outcome.MISSED) for i, span in enumerate(gold) if i not in paired[0]]
    found += [(None, span, Outcome.SPURIOUS) for j, span in enumerate(predicted) if j not in paired[1]]
    return found


def count_confusion(gold: Iterable[GoldSpans], predicted: Iterable[PredictedSpans]) -> Confusion:
    """Return the confusion of all sentences."""
    pairs: Counter[tuple[str, str]] = Counter()
    outcomes: dict[str, Counter[Outcome]] = {}
    for one, other in zip(gold, predicted, strict=True):
        for wanted, found, outcome in outcomes_of(one, other):
            labels = (wanted.label if wanted else NOTHING, found.label if found else NOTHING)
            pairs[labels] += 1
            outcomes.setdefault(labels[0] if wanted else labels[1], Counter())[outcome] += 1
    return Confusion(dict(pairs), outcomes)


def _outcome(gold: Span, predicted: PredictedSpan) -> Outcome:
    if gold[1:] == predicted[1:]:
        return Outcome.CORRECT if gold.label == predicted.label else Outcome.WRONG_TYPE
    return Outcome.WRONG_BOUNDARY if gold.label == predicted.label else Outcome.WRONG_BOTH
