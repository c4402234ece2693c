"""Steps compiled for TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from nertagger.training.pretraining.steps.forward import Evaluation, Model, Step, averaged, filled


def make_steps(model: Model, example: Mapping[str, np.ndarray]) -> tuple[Step, Evaluation]:
    """Return the functions for one step of training and one of evaluation; see `steps.make_steps`."""
    signature = {name: tf.TensorSpec(_shape(name, array), array.dtype) for name, array in example.items()}

    def train(inputs: Any, decay: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = model.loss(inputs, training=True)
        gradients = filled(tape.gradient(loss, [variable.value for variable in model.variables]), model.variables)
        gradients, _ = tf.clip_by_global_norm(gradients, model.clip_at)
        for optimizer, group in zip(model.optimizers, model.groups, strict=True):
            optimizer.apply(gradients[: len(group)], group)
            gradients = gradients[len(group) :]
        for average, variable in zip(model.averages, model.variables, strict=True):
            average.assign(averaged(average.value, variable.value, decay))
        return loss

    def evaluate(inputs: Any) -> Any:
        return model.loss(inputs, training=False)

    step = tf.function(train, input_signature=[signature, tf.TensorSpec((), tf.float32)])
    return step, tf.function(evaluate, input_signature=[signature])


def _shape(name: str, array: np.ndarray) -> tuple[int | None, ...]:
    """Return the shape of an input: variable but for the width of vectors."""
    has_width = name == "vectors"
    return (*(None,) * (array.ndim - 1), array.shape[-1] if has_width else None)
