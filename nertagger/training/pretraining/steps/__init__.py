"""Steps of training and evaluation, compiled for the backend in use; only that backend is imported."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import keras
import numpy as np

from nertagger.training.pretraining.steps.forward import Evaluation, Model, Step

__all__ = ["Evaluation", "Model", "Step", "make_steps"]

_BACKENDS = ("tensorflow", "jax", "torch")


def make_steps(model: Model, example: Mapping[str, np.ndarray]) -> tuple[Step, Evaluation]:
    """Return the functions for one step of training and one of evaluation.

    Args:
        model: what is trained.
        example: inputs of a step, for the names and types of its arrays; their shapes may vary.
    """
    backend = keras.backend.backend()
    if backend not in _BACKENDS:
        raise ValueError(f"KERAS_BACKEND is {backend}, expected tensorflow, jax or torch to train an encoder")
    module = import_module(f"nertagger.training.pretraining.steps.{backend}_steps")
    made: tuple[Step, Evaluation] = module.make_steps(model, example)
    return made
