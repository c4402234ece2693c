"""Seeds, and determinism: the same seed gives the same result."""

from __future__ import annotations

import logging
import os

import keras
import numpy as np

logger = logging.getLogger(__name__)


def make_deterministic(seed: int) -> None:
    """Seed the initial weights and the dropout masks, and make TensorFlow's sums deterministic."""
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
        share_cores()


def share_cores() -> None:
    """Give each direction of a layer half of the cores.

    The directions run side by side; one matrix product of a time step is too small to be worth dividing further, and on
    a busy machine its parts wait for one another (measured: 49 ms per step instead of 68 on two cores).
    """
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(max(1, (os.cpu_count() or 2) // 2))
    except RuntimeError:  # TensorFlow has computed something already, and keeps the threads it has
        logger.debug("TensorFlow's threads are left as they are")


def member_seed(seed: int, number: int) -> int:
    """Return the seed of a network of a committee, counted from 0; the first one's is that of the run.

    >>> member_seed(7, 0)
    7
    """
    return seed if number == 0 else int(np.random.SeedSequence((seed, number)).generate_state(1)[0])


def epoch_generator(seed: int, epoch: int) -> np.random.Generator:
    """Return the random generator of an epoch's order, which does not depend on the epochs before."""
    return np.random.default_rng((seed, epoch))
