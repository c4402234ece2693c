"""The mean of a few scores, with its standard deviation and confidence interval."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev
from typing import NamedTuple


class Spread(NamedTuple):
    """The mean and spread of the scores of several runs.

    Attributes:
        mean: the mean of the scores.
        deviation: the sample standard deviation; 0 for a single score.
        low, high: the 95 % confidence interval of the mean, by Student's t; the mean itself for a single score.
    """

    mean: float
    deviation: float
    low: float
    high: float

    @classmethod
    def of(cls, scores: Sequence[float]) -> Spread:
        """Return the spread of one or more scores.

        >>> Spread.of([0.5, 0.7]).mean
        0.6
        """
        mean = fmean(scores)
        if len(scores) < 2:
            return cls(mean, 0.0, mean, mean)
        from scipy import stats  # not at the top: it takes a third of a second

        deviation = stdev(scores)
        half = float(stats.t.ppf(0.975, len(scores) - 1)) * deviation / len(scores) ** 0.5
        return cls(mean, deviation, mean - half, mean + half)

    def __str__(self) -> str:
        mean, deviation, low, high = (f"{100 * score:.2f}" for score in self)
        return f"{mean} +- {deviation} (95 % interval of the mean {low} to {high})"
