"""How the step size falls, and when to stop: by the number of epochs and the dev F1 of those so far.

By default it does not fall before the dev split has judged: the average of weights stands in for weights that small
steps have settled, and no epoch is spent on small steps twice. The last epochs, which learn from the dev split too, are
those in which it falls.

Until the first entity is found, a plateau is none and the run goes on: small corpora need many epochs to begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from nertagger.config import TrainingConfig

_EPOCHS, _STEPS = 7, 500  # at least, where the configuration does not say


@dataclass
class Schedule:
    """What the epochs so far mean for the next one.

    Attributes:
        learning_rate: the step size to go on with.
        epochs: how many there are at most.
        best_f1: the best dev F1 so far, -1 before the first epoch.
        best_epoch: when that was, from 1.
        plateau: epochs since the best one or the last lowering.
    """

    learning_rate: float
    epochs: int
    best_f1: float = -1.0
    best_epoch: int = 0
    plateau: int = 0

    @classmethod
    def begin(cls, config: TrainingConfig, *, steps: int) -> Self:
        """The schedule of a run whose epochs have so many steps."""
        return cls(config.learning_rate, config.epochs or max(_EPOCHS, -(-_STEPS // steps)))

    def epoch_done(self, epoch: int, f1: float, config: TrainingConfig) -> bool:
        """Take an epoch's dev F1 into account; whether it is the best so far."""
        if config.schedule == "linear":
            self.learning_rate = config.learning_rate * (1 - epoch / self.epochs)
        if f1 > self.best_f1:
            self.best_f1, self.best_epoch, self.plateau = f1, epoch, 0
            return True
        if self.best_f1 == 0:  # nothing found yet: a beginning, not a plateau
            return False
        self.plateau += 1
        if config.schedule == "plateau" and self.plateau >= config.anneal_patience:
            self.learning_rate *= config.anneal_factor
            self.plateau = 0
        return False

    def is_over(self, epoch: int, config: TrainingConfig) -> bool:
        """Whether `epoch` was the last."""
        return epoch >= self.epochs or (self.best_f1 > 0 and epoch - self.best_epoch >= config.patience)


def refit_rate(config: TrainingConfig, done: float) -> float:
    """The step size after `done` of the epochs that learn from the dev split too.

    >>> refit_rate(TrainingConfig(learning_rate=0.008, refit=4), 3.0)
    0.002
    """
    return config.learning_rate * max(0.0, 1 - done / config.refit)
