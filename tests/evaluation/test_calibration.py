"""Calibration: by definition, by scikit-learn, and of confidences that are true by construction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from nertagger.evaluation.calibration import BINS, calibrate, threshold_for

PREDICTIONS = st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), min_size=1, max_size=40)


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), min_size=1, max_size=60))
def test_curve_is_scikit_learns(predictions: list[tuple[float, bool]]) -> None:
    sure, right = zip(*predictions, strict=True)
    found = calibrate(sure, right)
    correct, mean = calibration_curve([*right, True, False], [*sure, 1.0, 0.0], n_bins=BINS)
    again = calibrate([*sure, 1.0, 0.0], [*right, True, False])
    character_range = [confidence * BINS for confidence in sure]
    if not any(
        abs(edge - round(edge)) < 1e-9 for edge in character_range
    ):  # scikit-learn's bins are closed on the other side
        assert [one.correct for one in again.bins] == pytest.approx(list(correct))
        assert [one.confidence for one in again.bins] == pytest.approx(list(mean))
    assert found.brier == pytest.approx(np.mean([(s - r) ** 2 for s, r in predictions]))
    assert found.ece == pytest.approx(
        sum(one.size * abs(one.confidence - one.correct) for one in found.bins) / len(predictions)
    )


def test_brier_score_is_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    sure, right = rng.random(500), rng.random(500) < 0.4
    assert calibrate(sure, right).brier == pytest.approx(brier_score_loss(right, sure))


def test_true_probabilities_have_next_to_no_error() -> None:
    rng = np.random.default_rng(1)
    sure = rng.random(50_000)
    assert calibrate(sure, rng.random(50_000) < sure).ece < 0.01
    assert calibrate(sure, rng.random(50_000) < sure**3).ece > 0.2


def test_calibration_of_nothing() -> None:
    assert calibrate([], []).to_dict() == {"ece": 0.0, "brier": 0.0, "bins": []}


@given(PREDICTIONS, st.sampled_from([0.5, 0.8, 0.9, 1.0]))
def test_threshold_is_the_least_that_has_the_precision(predictions: list[tuple[float, bool]], wanted: float) -> None:
    sure, right = zip(*predictions, strict=True)

    def kept(least: float) -> list[bool]:
        return [r for s, r in predictions if s >= least]

    good = [least for least in set(sure) if np.mean(kept(least)) >= wanted]
    found = threshold_for(wanted, sure, right)
    if not good:
        assert found is None
        return
    assert found is not None
    assert found.confidence == min(good)
    assert found.kept == len(kept(min(good)))
    assert found.precision == pytest.approx(np.mean(kept(min(good))))
    assert found.kept_correct == pytest.approx(sum(kept(min(good))) / max(sum(right), 1))


def test_threshold_of_nothing() -> None:
    assert threshold_for(0.9, [], []) is None
