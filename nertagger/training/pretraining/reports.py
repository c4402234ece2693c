"""Reports of an encoder's run in progress."""

from __future__ import annotations

import logging
from typing import Protocol

from nertagger.progress import encoder_line
from nertagger.progress.records import EncoderRecord

logger = logging.getLogger(__name__)


class EncoderListener(Protocol):
    """Receives the progress of a run."""

    def on_stage(self, text: str) -> None:
        """Something without countable steps begins, such as reading the data."""

    def on_text(self, done: int, total: int) -> None:
        """This many bytes of the text have been tokenized, of a total."""

    def on_vectors(self, words: int, total: int | None) -> None:
        """This many word vectors have been read, of a total if it is known."""

    def on_step(self, name: str, step: int, steps: int, *, loss: float, tokens_per_second: float) -> None:
        """`step` of the `steps` of a stage is done; `loss` is the mean of the last ones, in nats."""

    def on_record(self, record: EncoderRecord) -> None:
        """A part of a stage is over."""


class LoggingEncoderListener:
    """Sends one line per record to `logging`."""

    def on_stage(self, text: str) -> None:
        """Nothing."""

    def on_text(self, done: int, total: int) -> None:
        """Nothing."""

    def on_vectors(self, words: int, total: int | None) -> None:
        """Nothing."""

    def on_step(self, name: str, step: int, steps: int, *, loss: float, tokens_per_second: float) -> None:
        """Nothing."""

    def on_record(self, record: EncoderRecord) -> None:
        """Log the line."""
        logger.info("%s", encoder_line(record))
