"""Means and their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nertagger.experiments import Spread


def test_spread_is_scipys() -> None:
    figures = [0.61, 0.64, 0.6, 0.66, 0.63]
    spread = Spread.of(figures)
    interval = stats.ttest_1samp(figures, 0).confidence_interval(0.95)
    assert spread == pytest.approx((np.mean(figures), np.std(figures, ddof=1), interval.low, interval.high))
    assert str(spread) == "62.80 +- 2.39 (95 % interval of the mean 59.84 to 65.76)"


def test_spread_of_one_score() -> None:
    assert Spread.of([0.5]) == (0.5, 0.0, 0.5, 0.5)
