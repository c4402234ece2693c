"""Whether confidences are the probabilities that they are said to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

BINS = 10


class Bin(NamedTuple):
    """Predictions of like confidence: how many, their mean confidence, and the fraction of them that is correct."""

    size: int
    confidence: float
    correct: float


class Threshold(NamedTuple):
    """A least confidence and what it leaves: precision, the fraction of correct predictions kept, and how many."""

    confidence: float
    precision: float
    kept_correct: float
    kept: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The reliability of confidences.

    Attributes:
        ece: the expected calibration error (Naeini et al., 2015): the mean distance between a bin's confidence and its
            fraction correct, each bin weighing by its predictions.
        brier: the mean squared distance between confidence and correctness.
        bins: those of `BINS` bins of equal width that hold predictions, in order.
    """

    ece: float
    brier: float
    bins: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """The figures and the reliability curve."""
        return {"ece": self.ece, "brier": self.brier, "bins": [one._asdict() for one in self.bins]}


def calibrate(confidences: Sequence[float], correct: Sequence[bool]) -> Calibration:
    """The calibration of predictions with these confidences.

    >>> calibrate([0.9, 0.9, 0.9, 0.9], [True, True, True, False]).bins
    (Bin(size=4, confidence=0.9, correct=0.75),)
    """
    sure, right = np.asarray(confidences, dtype=float), np.asarray(correct, dtype=float)
    if not len(sure):
        return Calibration(0.0, 0.0, ())
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    filled = np.flatnonzero(counts)
    mean = np.bincount(places, sure, BINS)[filled] / counts[filled]
    rate = np.bincount(places, right, BINS)[filled] / counts[filled]
    ece = float(np.abs(mean - rate) @ counts[filled] / len(sure))
    bins = tuple(Bin(*one) for one in zip(counts[filled].tolist(), mean.tolist(), rate.tolist(), strict=True))
    return Calibration(ece, float(np.square(sure - right).mean()), bins)


def threshold_for(precision: float, confidences: Sequence[float], correct: Sequence[bool]) -> Threshold | None:
    """The least confidence at which what is kept has at least this precision; None if there is none.

    >>> threshold_for(0.9, [0.5, 0.6, 0.9], [False, True, True])
    Threshold(confidence=0.6, precision=1.0, kept_correct=1.0, kept=2)
    """
    sure, right = np.asarray(confidences, dtype=float), np.asarray(correct, dtype=float)
    order = np.argsort(-sure, kind="stable")
    kept_right = right[order].cumsum()
    rates = kept_right / np.arange(1, len(order) + 1)
    is_last = np.append(np.diff(sure[order]) < 0, True)[: len(order)]  # equal confidences stay or go together
    good = np.flatnonzero((rates >= precision) & is_last)
    if not len(good):
        return None
    last = int(good[-1])
    share = float(kept_right[last] / max(kept_right[-1], 1))
    return Threshold(float(sure[order][last]), float(rates[last]), share, last + 1)
