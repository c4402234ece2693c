"""Randomness from one seed, and the same result from the same seed."""

from __future__ import annotations

import keras
import numpy as np


def make_deterministic(seed: int) -> None:
    """Seed the initial weights and the dropout masks, and have TensorFlow add up in a fixed order."""
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def epoch_generator(seed: int, epoch: int) -> np.random.Generator:
    """The generator of an epoch's order: any epoch can be begun without those before."""
    return np.random.default_rng((seed, epoch))
