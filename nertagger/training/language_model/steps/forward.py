"""Losses and clipping of gradients, shared by the steps of all backends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from keras import ops

from nertagger.network.language_model import LanguageNetwork, next_loss
from nertagger.network.tensors import Tensor

Networks = Mapping[str, LanguageNetwork]
ByDirection = Mapping[str, Tensor]
Arrays = Mapping[str, np.ndarray]
Step = Callable[[Arrays, Arrays, Arrays], tuple[ByDirection, ByDirection]]
"""From inputs, targets and states to losses and the states to continue from, by direction."""


def mean_losses(
    networks: Networks, inputs: ByDirection, targets: ByDirection, states: ByDirection, *, training: bool
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return the mean loss of each direction, in nats per symbol, and the states to continue from.

    Shape: inputs and targets int32 (T, B), states (S, B, H).
    """
    losses, after = {}, {}
    for name, network in networks.items():
        scores, after[name] = network(inputs[name], states[name], training=training)
        losses[name] = ops.mean(next_loss(scores, targets[name]))
    return losses, after


def clip_by_norm(gradients: Sequence[Tensor], clip_at: float) -> list[Tensor]:
    """Return the gradients, scaled so that the norm of all of them together is at most `clip_at`."""
    total = ops.sum(ops.stack([ops.sum(ops.square(gradient)) for gradient in gradients]))
    factor = clip_at / ops.maximum(ops.sqrt(total), clip_at)
    return [gradient * factor for gradient in gradients]
