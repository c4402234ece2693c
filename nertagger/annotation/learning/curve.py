"""The learning curve: how the error falls with the number of sentences, and how many more an aim needs.

Errors of trained models follow a power law in the size of the data over wide ranges (Hestness et al., 2017)::

    1 - F1 = a * n ** -b
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nertagger.annotation.store.models import Point

_MIN_POINTS = 4
_MIN_GROWTH = 2.0  # the last point must have this many times the sentences of the first
_DRAWS = 4000
_LEVEL = 0.8
_MAX_RANGE = 10.0  # of the sentences needed: a wider interval says nothing
_MIN_ERROR = 0.005


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """A power law fitted to a learning curve, with its uncertainty.

    Attributes:
        intercept, slope: of the logarithm of the error over that of the number of sentences.
        covariance: of the two, (2, 2).
        trained: the number of sentences of the last point.
    """

    intercept: float
    slope: float
    covariance: np.ndarray
    trained: int

    def f1(self, sentences: int) -> float:
        """Return the expected F1 after training on this many sentences."""
        return 1 - math.exp(self.intercept + self.slope * math.log(sentences))


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many more sentences an F1 needs, with an 80 % interval; or why that cannot be said.

    Attributes:
        f1: the aim, a fraction of one.
        more, low, high: the number of sentences; 0 if there is a reason.
        reason: why it is too early to say; empty if it is not.
    """

    f1: float
    more: int = 0
    low: int = 0
    high: int = 0
    reason: str = ""


def fit(points: Sequence[Point]) -> PowerLaw | str:
    """Return the power law of a learning curve, or why it is too early for one."""
    known = [point for point in points if point.f1 > 0]
    if len(known) < _MIN_POINTS:
        return f"too early to say: {len(known)} of {_MIN_POINTS} points of the learning curve"
    sizes = np.array([point.sentences for point in known], dtype=float)
    if sizes.max() < _MIN_GROWTH * sizes.min():
        return "too early to say: the number of sentences must double first"
    errors = np.array([max(1 - point.f1, _MIN_ERROR) for point in known])
    spreads = np.array([max(point.high - point.low, 2 * _MIN_ERROR) / 3.92 for point in known]) / errors
    inputs = np.stack([np.ones_like(sizes), np.log(sizes)], axis=1)
    weighted = inputs / spreads[:, None]
    covariance = np.linalg.inv(weighted.T @ weighted)
    intercept, slope = covariance @ weighted.T @ (np.log(errors) / spreads)
    residuals = (np.log(errors) - inputs @ [intercept, slope]) / spreads
    scatter = float(residuals @ residuals) / (len(known) - 2)
    return PowerLaw(float(intercept), float(slope), covariance * max(scatter, 1.0), int(sizes.max()))


def forecast(points: Sequence[Point], f1: float, *, seed: int = 0) -> Forecast:
    """Return how many more sentences an F1 needs, by the power law of the learning curve.

    Args:
        points: the curve.
        f1: the aim, a fraction of one.
        seed: of the random draws that give the interval.
    """
    law = fit(points)
    if isinstance(law, str):
        return Forecast(f1, reason=law)
    mean = np.array([law.intercept, law.slope])
    drawn = np.random.default_rng(seed).multivariate_normal(mean, law.covariance, _DRAWS)
    with np.errstate(over="ignore", divide="ignore"):
        needed = np.where(
            drawn[:, 1] < 0, np.exp((math.log(max(1 - f1, _MIN_ERROR)) - drawn[:, 0]) / drawn[:, 1]), np.inf
        )
    low, middle, high = np.quantile(needed, [(1 - _LEVEL) / 2, 0.5, (1 + _LEVEL) / 2], method="nearest")
    if not math.isfinite(high) or high > _MAX_RANGE * max(low, law.trained):
        return Forecast(f1, reason="too early to say: the learning curve is still uncertain")
    more, least, most = (max(round(value - law.trained), 0) for value in (middle, low, high))
    return Forecast(f1, more, least, most)
