"""A handful of figures as their mean and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev
from typing import NamedTuple


class Spread(NamedTuple):
    """Figures of like runs.

    Attributes:
        mean: of the figures.
        deviation: the sample standard deviation, 0 of a single figure.
        low, high: the interval that holds the true mean with 95 % confidence, by Student's t; the mean itself where
            there is but one figure.
    """

    mean: float
    deviation: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """The spread of at least one figure.

        >>> Spread.of([0.5, 0.7]).mean
        0.6
        """
        mean = fmean(figures)
        if len(figures) < 2:
            return cls(mean, 0.0, mean, mean)
        from scipy import stats  # not at the top: it takes a third of a second

        deviation = stdev(figures)
        half = float(stats.t.ppf(0.975, len(figures) - 1)) * deviation / len(figures) ** 0.5
        return cls(mean, deviation, mean - half, mean + half)

    def __str__(self) -> str:
        mean, deviation, low, high = (f"{100 * figure:.2f}" for figure in self)
        return f"{mean} +- {deviation} (95 % interval of the mean {low} to {high})"
