"""Steps compiled for JAX, once for each shape of windows."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from nertagger.network.language_model import next_loss
from nertagger.training.language_model.steps.forward import Networks, Step, clip_by_norm


def make_steps(networks: Networks, optimizer: keras.optimizers.Optimizer, *, clip_at: float) -> tuple[Step, Step]:
    """Return the functions for one step of training and one of evaluation; see `steps.make_steps`."""
    import jax  # here, so that this module can be imported without it

    def total_loss(trainable: Any, others: Any, batch: Any, training: bool) -> Any:
        losses, after, updated = {}, {}, {}
        for name, network in networks.items():
            inputs, targets, states = (part[name] for part in batch)
            (scores, after[name]), updated[name] = network.stateless_call(
                trainable[name], others[name], inputs, states, training=training
            )
            losses[name] = ops.mean(next_loss(scores, targets))
        return sum(losses.values()), (losses, after, updated)

    def updated_values(trainable: Any, others: Any, optimizer_values: Any, batch: Any) -> Any:
        (_, (losses, after, others)), gradients = jax.value_and_grad(total_loss, has_aux=True)(
            trainable, others, batch, True
        )
        clipped = [gradient for name in networks for gradient in clip_by_norm(gradients[name], clip_at)]
        values = [value for name in networks for value in trainable[name]]
        values, optimizer_values = optimizer.stateless_apply(optimizer_values, clipped, values)
        return losses, after, (values, [value for name in networks for value in others[name]], optimizer_values)

    def evaluated(trainable: Any, others: Any, batch: Any) -> Any:
        _, (losses, after, _) = total_loss(trainable, others, batch, False)
        return losses, after

    compiled_update, compiled_evaluation = jax.jit(updated_values), jax.jit(evaluated)

    def train(inputs: Any, targets: Any, states: Any) -> Any:
        optimizer_values = [variable.value for variable in optimizer.variables]
        losses, after, updated = compiled_update(*_values(networks), optimizer_values, (inputs, targets, states))
        for variables, values in zip(_variables(networks, optimizer), updated, strict=True):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        return losses, after

    def evaluate(inputs: Any, targets: Any, states: Any) -> Any:
        return compiled_evaluation(*_values(networks), (inputs, targets, states))

    return train, evaluate


def _values(networks: Networks) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Return the values of trainable and of other variables, by direction."""
    trainable = {name: [v.value for v in network.trainable_variables] for name, network in networks.items()}
    others = {name: [v.value for v in network.non_trainable_variables] for name, network in networks.items()}
    return trainable, others


def _variables(networks: Networks, optimizer: keras.optimizers.Optimizer) -> tuple[list[keras.Variable], ...]:
    """Return the trainable variables, the other ones, and those of the optimizer."""
    trainable = [variable for network in networks.values() for variable in network.trainable_variables]
    others = [variable for network in networks.values() for variable in network.non_trainable_variables]
    return trainable, others, optimizer.variables
