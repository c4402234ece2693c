"""Steps compiled for TensorFlow, both directions in one graph."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from nertagger.training.language_model.steps.forward import Networks, Step, mean_losses


def make_steps(networks: Networks, optimizer: keras.optimizers.Optimizer, *, clip_at: float) -> tuple[Step, Step]:
    """Return the functions for one step of training and one of evaluation; see `steps.make_steps`."""

    def train(inputs: Any, targets: Any, states: Any) -> Any:
        with tf.GradientTape() as tape:
            losses, after = mean_losses(networks, inputs, targets, states, training=True)
            total = tf.add_n(list(losses.values()))
        variables = {name: network.trainable_variables for name, network in networks.items()}
        gradients = tape.gradient(total, {name: [v.value for v in group] for name, group in variables.items()})
        clipped = [g for name in variables for g in tf.clip_by_global_norm(gradients[name], clip_at)[0]]
        optimizer.apply(clipped, [v for group in variables.values() for v in group])
        return losses, after

    def evaluate(inputs: Any, targets: Any, states: Any) -> Any:
        return mean_losses(networks, inputs, targets, states, training=False)

    signature = _signature(networks)
    return tf.function(train, input_signature=signature), tf.function(evaluate, input_signature=signature)


def _signature(networks: Networks) -> list[Any]:
    """Return the types of inputs, targets and states, whose numbers of time steps and rows vary."""
    ids = {name: tf.TensorSpec((None, None), tf.int32) for name in networks}
    states = {name: tf.TensorSpec((n.reader.state_count, None, n.reader.units)) for name, n in networks.items()}
    return [ids, ids, states]
