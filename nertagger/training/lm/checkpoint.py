"""The state of a language model's run between two steps, from which it goes on as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from nertagger.errors import TrainingError
from nertagger.files import atomic_write
from nertagger.training.weights import Weights

FILE_NAME = "checkpoint.safetensors"


@dataclass
class LanguageProgress:
    """How far a run has come.

    Attributes:
        step: steps done.
        seconds: time spent on them.
        loss: sums of the losses since the last look at the held-out text, by direction.
        best_loss: the least held-out loss so far, a mean over directions, in nats a symbol.
        best_step: when that was; 0 before the first look.
        held_out: the held-out loss of each direction then.
    """

    step: int = 0
    seconds: float = 0.0
    loss: dict[str, float] = field(default_factory=dict)
    best_loss: float = 0.0
    best_step: int = 0
    held_out: dict[str, float] = field(default_factory=dict)


@dataclass
class LanguageCheckpoint:
    """All that decides how a run goes on.

    Attributes:
        progress: how far it has come.
        variables: of networks and optimizer in order.
        state: what each direction carries on from the last window, (S, B, H).
        best: the weights of the best look at the held-out text, by direction and name.
    """

    progress: LanguageProgress
    variables: list[np.ndarray]
    state: Weights
    best: Weights

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the one before at once."""
        tensors = {f"variable/{i:04d}": array for i, array in enumerate(self.variables)}
        tensors |= {f"state/{name}": array for name, array in self.state.items()}
        tensors |= {f"best/{name}": array for name, array in self.best.items()}
        arrays = {name: np.asarray(array, order="C") for name, array in tensors.items()}
        with atomic_write(folder / FILE_NAME) as stream:
            stream.write(safetensors.numpy.save(arrays, {"progress": json.dumps(asdict(self.progress))}))

    @classmethod
    def load(cls, folder: Path) -> LanguageCheckpoint:
        """The checkpoint in the folder of a run; raises TrainingError if there is none, or it is damaged."""
        path = folder / FILE_NAME
        if not path.is_file():
            raise TrainingError(f"{folder}: has no {FILE_NAME} to go on from; it is written with the first check")
        try:
            with safetensors.safe_open(path, framework="np") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
            progress = LanguageProgress(**json.loads(metadata["progress"]))
        except (OSError, KeyError, TypeError, ValueError, safetensors.SafetensorError) as error:
            raise TrainingError(f"{path}: is damaged ({error}); train anew") from error
        variables = [tensors[name] for name in sorted(tensors) if name.startswith("variable/")]
        return cls(progress, variables, _below(tensors, "state/"), _below(tensors, "best/"))


def _below(tensors: Weights, prefix: str) -> Weights:
    return {name.removeprefix(prefix): array for name, array in tensors.items() if name.startswith(prefix)}
