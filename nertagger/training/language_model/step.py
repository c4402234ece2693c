"""A step of truncated backpropagation through time (Williams and Peng 1990), compiled for TensorFlow.

The networks of both directions are in one graph, so that they run side by side; nothing else joins them. Each
direction's gradient is clipped by its own norm (Pascanu et al. 2013).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nertagger.config.language_model import LanguageModelConfig
from nertagger.network.language_model import LanguageNetwork, next_loss
from nertagger.training.language_model.stream import Window

State = dict[str, np.ndarray]


class Learner:
    """The networks of a language model and their optimizer.

    Attributes:
        networks: one for each direction.
    """

    def __init__(self, config: LanguageModelConfig, symbols: int) -> None:
        self._config = config
        self.networks = {name: LanguageNetwork(config, symbols, name=name) for name in config.directions}
        for network in self.networks.values():
            network.build()
        self.optimizer = keras.optimizers.Adam(learning_rate=config.learning_rate)
        self.optimizer.build([v for network in self.networks.values() for v in network.trainable_variables])
        ids = {name: tf.TensorSpec((None, None), tf.int32) for name in self.networks}
        states = {
            name: tf.TensorSpec((n.reader.state_count, None, n.reader.units)) for name, n in self.networks.items()
        }
        self._learn = tf.function(self._learn_eagerly, input_signature=[ids, ids, states])
        self._judge = tf.function(self._judge_eagerly, input_signature=[ids, ids, states])

    @property
    def variables(self) -> list[keras.Variable]:
        """Every variable that decides how training goes on, generators of random numbers included."""
        networks = [variable for network in self.networks.values() for variable in network.variables]
        return [*networks, *self.optimizer.variables]

    def start(self, lanes: int) -> State:
        """The states before the first symbol, (S, B, H) of each direction."""
        return {name: np.asarray(network.reader.start(lanes)) for name, network in self.networks.items()}

    def learn(self, window: Window, state: State, *, learning_rate: float) -> tuple[dict[str, float], State]:
        """One step; returns the mean loss of each direction, in nats a symbol, and the states to go on from."""
        self.optimizer.learning_rate = learning_rate
        return _plain(*self._learn(window.inputs, window.targets, state))

    def judge(self, window: Window, state: State) -> tuple[dict[str, float], State]:
        """As `learn`, but nothing is learned."""
        return _plain(*self._judge(window.inputs, window.targets, state))

    def _losses(
        self, inputs: Mapping[str, Any], targets: Mapping[str, Any], states: Mapping[str, Any], *, training: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        losses, after = {}, {}
        for name, network in self.networks.items():
            scores, after[name] = network(inputs[name], states[name], training=training)
            losses[name] = tf.reduce_mean(next_loss(scores, targets[name]))
        return losses, after

    def _learn_eagerly(self, inputs: Any, targets: Any, states: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        with tf.GradientTape() as tape:
            losses, after = self._losses(inputs, targets, states, training=True)
            total = tf.add_n(list(losses.values()))
        variables = {name: network.trainable_variables for name, network in self.networks.items()}
        gradients = tape.gradient(total, {name: [v.value for v in group] for name, group in variables.items()})
        clipped = [g for name in variables for g in tf.clip_by_global_norm(gradients[name], self._config.clip_at)[0]]
        self.optimizer.apply(clipped, [v for group in variables.values() for v in group])
        return losses, after

    def _judge_eagerly(self, inputs: Any, targets: Any, states: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return self._losses(inputs, targets, states, training=False)


def _plain(losses: Mapping[str, Any], states: Mapping[str, Any]) -> tuple[dict[str, float], State]:
    return {name: float(loss) for name, loss in losses.items()}, {name: s.numpy() for name, s in states.items()}
