"""The state of an encoder's run between two steps, from which it continues as if it had never stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from nertagger.progress.records import EncoderRecord
from nertagger.training.loop.checkpoint_file import SavedState, saved_state
from nertagger.training.loop.fingerprint import Fingerprint

COMMAND = "nertagger pretrain"


@dataclass
class EncoderProgress:
    """The progress of a run.

    Attributes:
        stage: the number of the stage in progress, from 0.
        step: steps done in it.
        tokens: tokens trained on in it.
        seconds: time spent on it.
        loss: the sum of the losses since the last record.
        losses: how many they are.
        records: the last record of each stage so far, by its name.
    """

    stage: int = 0
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss: float = 0.0
    losses: int = 0
    records: dict[str, EncoderRecord] = field(default_factory=dict)

    def next_stage(self) -> None:
        """Begin the next stage."""
        self.stage += 1
        self.step, self.tokens, self.seconds, self.loss, self.losses = 0, 0, 0.0, 0.0, 0


@dataclass
class EncoderCheckpoint:
    """The state from which a run continues.

    Attributes:
        progress: how far it has come.
        variables: the variables of the learner of its stage in order.
        fingerprint: what the run started with.
    """

    progress: EncoderProgress
    variables: list[np.ndarray]
    fingerprint: Fingerprint

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the previous one atomically."""
        SavedState(asdict(self.progress), self.variables, {}, self.fingerprint, {}).save(folder, command=COMMAND)

    @classmethod
    def load(cls, folder: Path) -> EncoderCheckpoint:
        """Read the checkpoint in the folder of a run.

        Raises:
            TrainingError: if there is none, it is damaged, or it is that of another kind of run.
        """
        with saved_state(folder, command=COMMAND, groups=()) as saved:
            return cls(EncoderProgress(**saved.progress), saved.variables, saved.fingerprint)
