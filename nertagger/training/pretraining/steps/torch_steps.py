"""Steps for PyTorch, which run as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nertagger.training.language_model.steps.forward import clip_by_norm
from nertagger.training.pretraining.steps.forward import Evaluation, Model, Step, averaged, filled


def make_steps(model: Model, example: Mapping[str, np.ndarray]) -> tuple[Step, Evaluation]:
    """Return the functions for one step of training and one of evaluation; see `steps.make_steps`."""
    import torch  # here, so that this module can be imported without it
    from keras import ops

    def to_device(inputs: Mapping[str, np.ndarray]) -> dict[str, Any]:
        return {name: ops.convert_to_tensor(array) for name, array in inputs.items()}

    def train(inputs: Mapping[str, np.ndarray], decay: float) -> Any:
        parameters: list[Any] = [variable.value for variable in model.variables]
        loss: Any = model.loss(to_device(inputs), training=True)
        found = torch.autograd.grad(loss, parameters, allow_unused=True)
        with torch.no_grad():
            gradients = clip_by_norm(filled(found, model.variables), model.clip_at)
            for optimizer, group in zip(model.optimizers, model.groups, strict=True):
                optimizer.apply(gradients[: len(group)], group)
                gradients = gradients[len(group) :]
            for average, variable in zip(model.averages, model.variables, strict=True):
                average.assign(averaged(average.value, variable.value, decay))
        return loss.detach()

    def evaluate(inputs: Mapping[str, np.ndarray]) -> Any:
        with torch.no_grad():
            return model.loss(to_device(inputs), training=False)

    return train, evaluate
