"""The state of a run between two steps, from which it goes on as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nertagger.modelfile.tensors import below
from nertagger.training.loop.checkpoint_file import checkpoint_read, write_checkpoint
from nertagger.training.loop.fingerprint import Fingerprint
from nertagger.training.loop.schedule import Schedule
from nertagger.training.loop.weights import Weights

COMMAND = "nertagger train"


@dataclass
class Progress:
    """How far a run has come.

    Attributes:
        schedule: what the epochs so far mean for the next.
        epoch: the epoch in progress, from 1.
        step: steps done in it.
        loss: the sum of the losses of these steps.
        seconds: time spent in training so far.
        refit: which of the epochs is in progress that learn from the dev split too, from 1; 0 before them.
    """

    schedule: Schedule
    epoch: int = 1
    step: int = 0
    loss: float = 0.0
    seconds: float = 0.0
    refit: int = 0

    @property
    def judged(self) -> int:
        """How many epochs the dev split has judged."""
        return self.epoch - max(self.refit, 1)


@dataclass
class Checkpoint:
    """All that decides how a run goes on.

    Attributes:
        progress: how far it has come.
        variables: every variable of the network and the optimizer in order, generators of random numbers included.
        average: the running average of weights.
        average_steps: how many steps are in it.
        best: the weights of the best epoch; empty before the first.
        fingerprint: what the run began with.
    """

    progress: Progress
    variables: list[np.ndarray]
    average: Weights
    average_steps: int
    best: Weights
    fingerprint: Fingerprint

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the one before at once."""
        tensors = {f"variable/{i:04d}": array for i, array in enumerate(self.variables)}
        tensors |= {f"average/{name}": array for name, array in self.average.items()}
        tensors |= {f"best/{name}": array for name, array in self.best.items()}
        state = {
            "progress": json.dumps(asdict(self.progress)),
            "average_steps": str(self.average_steps),
            "fingerprint": json.dumps(self.fingerprint),
        }
        write_checkpoint(folder, tensors, state, command=COMMAND)

    @classmethod
    def load(cls, folder: Path) -> Checkpoint:
        """The checkpoint in the folder of a run.

        Raises:
            TrainingError: if there is none, it is damaged, or that of another kind of run.
        """
        with checkpoint_read(folder, command=COMMAND) as (tensors, state):
            values = json.loads(state["progress"])
            progress = Progress(**{**values, "schedule": Schedule(**values["schedule"])})
            variables = [tensors[name] for name in sorted(tensors) if name.startswith("variable/")]
            average, best = below(tensors, "average"), below(tensors, "best")
            fingerprint = dict(json.loads(state["fingerprint"]))
            return cls(progress, variables, average, int(state["average_steps"]), best, fingerprint)
