"""Reports of a run in progress: a log of JSON lines, TensorBoard events, and a listener."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from nertagger.progress import RunProgress, epoch_line, is_watched
from nertagger.progress.records import EpochRecord
from nertagger.training.loop.json_log import LOG_NAME, append_record, keep_records

logger = logging.getLogger(__name__)


class Listener(Protocol):
    """Receives the progress of a run."""

    def on_stage(self, text: str) -> None:
        """A stage without countable steps begins, such as reading the data."""

    def on_note(self, text: str) -> None:
        """A line about the run, or the network of a committee, that is about to begin."""

    def on_vectors(self, words: int, total: int | None) -> None:
        """This many word vectors have been read, of a total if it is known."""

    def on_begin(self, epochs: int) -> None:
        """The first of at most this many epochs begins."""

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """`step` of `steps` is done; `loss` is the epoch's mean so far."""

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        """An epoch is over; `best` if it has the highest dev F1 so far."""

    def on_search(self, label: int, labels: int) -> None:
        """The search for entity biases is done with `label` of `labels`."""


@contextmanager
def listening(listener: Listener | None, verbose: bool | None) -> Iterator[Listener]:
    """Provide the listener of a run: the given one, a progress display, or `logging`.

    Args:
        listener: None for a display or `logging`.
        verbose: True to show progress, False for `logging` alone; None to show it in a terminal or notebook.
    """
    if listener is not None:
        yield listener
    elif verbose or (verbose is None and is_watched()):
        with RunProgress() as shown:
            yield shown
    else:
        yield LoggingListener()


class LoggingListener:
    """Sends one line per epoch to `logging`."""

    def on_stage(self, text: str) -> None:
        """Nothing."""

    def on_note(self, text: str) -> None:
        """Log the line."""
        logger.info("%s", text)

    def on_vectors(self, words: int, total: int | None) -> None:
        """Nothing."""

    def on_begin(self, epochs: int) -> None:
        """Nothing."""

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """Nothing."""

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        """Log the line."""
        logger.info("%s", epoch_line(record, best=best))

    def on_search(self, label: int, labels: int) -> None:
        """Nothing."""


class RunLog:
    """``log.jsonl`` and TensorBoard events in the folder of a run.

    Args:
        folder: the folder of the run, which exists.
        from_epoch: lines of this and later epochs, left by a run that was stopped, are removed.
    """

    def __init__(self, folder: Path, *, from_epoch: int = 1) -> None:
        self.path = folder / LOG_NAME
        keep_records(self.path, "epoch", from_epoch - 1)
        self._events = _open_events(folder / "tensorboard")

    def write(self, record: EpochRecord) -> None:
        """Append an epoch."""
        append_record(self.path, record)
        if self._events is not None:
            try:
                self._write_events(record)
            except Exception as error:  # noqa: BLE001  TensorFlow's, where it writes the events
                logger.warning("%s: no more TensorBoard events (%s); log.jsonl has the same numbers", self.path, error)
                self._events = None

    def close(self) -> None:
        """Close the event file."""
        if self._events is not None:
            self._events.close()

    def _write_events(self, record: EpochRecord) -> None:
        values: dict[str, Any] = dict(record)
        epoch = values.pop("epoch")
        for name, value in values.items():
            self._events.add_scalar(name, value, epoch)
        self._events.flush()


def _open_events(folder: Path) -> Any:
    try:
        from tensorboard.summary import Writer
    except ImportError:
        logger.warning(
            "no TensorBoard events: the package tensorboard is not installed; log.jsonl has the same numbers"
        )
        return None
    return Writer(str(folder))
