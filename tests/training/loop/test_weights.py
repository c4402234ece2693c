"""The running average of the weights, compared with its formula."""

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
    """Return the average after each step, starting from 0."""
    average = WeightAverage(decay, {"kernel": np.zeros(1, np.float32)})
    found = []
    for value in values:
        average.update(SimpleNamespace(trainable_variables=[Variable(value)]))
        found.append(float(average.weights["kernel"][0]))
    return found


def test_without_decay_the_average_equals_the_weights() -> None:
    assert averages(0.0, [3.0, -1.0, 5.0]) == [3.0, -1.0, 5.0]


def test_the_decay_is_smaller_in_the_first_steps() -> None:
    expected, mean = [], 0.0
    for step, value in enumerate([3.0, -1.0, 5.0, 2.0, 7.0], start=1):
        decay = min(0.3, (1 + step) / (10 + step))
        mean = decay * mean + (1 - decay) * value
        expected.append(mean)
    assert averages(0.3, [3.0, -1.0, 5.0, 2.0, 7.0]) == pytest.approx(expected)
