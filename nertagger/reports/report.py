"""The content of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nertagger.evaluation.aligned import AlignedSentence
from nertagger.evaluation.analysis import Analysis, Table
from nertagger.evaluation.confusion import Outcome, outcomes_of
from nertagger.evaluation.scores import Counts, Scores
from nertagger.printable import counted
from nertagger.tables import percent

SHOWN = 300  # sentences; a page with more is slow to open

NOTES = {
    "scores": "Counted as in conlleval: an entity is correct if its type, first and last word equal those of a gold "
    "entity. Intervals are from the bootstrap over sentences.",
    "matching": "strict: the same boundaries and type. exact: the same boundaries. partial: an overlap, which counts "
    "half if the boundaries differ. type: an overlap and the same type.",
    "outcomes": "Each entity once, by its gold label; spurious entities by their predicted label.",
    "confusion": "(none) is the missing side of entities that were missed or are spurious.",
    "seen_in_training": "An entity was seen if its words, in lower case, are an entity of the training files.",
    "calibration": "Of entities with well calibrated confidences of 90 %, 90 % are correct. ECE is the mean distance "
    "between confidence and fraction correct; the lower ECE and Brier score are, the better.",
    "threshold": "With this minimum confidence (nertagger tag --confidence), the remaining entities have the precision "
    "that was asked for.",
    "training": "The training loss and, for epochs that were scored on the dev split, its F1.",
}
"""A note on each section of a report, by its name."""


@dataclass(frozen=True)
class Report:
    """The content of a report.

    Attributes:
        title: the title of the report.
        scores: the scores of all sentences.
        analysis: the error analysis.
        aligned: the sentences with gold and predicted entities.
        facts: what was scored, and with what, by name.
        epochs: the training log, one record per epoch with ``epoch``, ``loss`` and, if the epoch was scored on the dev
            split, ``dev_f1``; may be empty.
    """

    title: str
    scores: Scores
    analysis: Analysis
    aligned: Sequence[AlignedSentence]
    facts: Mapping[str, str] = field(default_factory=dict)
    epochs: Sequence[Mapping[str, Any]] = ()

    @property
    def summary(self) -> str:
        """The main figures in one line."""
        low, high = self.analysis.intervals["micro"]
        rates = self.scores.micro
        return (
            f"F1 {percent(rates.f1)} (95 % interval {percent(low)} to {percent(high)}), precision "
            f"{percent(rates.precision)}, recall {percent(rates.recall)}; {self.scores.gold:,} gold and "
            f"{counted(self.scores.found, 'predicted entity', 'predicted entities')} in "
            f"{counted(len(self.aligned), 'sentence')}"
        )

    def tables(self) -> list[Table]:
        """Return the scores and each part of the analysis as a table."""
        _, *others = self.analysis.tables()  # the intervals are beside the scores
        return [Table("scores", "Scores", self._score_rows()), *others]

    def sentences_with_errors(self) -> list[tuple[AlignedSentence, set[Outcome]]]:
        """Return the sentences with errors and the kinds of their errors, most errors first."""
        found: list[tuple[int, AlignedSentence, set[Outcome]]] = []
        for sentence in self.aligned:
            outcomes = [outcome for _, _, outcome in outcomes_of(sentence.gold, sentence.predicted)]
            errors = [outcome for outcome in outcomes if outcome is not Outcome.CORRECT]
            if errors:
                found.append((len(errors), sentence, set(errors)))
        return [(sentence, kinds) for _, sentence, kinds in sorted(found, key=lambda one: -one[0])]

    def _score_rows(self) -> list[list[str]]:
        """Return the scores of each type and the averages."""
        head = ["", "precision", "recall", "F1", "95 % interval", "gold", "found", "correct"]
        rows = [self._row(label, counts) for label, counts in self.scores.types.items()]
        rows.append(self._row("micro", self.scores.total))
        averages = self.scores.averages
        rows += [[name, *map(percent, averages[name]), "", "", "", ""] for name in ("macro", "weighted")]
        return [head, *rows]

    def _row(self, label: str, counts: Counts) -> list[str]:
        interval = " to ".join(map(percent, self.analysis.intervals[label]))
        sizes = [f"{count:,}" for count in (counts.gold, counts.found, counts.correct)]
        return [label, *map(percent, counts.rates), interval, *sizes]
