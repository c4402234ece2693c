"""The progress of a training, told to the database a few times a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from nertagger.progress.records import EpochRecord

_SECONDS = 0.4  # between reports


class ProgressReport:
    """A listener of training runs that tells the stage and how much of it is done.

    Args:
        tell: called with the stage, and the fraction of it that is done.
    """

    def __init__(self, tell: Callable[[str, float], None]) -> None:
        self._tell = tell
        self._stage, self._first, self._share, self._epochs = "", 0.0, 1.0, 1
        self._told = 0.0

    def part(self, stage: str, number: int, parts: int) -> None:
        """One of several trainings begins, which together are the whole."""
        self._first, self._share = number / parts, 1 / parts
        self.stage(stage, self._first)

    def stage(self, stage: str, done: float) -> None:
        """Tell how much of a stage is done."""
        now = time.monotonic()
        if stage != self._stage or done >= 1 or now - self._told > _SECONDS:
            self._stage, self._told = stage, now
            self._tell(stage, done)

    def on_stage(self, text: str) -> None:
        """Nothing: the parts of a training run are not told apart."""

    def on_note(self, text: str) -> None:
        """Nothing."""

    def on_vectors(self, words: int, total: int | None) -> None:
        """Nothing."""

    def on_begin(self, epochs: int) -> None:
        """A run of at most this many epochs begins."""
        self._epochs = max(epochs, 1)

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """Tell the fraction of the steps that are done."""
        done = min((epoch - 1 + step / steps) / self._epochs, 1.0)
        self.stage(self._stage, self._first + self._share * done)

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        """Nothing."""

    def on_search(self, label: int, labels: int) -> None:
        """Nothing."""
