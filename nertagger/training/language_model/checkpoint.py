"""The state of a language model's run between two steps, from which it goes on as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from nertagger.modelfile.tensors import below
from nertagger.training.loop.checkpoint_file import checkpoint_read, write_checkpoint
from nertagger.training.loop.fingerprint import Fingerprint
from nertagger.training.loop.weights import Weights

COMMAND = "nertagger lm train"


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
        fingerprint: what the run began with.
    """

    progress: LanguageProgress
    variables: list[np.ndarray]
    state: Weights
    best: Weights
    fingerprint: Fingerprint

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the one before at once."""
        tensors = {f"variable/{i:04d}": array for i, array in enumerate(self.variables)}
        tensors |= {f"state/{name}": array for name, array in self.state.items()}
        tensors |= {f"best/{name}": array for name, array in self.best.items()}
        state = {"progress": json.dumps(asdict(self.progress)), "fingerprint": json.dumps(self.fingerprint)}
        write_checkpoint(folder, tensors, state, command=COMMAND)

    @classmethod
    def load(cls, folder: Path) -> LanguageCheckpoint:
        """The checkpoint in the folder of a run.

        Raises:
            TrainingError: if there is none, it is damaged, or that of another kind of run.
        """
        with checkpoint_read(folder, command=COMMAND) as (tensors, state):
            progress = LanguageProgress(**json.loads(state["progress"]))
            variables = [tensors[name] for name in sorted(tensors) if name.startswith("variable/")]
            fingerprint = dict(json.loads(state["fingerprint"]))
            return cls(progress, variables, below(tensors, "state"), below(tensors, "best"), fingerprint)
