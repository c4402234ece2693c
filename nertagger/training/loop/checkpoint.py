"""The state of a tagger's run between two steps, from which it continues as if it had never stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nertagger.training.loop.checkpoint_file import SavedState, saved_state
from nertagger.training.loop.fingerprint import Fingerprint
from nertagger.training.loop.schedule import Schedule
from nertagger.training.loop.weights import Weights

COMMAND = "nertagger train"


@dataclass
class Progress:
    """The progress of a run.

    Attributes:
        schedule: what the epochs so far mean for the next.
        epoch: the epoch in progress, from 1.
        step: steps done in it.
        loss: the sum of the losses of these steps.
        seconds: time spent in training so far.
        refit: the number, from 1, of the epoch in progress among those that also train on the dev split; 0 before.
    """

    schedule: Schedule
    epoch: int = 1
    step: int = 0
    loss: float = 0.0
    seconds: float = 0.0
    refit: int = 0

    @property
    def scored_epochs(self) -> int:
        """Return how many epochs were scored on the dev split."""
        return self.epoch - max(self.refit, 1)


@dataclass
class Checkpoint:
    """The state from which a run continues.

    Attributes:
        progress: how far it has come.
        variables: every variable of the network and the optimizer in order, generators of random numbers included.
        average: the running average of weights.
        average_steps: how many steps are in the average.
        best: the weights of the best epoch; empty before the first.
        fingerprint: what the run started with.
    """

    progress: Progress
    variables: list[np.ndarray]
    average: Weights
    average_steps: int
    best: Weights
    fingerprint: Fingerprint

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the previous one atomically."""
        weights = {"average": self.average, "best": self.best}
        details = {"average_steps": str(self.average_steps)}
        state = SavedState(asdict(self.progress), self.variables, weights, self.fingerprint, details)
        state.save(folder, command=COMMAND)

    @classmethod
    def load(cls, folder: Path) -> Checkpoint:
        """Read the checkpoint in the folder of a run.

        Raises:
            TrainingError: if there is none, it is damaged, or it is that of another kind of run.
        """
        with saved_state(folder, command=COMMAND, groups=("average", "best")) as state:
            progress = Progress(**{**state.progress, "schedule": Schedule(**state.progress["schedule"])})
            average, best = state.weights["average"], state.weights["best"]
            return cls(progress, state.variables, average, int(state.details["average_steps"]), best, state.fingerprint)
