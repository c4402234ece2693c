"""Error analysis: intervals, matching strategies, confusion, seen and unseen entities, calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nertagger.evaluation.aligned import AlignedSentence
from nertagger.evaluation.calibration import Calibration, Threshold, calibrate, threshold_for
from nertagger.evaluation.confusion import Confusion, Outcome, count_confusion
from nertagger.evaluation.matching import MatchCounts, count_matches
from nertagger.evaluation.resampling import Interval, bootstrap_intervals, count_sentences
from nertagger.evaluation.scores import Counts
from nertagger.evaluation.seen import Lexicon, SeenStatus, count_by_seen_status
from nertagger.tables import format_table, percent


class Table(NamedTuple):
    """A part of the analysis: its key in `Analysis.to_dict`, a title, and rows, the first of which is the heading."""

    name: str
    title: str
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The error analysis of predictions.

    Attributes:
        intervals: 95 % confidence intervals of F1 of each type and of all, by the bootstrap over sentences.
        matches: the counts of each matching strategy: strict, exact, partial and type.
        confusion: the confusion of labels, and the outcome of each entity.
        seen_in_training: the counts of seen and unseen entities; None if the training files are not known.
        calibration: the calibration of the confidences; None if they are not known.
        wanted_precision: the precision that `threshold` is for; None if none was asked for.
        threshold: the lowest confidence with this precision; None if no confidence has it.
    """

    intervals: Mapping[str, Interval]
    matches: Mapping[str, MatchCounts]
    confusion: Confusion
    seen_in_training: Mapping[SeenStatus, Counts] | None = None
    calibration: Calibration | None = None
    wanted_precision: float | None = None
    threshold: Threshold | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the keys that ``--details`` adds to those of the scores."""
        found: dict[str, Any] = {
            "intervals": {label: ends._asdict() for label, ends in self.intervals.items()},
            "matching": {strategy: matches.to_dict() for strategy, matches in self.matches.items()},
            "confusion": self.confusion.to_dict(),
        }
        if self.seen_in_training is not None:
            found["seen_in_training"] = {
                status.value: {**counts.rates._asdict(), "support": counts.gold, "found": counts.found}
                for status, counts in self.seen_in_training.items()
            }
        if self.calibration is not None:
            found["calibration"] = self.calibration.to_dict()
        if self.wanted_precision is not None:
            kept = self.threshold._asdict() if self.threshold else None
            found["threshold"] = {"wanted_precision": self.wanted_precision, "at": kept}
        return found

    def report(self) -> str:
        """Return the analysis as tables for people; rates are percentages."""
        return "\n\n".join(f"{title}\n\n{format_table(rows)}" for _, title, rows in self.tables())

    def tables(self) -> Iterator[Table]:
        """Yield each part of the analysis as a table."""
        yield Table(
            "intervals", "F1 with 95 % confidence interval (bootstrap over sentences)", _intervals(self.intervals)
        )
        yield Table("matching", "Matching strategies (SemEval-2013 task 9.1)", _matches(self.matches))
        yield Table("outcomes", "Outcomes by label", _outcomes(self.confusion))
        yield Table(
            "confusion", "Confusion: gold labels (rows) and predicted labels (columns)", _labels(self.confusion)
        )
        if self.seen_in_training is not None:
            title = "Entities seen in training and unseen, by their words in lower case"
            yield Table("seen_in_training", title, _seen(self.seen_in_training))
        if self.calibration is not None:
            title = (
                f"Calibration of confidences (ECE {self.calibration.ece:.4f}, Brier score {self.calibration.brier:.4f})"
            )
            yield Table("calibration", title, _calibration(self.calibration))
        if self.wanted_precision is not None:
            title = f"Lowest confidence with a precision of {percent(self.wanted_precision)} %"
            yield Table("threshold", title, _threshold(self.threshold))


def analyse(
    aligned: Sequence[AlignedSentence],
    *,
    lexicon: Lexicon | None = None,
    wanted_precision: float | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Analysis:
    """Return the error analysis of predictions.

    Args:
        aligned: the sentences with gold and predicted entities.
        lexicon: the entities of the training files (see `entity_lexicon`); None if they are not known.
        wanted_precision: find the lowest confidence with this precision.
        resamples: the number of resamples of the bootstrap.
        seed: the seed of the bootstrap.
    """
    gold, predicted = [one.gold for one in aligned], [one.predicted for one in aligned]
    labels = sorted({span.label for spans in (*gold, *predicted) for span in spans})
    confidences, is_correct = confidences_of(aligned)
    are_known = all(one.confidences is not None for one in aligned)
    wanted = wanted_precision if are_known else None
    return Analysis(
        bootstrap_intervals(count_sentences(gold, predicted, labels), resamples=resamples, seed=seed),
        count_matches(gold, predicted),
        count_confusion(gold, predicted),
        None if lexicon is None else count_by_seen_status(aligned, lexicon),
        calibrate(confidences, is_correct) if are_known else None,
        wanted,
        None if wanted is None else threshold_for(wanted, confidences, is_correct),
    )


def confidences_of(aligned: Sequence[AlignedSentence]) -> tuple[list[float], list[bool]]:
    """Return the confidence of each predicted entity, and whether it is correct."""
    confidences = [confidence for one in aligned for confidence in one.confidences or ()]
    is_correct = [span in set(one.gold) for one in aligned if one.confidences is not None for span in one.predicted]
    return confidences, is_correct


def _intervals(intervals: Mapping[str, Interval]) -> list[list[str]]:
    return [["", "from", "to"], *([label, percent(low), percent(high)] for label, (low, high) in intervals.items())]


def _matches(matches: Mapping[str, MatchCounts]) -> list[list[str]]:
    names = ["correct", "incorrect", "partial", "missed", "spurious"]
    rows = [
        [strategy, *map(percent, found.rates), *(f"{getattr(found, name):,}" for name in names)]
        for strategy, found in matches.items()
    ]
    return [["", "precision", "recall", "F1", *names], *rows]


def _outcomes(confusion: Confusion) -> list[list[str]]:
    rows = [
        [label, *(f"{found.get(outcome, 0):,}" for outcome in Outcome)]
        for label, found in sorted(confusion.outcomes.items())
    ]
    return [["", *(outcome.value for outcome in Outcome)], *rows]


def _labels(confusion: Confusion) -> list[list[str]]:
    labels = confusion.labels
    rows = [[gold, *(f"{confusion.pairs.get((gold, found), 0):,}" for found in labels)] for gold in labels]
    return [["", *labels], *rows]


def _seen(seen_in_training: Mapping[SeenStatus, Counts]) -> list[list[str]]:
    rows = [
        [status.value, *map(percent, counts.rates), f"{counts.gold:,}", f"{counts.found:,}", f"{counts.correct:,}"]
        for status, counts in seen_in_training.items()
    ]
    return [["", "precision", "recall", "F1", "gold", "found", "correct"], *rows]


def _calibration(calibration: Calibration) -> list[list[str]]:
    rows = [[percent(one.confidence), percent(one.correct), f"{one.size:,}"] for one in calibration.bins]
    return [["mean confidence", "correct", "entities"], *rows]


def _threshold(threshold: Threshold | None) -> list[list[str]]:
    if threshold is None:
        return [["no confidence has this precision"]]
    at, precision, kept_correct, kept = threshold
    return [
        ["lowest confidence", "precision", "correct entities kept", "entities kept"],
        [f"{at:.6f}", percent(precision), percent(kept_correct), f"{kept:,}"],
    ]
