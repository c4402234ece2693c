"""The last epochs of a run, which learn from the dev split too.

Once the dev split has chosen the epoch it is worth more as text to learn from: it is often closer to the text to be
tagged than the training split is, and there is never too much of it. So the run goes on from the weights it has chosen,
on all dev sentences and twice as many training sentences, others each epoch, with a step size that falls to zero.
Nothing judges these epochs: how many there are is a setting, and the dev scores are those from before.
"""

from __future__ import annotations

import numpy as np

from nertagger.config import TrainingConfig

_BESIDE = 2  # training sentences beside each dev sentence
_BEGIN = 0.6  # the first step size, of that of the run


def refit_sample(generator: np.random.Generator, *, train: int, dev: int) -> np.ndarray:
    """The numbers of an epoch's sentences in random order; those of the dev split stand behind the training split's."""
    chosen = generator.permutation(train)[: _BESIDE * dev]
    return generator.permutation(np.concatenate([chosen, np.arange(train, train + dev)]))


def refit_rate(config: TrainingConfig, done: float) -> float:
    """The step size after `done` of the epochs.

    >>> refit_rate(TrainingConfig(learning_rate=0.008, refit=4), 3.0)
    0.0012
    """
    return config.learning_rate * _BEGIN * max(0.0, 1 - done / config.refit)
