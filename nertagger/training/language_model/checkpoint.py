"""The state of a language model's run between two steps, from which it continues as if it had never stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from nertagger.training.loop.checkpoint_file import SavedState, saved_state
from nertagger.training.loop.fingerprint import Fingerprint
from nertagger.training.loop.weights import Weights

COMMAND = "nertagger lm train"


@dataclass
class LanguageProgress:
    """The progress of a run.

    Attributes:
        step: steps done.
        seconds: time spent on them.
        loss: sums of the losses since the last evaluation on the held-out text, by direction.
        best_loss: the lowest held-out loss so far, a mean over directions, in nats per symbol.
        best_step: its step; 0 before the first evaluation.
        held_out: the held-out loss of each direction at that step.
    """

    step: int = 0
    seconds: float = 0.0
    loss: dict[str, float] = field(default_factory=dict)
    best_loss: float = 0.0
    best_step: int = 0
    held_out: dict[str, float] = field(default_factory=dict)


@dataclass
class LanguageCheckpoint:
    """The state from which a run continues.

    Attributes:
        progress: how far it has come.
        variables: the variables of networks and optimizer in order.
        state: the states that each direction carries over from the last window, (S, B, H).
        best: the weights of the best evaluation, by direction and name.
        fingerprint: what the run started with.
    """

    progress: LanguageProgress
    variables: list[np.ndarray]
    state: Weights
    best: Weights
    fingerprint: Fingerprint

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the previous one atomically."""
        weights = {"state": self.state, "best": self.best}
        SavedState(asdict(self.progress), self.variables, weights, self.fingerprint, {}).save(folder, command=COMMAND)

    @classmethod
    def load(cls, folder: Path) -> LanguageCheckpoint:
        """Read the checkpoint in the folder of a run.

        Raises:
            TrainingError: if there is none, it is damaged, or it is that of another kind of run.
        """
        with saved_state(folder, command=COMMAND, groups=("state", "best")) as saved:
            progress = LanguageProgress(**saved.progress)
            return cls(progress, saved.variables, saved.weights["state"], saved.weights["best"], saved.fingerprint)
