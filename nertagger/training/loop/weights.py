"""The network's weights by name, as NumPy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from nertagger.errors import TrainingError

Weights = dict[str, np.ndarray]


def weight_name(variable: Any) -> str:
    """Return the path of a variable below the network, such as ``stack/layer0_forward/kernel``."""
    return str(variable.path).partition("/")[2]


def to_numpy(variable: Any) -> np.ndarray:
    """Return a copy of a variable's value."""
    return np.asarray(variable.numpy())  # a copy by Keras


def get_weights(network: Any) -> Weights:
    """Return a copy of every trainable weight, by name."""
    return {weight_name(v): to_numpy(v) for v in network.trainable_variables}


def set_weights(network: Any, weights: Weights) -> None:
    """Give the network these weights.

    Raises:
        TrainingError: if a name or a shape differs.
    """
    variables = {weight_name(v): v for v in network.trainable_variables}
    shapes = {name: tuple(v.shape) for name, v in variables.items()}
    given = {name: array.shape for name, array in weights.items()}
    if shapes != given:
        name = min(dict(shapes.items() ^ given.items()))
        raise TrainingError(f"weights of another network: {name} has {given.get(name)}, expected {shapes.get(name)}")
    for name, variable in variables.items():
        variable.assign(weights[name])


class WeightAverage:
    """The exponential moving average of weights (Polyak and Juditsky 1992), which varies less than they do.

    ``average <- d * average + (1 - d) * weights`` with ``d = min(decay, (1 + step) / (10 + step))``, so that the first
    steps have little weight. With a decay of 0 it equals the weights.
    """

    def __init__(self, decay: float, weights: Weights, *, step: int = 0) -> None:
        self.decay, self.step = decay, step
        self.weights = {name: array.copy() for name, array in weights.items()}

    def update(self, network: Any) -> None:
        """Take the network's weights after one more step into the average."""
        self.step += 1
        decay = min(self.decay, (1 + self.step) / (10 + self.step))
        for variable in network.trainable_variables:
            average, step = self.weights[weight_name(variable)], to_numpy(variable)
            step -= average
            step *= np.float32(1 - decay)
            average += step
