"""The state of a tagger's run between two steps, from which it continues as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nertagger.modelfile.tensors import below
from nertagger.training.loop.checkpoint_file import SavedState, saved_state
from nertagger.training.loop.fingerprint import Fingerprint
from nertagger.training.loop.schedule import Schedule
from nertagger.training.loop.weights import Weights

COMMAND = "nertagger train"
_MEMBERS = "members"


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


@dataclass(frozen=True)
class Member:
    """A network of a committee whose training is over.

    Attributes:
        best: its weights at the best epoch.
        final: its weights after the epochs that also train on the dev split, with `biases` added.
        biases: nats by label, found with the weights at the best epoch.
        dev: its scores on the dev split at the best epoch, as `Scores.to_dict` gives them.
        epoch: the best epoch.
        epochs: how many epochs were scored on the dev split.
    """

    best: Weights
    final: Weights
    biases: dict[str, float]
    dev: dict[str, Any]
    epoch: int
    epochs: int

    @property
    def facts(self) -> dict[str, Any]:
        """Return everything but the weights, as JSON values."""
        return {"biases": self.biases, "dev": self.dev, "epoch": self.epoch, "epochs": self.epochs}


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
        members: the networks of the committee before the one in training.
    """

    progress: Progress
    variables: list[np.ndarray]
    average: Weights
    average_steps: int
    best: Weights
    fingerprint: Fingerprint
    members: list[Member] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write the checkpoint into the folder of the run, replacing the previous one atomically."""
        weights = {"average": self.average, "best": self.best, _MEMBERS: self._weights_of_members()}
        facts = json.dumps([member.facts for member in self.members])
        details = {"average_steps": str(self.average_steps), _MEMBERS: facts}
        state = SavedState(asdict(self.progress), self.variables, weights, self.fingerprint, details)
        state.save(folder, command=COMMAND)

    @classmethod
    def load(cls, folder: Path) -> Checkpoint:
        """Read the checkpoint in the folder of a run.

        Raises:
            TrainingError: if there is none, it is damaged, or it is that of another kind of run.
        """
        with saved_state(folder, command=COMMAND, groups=("average", "best", _MEMBERS)) as state:
            progress = Progress(**{**state.progress, "schedule": Schedule(**state.progress["schedule"])})
            average, best, weights = (state.weights[group] for group in ("average", "best", _MEMBERS))
            members = [
                Member(below(weights, f"{number}/best"), below(weights, f"{number}/final"), **facts)
                for number, facts in enumerate(json.loads(state.details[_MEMBERS]))
            ]
            steps = int(state.details["average_steps"])
            return cls(progress, state.variables, average, steps, best, state.fingerprint, members)

    def _weights_of_members(self) -> Weights:
        return {
            f"{number}/{kind}/{name}": array
            for number, member in enumerate(self.members)
            for kind, weights in (("best", member.best), ("final", member.final))
            for name, array in weights.items()
        }
