"""What is trained in a step, and its loss; shared by the steps of all backends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from nertagger.network.tensors import Tensor

Step = Callable[[Mapping[str, np.ndarray], float], Tensor]
"""From the inputs, and the decay of the average in this step, to the loss."""
Evaluation = Callable[[Mapping[str, np.ndarray]], Tensor]
"""From the inputs to the loss, without training."""


class Model(NamedTuple):
    """An encoder with one of its heads.

    Attributes:
        encoder: the encoder.
        head: the head.
        optimizers: that of the encoder and that of the head, built.
        averages: the running averages of their trainable variables, those of the encoder first.
        clip_at: the greatest norm of the gradient.
    """

    encoder: keras.layers.Layer
    head: keras.layers.Layer
    optimizers: tuple[keras.optimizers.Optimizer, keras.optimizers.Optimizer]
    averages: Sequence[keras.Variable]
    clip_at: float

    @property
    def groups(self) -> tuple[list[Any], list[Any]]:
        """Return the trainable variables of the encoder, and those of the head."""
        return self.encoder.trainable_variables, self.head.trainable_variables

    @property
    def variables(self) -> list[Any]:
        """Return the trainable variables."""
        return [variable for group in self.groups for variable in group]

    def loss(self, inputs: Mapping[str, Tensor], *, training: bool) -> Tensor:
        """Return the loss of a batch, a scalar."""
        loss: Tensor = self.head(self.encoder(inputs, training=training), inputs)
        return loss


def averaged(average: Tensor, value: Tensor, decay: Tensor | float) -> Tensor:
    """Return a running average with one more value."""
    return average + (1.0 - decay) * (value - average)


def filled(gradients: Sequence[Tensor | None], variables: Sequence[Any]) -> list[Tensor]:
    """Return the gradients with zeros for the variables that the loss does not depend on."""
    pairs = zip(gradients, variables, strict=True)
    return [ops.zeros(variable.shape) if gradient is None else gradient for gradient, variable in pairs]
