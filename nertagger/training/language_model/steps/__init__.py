"""Steps of training and evaluation, compiled for the backend in use; only that backend is imported."""

from __future__ import annotations

import keras

from nertagger.training.language_model.steps.forward import Networks, Step

__all__ = ["Networks", "Step", "make_steps"]


def make_steps(networks: Networks, optimizer: keras.optimizers.Optimizer, *, clip_at: float) -> tuple[Step, Step]:
    """Return the functions for one step of training and one of evaluation.

    Args:
        networks: by direction, built.
        optimizer: built for the trainable variables of all networks in order.
        clip_at: the greatest norm of the gradient of one direction.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        from nertagger.training.language_model.steps import tensorflow_steps

        return tensorflow_steps.make_steps(networks, optimizer, clip_at=clip_at)
    if backend == "jax":
        from nertagger.training.language_model.steps import jax_steps

        return jax_steps.make_steps(networks, optimizer, clip_at=clip_at)
    if backend == "torch":
        from nertagger.training.language_model.steps import torch_steps

        return torch_steps.make_steps(networks, optimizer, clip_at=clip_at)
    raise ValueError(f"KERAS_BACKEND is {backend}, expected tensorflow, jax or torch to train a language model")
