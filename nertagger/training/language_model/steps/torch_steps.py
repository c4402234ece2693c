"""Steps for PyTorch, which run as they are written."""

from __future__ import annotations

from typing import Any

import keras

from nertagger.training.language_model.steps.forward import Networks, Step, clip_by_norm, mean_losses


def make_steps(networks: Networks, optimizer: keras.optimizers.Optimizer, *, clip_at: float) -> tuple[Step, Step]:
    """Return the functions for one step of training and one of evaluation; see `steps.make_steps`."""
    import torch  # here, so that this module can be imported without it

    def train(inputs: Any, targets: Any, states: Any) -> Any:
        variables = {name: network.trainable_variables for name, network in networks.items()}
        parameters: dict[str, list[Any]] = {name: [v.value for v in group] for name, group in variables.items()}
        losses, after = mean_losses(networks, inputs, targets, states, training=True)
        total = torch.stack(list(losses.values())).sum()
        flat = iter(torch.autograd.grad(total, [parameter for group in parameters.values() for parameter in group]))
        with torch.no_grad():
            clipped = [g for group in parameters.values() for g in clip_by_norm([next(flat) for _ in group], clip_at)]
            optimizer.apply(clipped, [variable for group in variables.values() for variable in group])
        return _detached(losses), _detached(after)

    def evaluate(inputs: Any, targets: Any, states: Any) -> Any:
        with torch.no_grad():
            return mean_losses(networks, inputs, targets, states, training=False)

    return train, evaluate


def _detached(tensors: dict[str, Any]) -> dict[str, Any]:
    return {name: tensor.detach() for name, tensor in tensors.items()}
