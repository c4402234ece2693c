"""Mean, standard deviation and confidence interval of scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nertagger.experiments import Spread


def test_spread_agrees_with_scipy() -> None:
    scores = [0.61, 0.64, 0.6, 0.66, 0.63]
    spread = Spread.of(scores)
    interval = stats.ttest_1samp(scores, 0).confidence_interval(0.95)
    assert spread == pytest.approx((np.mean(scores), np.std(scores, ddof=1), interval.low, interval.high))
    assert str(spread) == "62.80 +- 2.39 (95 % interval of the mean 59.84 to 65.76)"


def test_spread_of_one_score() -> None:
    assert Spread.of([0.5]) == (0.5, 0.0, 0.5, 0.5)
