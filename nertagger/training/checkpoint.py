"""The state of a run between two steps, from which it goes on as if it had never stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from nertagger.errors import TrainingError
from nertagger.files import atomic_write
from nertagger.training.schedule import Schedule
from nertagger.training.weights import Weights

FILE_NAME = "checkpoint.safetensors"


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
    """

    progress: Progress
    variables: list[np.ndarray]
    average: Weights
    average_steps: int
    best: Weights

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the one before at once."""
        tensors = {f"variable/{i:04d}": array for i, array in enumerate(self.variables)}
        tensors |= {f"average/{name}": array for name, array in self.average.items()}
        tensors |= {f"best/{name}": array for name, array in self.best.items()}
        # Not `ascontiguousarray`: it makes the optimizer's scalars vectors.
        arrays = {name: np.asarray(array, order="C") for name, array in tensors.items()}
        state = {"progress": json.dumps(asdict(self.progress)), "average_steps": str(self.average_steps)}
        with atomic_write(folder / FILE_NAME) as stream:
            stream.write(safetensors.numpy.save(arrays, state))

    @classmethod
    def load(cls, folder: Path) -> Checkpoint:
        """The checkpoint in the folder of a run.

        Raises:
            TrainingError: if there is none, or it is damaged.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            raise TrainingError(
                f"{folder}: has no {FILE_NAME} to go on from; it is written when an epoch or Ctrl-C ends"
            )
        try:
            with safetensors.safe_open(path, framework="np") as file:
                state: Mapping[str, str] = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
            values = json.loads(state["progress"])
            progress = Progress(**{**values, "schedule": Schedule(**values["schedule"])})
            steps = int(state["average_steps"])
        except (OSError, KeyError, TypeError, ValueError, safetensors.SafetensorError) as error:
            raise TrainingError(f"{path}: is damaged ({error}); train anew") from error
        variables = [tensors[name] for name in sorted(tensors) if name.startswith("variable/")]
        return cls(progress, variables, _named(tensors, "average/"), steps, _named(tensors, "best/"))


def _named(tensors: Weights, prefix: str) -> Weights:
    return {name.removeprefix(prefix): array for name, array in tensors.items() if name.startswith(prefix)}
