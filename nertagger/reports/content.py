"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nertagger.evaluation.aligned import Judged
from nertagger.evaluation.confusion import Outcome, outcomes_of
from nertagger.evaluation.details import Details
from nertagger.evaluation.scores import Scores
from nertagger.tables import percent

SHOWN = 300  # sentences; more make a page that is slow to open


@dataclass(frozen=True)
class Content:
    """What a report tells.

    Attributes:
        title: of the report.
        scores: of all sentences.
        details: all that is known beside the scores.
        judged: the sentences.
        facts: what was scored, and with what, by name.
        epochs: the log of the training run, an object an epoch with ``epoch``, ``loss`` and, where the dev split
            judged it, ``dev_f1``; may be empty.
    """

    title: str
    scores: Scores
    details: Details
    judged: Sequence[Judged]
    facts: Mapping[str, str] = field(default_factory=dict)
    epochs: Sequence[Mapping[str, Any]] = ()

    @property
    def summary(self) -> str:
        """The figure to report, with its interval, in one line."""
        low, high = self.details.intervals["micro"]
        rates = self.scores.micro
        return (
            f"F1 {percent(rates.f1)} (95 % interval {percent(low)} to {percent(high)}), precision "
            f"{percent(rates.precision)}, recall {percent(rates.recall)}; {self.scores.gold:,} gold and "
            f"{self.scores.found:,} predicted entities in {len(self.judged):,} sentences"
        )

    def score_rows(self) -> list[list[str]]:
        """The scores of each type and the averages; the first row is the heading."""
        head = ["", "precision", "recall", "F1", "95 % interval", "gold", "found", "correct"]
        rows = []
        for label, counts in self.scores.types.items():
            sizes = [f"{counts.gold:,}", f"{counts.found:,}", f"{counts.correct:,}"]
            rows.append([label, *map(percent, counts.rates), self._interval(label), *sizes])
        total = self.scores.total
        sizes = [f"{total.gold:,}", f"{total.found:,}", f"{total.correct:,}"]
        rows.append(["micro", *map(percent, self.scores.micro), self._interval("micro"), *sizes])
        rows += [[name, *map(percent, self.scores.averages[name]), "", "", "", ""] for name in ("macro", "weighted")]
        return [head, *rows]

    def worst(self) -> list[tuple[Judged, set[Outcome]]]:
        """The sentences with errors and the kinds of these, most errors first."""
        found: list[tuple[int, int, Judged, set[Outcome]]] = []
        for number, sentence in enumerate(self.judged):
            outcomes = [outcome for _, _, outcome in outcomes_of(sentence.gold, sentence.predicted)]
            wrong = [outcome for outcome in outcomes if outcome is not Outcome.CORRECT]
            if wrong:
                found.append((-len(wrong), number, sentence, set(wrong)))
        return [(sentence, kinds) for _, _, sentence, kinds in sorted(found, key=lambda one: one[:2])]

    def _interval(self, label: str) -> str:
        return " to ".join(map(percent, self.details.intervals[label]))
