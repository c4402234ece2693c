"""The learning rate and the end of training, from the number of epochs and their dev F1.

By default, the learning rate stays the same as long as epochs are scored on the dev split: the average of weights has
the effect of a falling rate, and no epoch is spent on small steps twice. It falls in the last epochs, which also train
on the dev split.

Until the first entity is found there is no plateau and training continues: small corpora need many epochs to start.
They get more epochs of both kinds, since what a network learns depends on the number of steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from nertagger.config import TrainingConfig

_EPOCHS, _STEPS, _STEPS_BEFORE_REFIT = 7, 500, 250  # at least, where the configuration does not say
_REFIT_EPOCHS, _REFIT_STEPS, _MAX_REFIT_EPOCHS = 5, 800, 40


@dataclass
class Schedule:
    """The state of the schedule after some epochs.

    Attributes:
        learning_rate: the learning rate of the next epoch.
        epochs: the greatest number of epochs that are scored on the dev split.
        refit: the number of epochs after these, which train on the dev split too.
        best_f1: the best dev F1 so far, -1 before the first epoch.
        best_epoch: its epoch, from 1.
        plateau: epochs since the best one or the last reduction.
    """

    learning_rate: float
    epochs: int
    refit: int
    best_f1: float = -1.0
    best_epoch: int = 0
    plateau: int = 0

    @classmethod
    def begin(cls, config: TrainingConfig, *, steps: int, refit_steps: int) -> Self:
        """Return the schedule of a run.

        Args:
            config: the settings.
            steps: those of an epoch on the training split.
            refit_steps: those of an epoch on the training and dev splits together.
        """
        epochs = config.epochs or _at_least(_EPOCHS, _STEPS_BEFORE_REFIT if config.refit else _STEPS, steps)
        return cls(config.learning_rate, epochs, _automatic(refit_steps) if config.refit == "auto" else config.refit)

    def epoch_done(self, epoch: int, f1: float, config: TrainingConfig) -> bool:
        """Take the dev F1 of an epoch into account; return whether it is the best so far."""
        if config.schedule == "linear":
            self.learning_rate = config.learning_rate * (1 - epoch / self.epochs)
        if f1 > self.best_f1:
            self.best_f1, self.best_epoch, self.plateau = f1, epoch, 0
            return True
        if self.best_f1 == 0:  # nothing found yet: not a plateau
            return False
        self.plateau += 1
        if config.schedule == "plateau" and self.plateau >= config.anneal_patience:
            self.learning_rate *= config.anneal_factor
            self.plateau = 0
        return False

    def is_over(self, epoch: int, config: TrainingConfig) -> bool:
        """Return whether `epoch` was the last."""
        return epoch >= self.epochs or (self.best_f1 > 0 and epoch - self.best_epoch >= config.patience)

    def refit_rate(self, config: TrainingConfig, done: float) -> float:
        """Return the learning rate after `done` of the epochs that also train on the dev split.

        >>> config = TrainingConfig(learning_rate=0.008, refit=4)
        >>> Schedule.begin(config, steps=100, refit_steps=120).refit_rate(config, 3.0)
        0.002
        """
        return config.learning_rate * max(0.0, 1 - done / self.refit)


def _automatic(steps_per_epoch: int) -> int:
    """Return the number of refit epochs where the configuration does not say."""
    return min(_MAX_REFIT_EPOCHS, _at_least(_REFIT_EPOCHS, _REFIT_STEPS, steps_per_epoch))


def _at_least(epochs: int, steps: int, steps_per_epoch: int) -> int:
    """Return this many epochs, or as many as make `steps`."""
    return max(epochs, -(-steps // steps_per_epoch))
