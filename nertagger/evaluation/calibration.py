"""Calibration: whether confidences equal the fraction of predictions that are correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

BINS = 10


class Bin(NamedTuple):
    """Predictions of similar confidence: their number, mean confidence, and the fraction that is correct."""

    size: int
    confidence: float
    correct: float


class Threshold(NamedTuple):
    """A minimum confidence, the precision above it, the fraction of correct predictions kept, and the number kept."""

    confidence: float
    precision: float
    kept_correct: float
    kept: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibration of confidences.

    Attributes:
        ece: the expected calibration error (Naeini et al., 2015): the mean distance between a bin's confidence and its
            fraction correct, weighted by its number of predictions.
        brier: the mean squared distance between confidence and correctness.
        bins: the non-empty bins of `BINS` bins of equal width, in order.
    """

    ece: float
    brier: float
    bins: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures and the reliability curve."""
        return {"ece": self.ece, "brier": self.brier, "bins": [one._asdict() for one in self.bins]}


def calibrate(confidences: Sequence[float], correct: Sequence[bool]) -> Calibration:
    """Return the calibration of predictions.

    >>> calibrate([0.9, 0.9, 0.9, 0.9], [True, True, True, False]).bins
    (Bin(size=4, confidence=0.9, correct=0.75),)
    """
    values, is_correct = np.asarray(confidences, dtype=float), np.asarray(correct, dtype=float)
    if not len(values):
        return Calibration(0.0, 0.0, ())
    numbers = np.minimum((values * BINS).astype(int), BINS - 1)
    counts = np.bincount(numbers, minlength=BINS)
    filled = np.flatnonzero(counts)
    mean = np.bincount(numbers, values, BINS)[filled] / counts[filled]
    rate = np.bincount(numbers, is_correct, BINS)[filled] / counts[filled]
    ece = float(np.abs(mean - rate) @ counts[filled] / len(values))
    bins = tuple(Bin(*one) for one in zip(counts[filled].tolist(), mean.tolist(), rate.tolist(), strict=True))
    return Calibration(ece, float(np.square(values - is_correct).mean()), bins)


def threshold_for(precision: float, confidences: Sequence[float], correct: Sequence[bool]) -> Threshold | None:
    """Return the lowest confidence above which predictions have at least this precision; None if there is none.

    >>> threshold_for(0.9, [0.5, 0.6, 0.9], [False, True, True])
    Threshold(confidence=0.6, precision=1.0, kept_correct=1.0, kept=2)
    """
    values, is_correct = np.asarray(confidences, dtype=float), np.asarray(correct, dtype=float)
    order = np.argsort(-values, kind="stable")
    kept_correct = is_correct[order].cumsum()
    rates = kept_correct / np.arange(1, len(order) + 1)
    is_last = np.append(np.diff(values[order]) < 0, True)[
        : len(order)
    ]  # predictions of equal confidence are kept or dropped together
    good = np.flatnonzero((rates >= precision) & is_last)
    if not len(good):
        return None
    last = int(good[-1])
    fraction = float(kept_correct[last] / max(kept_correct[-1], 1))
    return Threshold(float(values[order][last]), float(rates[last]), fraction, last + 1)
