"""How `nertagger train` shows a run: a bar on a terminal, a line an epoch elsewhere, both on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from nertagger.training.reports import EpochRecord


class ProgressLines:
    """A line an epoch, for logs; nothing if `quiet`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        """Nothing to close."""

    def on_vectors(self, words: int) -> None:
        """Nothing."""

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """Nothing."""

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        """Print the line."""
        from nertagger.training.reports import epoch_line

        if not self._quiet:
            print(epoch_line(record, best=best), file=sys.stderr, flush=True)

    def on_search(self, label: int, labels: int) -> None:
        """Nothing: it takes less than an epoch."""


class ProgressBar:
    """A bar for the epoch in progress with its loss and the last dev F1, above it a line for each epoch done."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True, highlight=False), transient=True)
        self._task = self._progress.add_task("reading the data", total=None)
        self._f1 = ""

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._progress.stop()

    def on_vectors(self, words: int) -> None:
        """Show how many word vectors have been read."""
        self._progress.update(self._task, description="reading word vectors", completed=words)

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """Move the bar."""
        text = f"epoch {epoch}  loss {loss:.4f}{self._f1}"
        self._progress.update(self._task, description=text, completed=step, total=steps)

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        """Print the line of the epoch above the bar."""
        from nertagger.training.reports import epoch_line

        if "dev_f1" in record:
            self._f1 = f"  dev F1 {100 * record['dev_f1']:.2f}"
        self._progress.console.print(epoch_line(record, best=best))

    def on_search(self, label: int, labels: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, description="entity bias", completed=label, total=labels)
