from __future__ import annotations

import numpy as np
import pytest

from nertagger.annotation.learning.curve import PowerLaw, fit, forecast
from nertagger.annotation.store.models import Point


def point(sentences: int, f1: float, width: float = 0.04) -> Point:
    return Point(sentences, 100, f1, f1 - width / 2, f1 + width / 2, {})


def law(*sizes: int, a: float = 2.0, b: float = 0.4, noise: float = 0.0, seed: int = 0) -> list[Point]:
    rng = np.random.default_rng(seed)
    return [point(n, 1 - a * n**-b * (1 + noise * rng.normal())) for n in sizes]


def test_a_power_law_is_found_again():
    found = fit(law(40, 80, 160, 320))
    assert isinstance(found, PowerLaw)
    assert (np.exp(found.intercept), -found.slope) == pytest.approx((2.0, 0.4))
    assert found.f1(640) == pytest.approx(1 - 2.0 * 640**-0.4)


def test_how_many_more_sentences_an_aim_needs():
    found = forecast(law(40, 80, 160, 320, 640), f1=0.9)
    truth = (0.1 / 2.0) ** (-1 / 0.4) - 640
    assert found.low < truth < found.high
    assert found.more == pytest.approx(truth, rel=0.2)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    truth = (0.12 / 2.0) ** (-1 / 0.4) - 640
    found = [forecast(law(40, 80, 160, 320, 640, noise=0.03, seed=seed), f1=0.88) for seed in range(60)]
    said = [one for one in found if not one.reason]
    assert len(said) > 40
    assert np.mean([one.low <= truth <= one.high for one in said]) > 0.7


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([], "0 of 4 points"),
        (law(40, 80, 160), "3 of 4 points"),
        (law(40, 45, 50, 60), "must double first"),
        ([point(n, 0.5, 0.4) for n in (40, 80, 160, 320)], "still uncertain"),
        ([point(n, 0.7 - n / 1000) for n in (40, 80, 160, 320)], "still uncertain"),
    ],
)
def test_it_says_when_it_is_too_early_to_say(points, reason):
    assert reason in forecast(points, f1=0.9).reason


def test_what_is_reached_needs_no_more():
    assert forecast(law(40, 80, 160, 320, 640, b=0.6), f1=0.5).more == 0
