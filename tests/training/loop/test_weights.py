"""The average of weights, against its formula."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from nertagger.training.loop.weights import WeightAverage


class Variable:
    """A variable of a network named ``tagger``."""

    path = "tagger/kernel"

    def __init__(self, value: float) -> None:
        self.value = np.array([value], np.float32)

    def numpy(self) -> np.ndarray:
        return self.value


def averages(decay: float, values: list[float]) -> list[float]:
    """Return the average after each step, where it began at 0."""
    average = WeightAverage(decay, {"kernel": np.zeros(1, np.float32)})
    found = []
    for value in values:
        average.update(SimpleNamespace(trainable_variables=[Variable(value)]))
        found.append(float(average.weights["kernel"][0]))
    return found


def test_no_decay_follows_the_weights_at_every_step() -> None:
    assert averages(0.0, [3.0, -1.0, 5.0]) == [3.0, -1.0, 5.0]


def test_every_step_counts_and_the_first_ones_are_soon_forgotten() -> None:
    expected, mean = [], 0.0
    for step, value in enumerate([3.0, -1.0, 5.0, 2.0, 7.0], start=1):
        decay = min(0.3, (1 + step) / (10 + step))
        mean = decay * mean + (1 - decay) * value
        expected.append(mean)
    assert averages(0.3, [3.0, -1.0, 5.0, 2.0, 7.0]) == pytest.approx(expected)
