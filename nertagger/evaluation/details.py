"""All that can be said of predictions beside their scores, in one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nertagger.evaluation.aligned import Judged
from nertagger.evaluation.calibration import Calibration, Threshold, calibrate, threshold_for
from nertagger.evaluation.confusion import Confusion, Outcome, confuse
from nertagger.evaluation.matching import Matches, judge
from nertagger.evaluation.resampling import Interval, bootstrap_intervals, count_sentences
from nertagger.evaluation.scores import Counts
from nertagger.evaluation.seen import Lexicon, Novelty, by_novelty
from nertagger.tables import percent, ruled


@dataclass(frozen=True, slots=True)
class Details:
    """What `examine` finds.

    Attributes:
        intervals: of F1 with 95 % confidence, of each type and of all, by the bootstrap over sentences.
        matches: the counts of strict, exact, partial and type matching.
        confusion: what became of each entity.
        novelty: the counts of entities seen in training and not; None where training is not known.
        calibration: of the confidences; None where they are not known.
        wanted_precision: that the threshold was asked for; None if it was not.
        threshold: the least confidence that has this precision; None if there is none.
    """

    intervals: Mapping[str, Interval]
    matches: Mapping[str, Matches]
    confusion: Confusion
    novelty: Mapping[Novelty, Counts] | None = None
    calibration: Calibration | None = None
    wanted_precision: float | None = None
    threshold: Threshold | None = None

    def to_dict(self) -> dict[str, Any]:
        """The keys that ``--details`` adds to those of the scores."""
        found: dict[str, Any] = {
            "intervals": {label: ends._asdict() for label, ends in self.intervals.items()},
            "matching": {way: matches.to_dict() for way, matches in self.matches.items()},
            "confusion": self.confusion.to_dict(),
        }
        if self.novelty is not None:
            found["novelty"] = {
                kind.value: {**counts.rates._asdict(), "support": counts.gold, "found": counts.found}
                for kind, counts in self.novelty.items()
            }
        if self.calibration is not None:
            found["calibration"] = self.calibration.to_dict()
        if self.wanted_precision is not None:
            kept = self.threshold._asdict() if self.threshold else None
            found["threshold"] = {"wanted_precision": self.wanted_precision, "at": kept}
        return found

    def report(self) -> str:
        """The details as tables for people; rates are percentages."""
        return "\n\n".join(f"{title}\n\n{ruled(rows)}" for title, rows in self.tables())

    def tables(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Each table with its title; the first row is the heading."""
        yield "F1 with 95 % interval (bootstrap over sentences)", _interval_rows(self.intervals)
        yield "Ways of matching (pairs chosen so that the most are right)", _match_rows(self.matches)
        yield "What became of the entities", _outcome_rows(self.confusion)
        yield "Gold labels (rows) and predicted labels (columns)", _confusion_rows(self.confusion)
        if self.novelty is not None:
            yield "Entities seen in training, by their words in lower case", _novelty_rows(self.novelty)
        if self.calibration is not None:
            title = f"Confidences (ECE {self.calibration.ece:.4f}, Brier score {self.calibration.brier:.4f})"
            yield title, _calibration_rows(self.calibration)
        if self.wanted_precision is not None:
            yield f"Confidence for a precision of {percent(self.wanted_precision)} %", _threshold_rows(self.threshold)


def examine(
    judged: Sequence[Judged],
    *,
    lexicon: Lexicon | None = None,
    wanted_precision: float | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Details:
    """The details of predictions.

    Args:
        judged: the sentences with both sides.
        lexicon: the entities of the training files; None where they are not known.
        wanted_precision: for which the least confidence is sought.
        resamples: of the bootstrap.
        seed: of the bootstrap.
    """
    gold, predicted = [one.gold for one in judged], [one.predicted for one in judged]
    labels = sorted({span.label for spans in (*gold, *predicted) for span in spans})
    sure, right = confidences_of(judged)
    known = all(one.confidences is not None for one in judged)
    words = [one.words for one in judged]
    return Details(
        bootstrap_intervals(count_sentences(gold, predicted, labels), resamples=resamples, seed=seed),
        judge(gold, predicted),
        confuse(gold, predicted),
        by_novelty(words, gold, predicted, lexicon) if lexicon is not None else None,
        calibrate(sure, right) if known else None,
        wanted_precision if known else None,
        threshold_for(wanted_precision, sure, right) if known and wanted_precision is not None else None,
    )


def confidences_of(judged: Sequence[Judged]) -> tuple[list[float], list[bool]]:
    """The confidence of each predicted entity, and whether it is correct."""
    sure = [confidence for one in judged for confidence in one.confidences or ()]
    right = [span in set(one.gold) for one in judged if one.confidences is not None for span in one.predicted]
    return sure, right


def _interval_rows(intervals: Mapping[str, Interval]) -> list[list[str]]:
    return [["", "from", "to"], *([label, percent(low), percent(high)] for label, (low, high) in intervals.items())]


def _match_rows(matches: Mapping[str, Matches]) -> list[list[str]]:
    names = ["correct", "incorrect", "partial", "missed", "spurious"]
    rows = [
        [way, *map(percent, found.rates), *(f"{getattr(found, name):,}" for name in names)]
        for way, found in matches.items()
    ]
    return [["", "precision", "recall", "F1", *names], *rows]


def _outcome_rows(confusion: Confusion) -> list[list[str]]:
    rows = [
        [label, *(f"{found.get(outcome, 0):,}" for outcome in Outcome)]
        for label, found in sorted(confusion.outcomes.items())
    ]
    return [["", *(outcome.value for outcome in Outcome)], *rows]


def _confusion_rows(confusion: Confusion) -> list[list[str]]:
    labels = confusion.labels
    rows = [[gold, *(f"{confusion.pairs.get((gold, found), 0):,}" for found in labels)] for gold in labels]
    return [["", *labels], *rows]


def _novelty_rows(novelty: Mapping[Novelty, Counts]) -> list[list[str]]:
    rows = [
        [kind.value, *map(percent, counts.rates), f"{counts.gold:,}", f"{counts.found:,}", f"{counts.correct:,}"]
        for kind, counts in novelty.items()
    ]
    return [["", "precision", "recall", "F1", "gold", "found", "correct"], *rows]


def _calibration_rows(calibration: Calibration) -> list[list[str]]:
    rows = [[percent(one.confidence), percent(one.correct), f"{one.size:,}"] for one in calibration.bins]
    return [["mean confidence", "correct", "entities"], *rows]


def _threshold_rows(threshold: Threshold | None) -> list[list[str]]:
    if threshold is None:
        return [["no confidence has it"]]
    at, precision, kept_correct, kept = threshold
    return [
        ["confidence from", "precision", "correct ones kept", "entities kept"],
        [f"{at:.6f}", percent(precision), percent(kept_correct), f"{kept:,}"],
    ]
