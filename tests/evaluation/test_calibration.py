"""Calibration against its definition, against scikit-learn, and of probabilities that are true by construction."""

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
def test_reliability_curve_equals_scikit_learn(predictions: list[tuple[float, bool]]) -> None:
    confidences, is_correct = zip(*predictions, strict=True)
    found = calibrate(confidences, is_correct)
    correct, mean = calibration_curve([*is_correct, True, False], [*confidences, 1.0, 0.0], n_bins=BINS)
    again = calibrate([*confidences, 1.0, 0.0], [*is_correct, True, False])
    places = [confidence * BINS for confidence in confidences]
    is_on_an_edge = any(abs(place - round(place)) < 1e-9 for place in places)
    if not is_on_an_edge:  # the bins of scikit-learn are closed on the other side
        assert [one.correct for one in again.bins] == pytest.approx(list(correct))
        assert [one.confidence for one in again.bins] == pytest.approx(list(mean))
    assert found.brier == pytest.approx(np.mean([(s - r) ** 2 for s, r in predictions]))
    assert found.ece == pytest.approx(
        sum(one.size * abs(one.confidence - one.correct) for one in found.bins) / len(predictions)
    )


def test_brier_score_equals_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    confidences, is_correct = rng.random(500), rng.random(500) < 0.4
    assert calibrate(confidences, is_correct).brier == pytest.approx(brier_score_loss(is_correct, confidences))


def test_true_probabilities_are_well_calibrated() -> None:
    rng = np.random.default_rng(1)
    confidences = rng.random(50_000)
    assert calibrate(confidences, rng.random(50_000) < confidences).ece < 0.01
    assert calibrate(confidences, rng.random(50_000) < confidences**3).ece > 0.2


def test_calibration_without_predictions() -> None:
    assert calibrate([], []).to_dict() == {"ece": 0.0, "brier": 0.0, "bins": []}


@given(PREDICTIONS, st.sampled_from([0.5, 0.8, 0.9, 1.0]))
def test_threshold_is_the_lowest_with_the_precision(predictions: list[tuple[float, bool]], wanted: float) -> None:
    confidences, is_correct = zip(*predictions, strict=True)

    def kept(lowest: float) -> list[bool]:
        return [correct for confidence, correct in predictions if confidence >= lowest]

    good = [lowest for lowest in set(confidences) if np.mean(kept(lowest)) >= wanted]
    found = threshold_for(wanted, confidences, is_correct)
    if not good:
        assert found is None
        return
    assert found is not None
    assert found.confidence == min(good)
    assert found.kept == len(kept(min(good)))
    assert found.precision == pytest.approx(np.mean(kept(min(good))))
    assert found.kept_correct == pytest.approx(sum(kept(min(good))) / max(sum(is_correct), 1))


def test_threshold_without_predictions() -> None:
    assert threshold_for(0.9, [], []) is None
