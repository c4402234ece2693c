"""The networks of a language model in training, under any backend of Keras."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np
from keras import ops

from nertagger.config.language_model import LanguageModelConfig
from nertagger.network.language_model import LanguageNetwork
from nertagger.network.tensors import Tensor
from nertagger.training.language_model.steps import make_steps
from nertagger.training.language_model.stream import Window

State = dict[str, np.ndarray]
"""The states that each direction carries over from one window to the next, float32 (S, B, H)."""


class Learner:
    """The networks of both directions and their optimizer.

    A step of training is truncated backpropagation through time (Williams and Peng 1990). The directions share a step,
    so that they run in parallel, and nothing else; the gradient of each is clipped by its own norm (Pascanu et al.
    2013).

    Attributes:
        networks: by direction.
    """

    def __init__(self, config: LanguageModelConfig, symbols: int) -> None:
        self.networks = {name: LanguageNetwork(config, symbols, name=name) for name in config.directions}
        for network in self.networks.values():
            network.build()
        self.optimizer = keras.optimizers.Adam(learning_rate=config.learning_rate)
        self.optimizer.build([v for network in self.networks.values() for v in network.trainable_variables])
        self._train, self._evaluate = make_steps(self.networks, self.optimizer, clip_at=config.clip_at)

    @property
    def variables(self) -> list[keras.Variable]:
        """All variables that decide how training continues, including those of random number generators."""
        networks = [variable for network in self.networks.values() for variable in network.variables]
        return [*networks, *self.optimizer.variables]

    def start(self, batch_size: int) -> State:
        """Return the states before the first symbol, zeros."""
        return {name: ops.convert_to_numpy(network.reader.start(batch_size)) for name, network in self.networks.items()}

    def train(self, window: Window, state: State, *, learning_rate: float) -> tuple[dict[str, float], State]:
        """Do one step; return the mean loss of each direction, in nats per symbol, and the states to continue from."""
        self.optimizer.learning_rate = learning_rate
        return _to_numpy(*self._train(window.inputs, window.targets, state))

    def evaluate(self, window: Window, state: State) -> tuple[dict[str, float], State]:
        """Return what `train` returns, without training."""
        return _to_numpy(*self._evaluate(window.inputs, window.targets, state))


def _to_numpy(losses: Mapping[str, Tensor], states: Mapping[str, Tensor]) -> tuple[dict[str, float], State]:
    arrays = {name: ops.convert_to_numpy(state) for name, state in states.items()}
    return {name: float(loss) for name, loss in losses.items()}, arrays
