"""Reports of a language model's run in progress."""

from __future__ import annotations

import logging
import math
from typing import Protocol

from nertagger.progress import check_line
from nertagger.progress.records import CheckRecord

logger = logging.getLogger(__name__)


class LanguageListener(Protocol):
    """Receives the progress of a run."""

    def on_step(self, step: int, steps: int, bits: float) -> None:
        """`step` of `steps` is done; `bits` per symbol is the mean of the directions' losses in it."""

    def on_check(self, record: CheckRecord, *, best: bool) -> None:
        """The model was evaluated on the held-out text; `best` if this is the lowest loss so far."""


class LoggingLanguageListener:
    """Sends one line per evaluation to `logging`."""

    def on_step(self, step: int, steps: int, bits: float) -> None:
        """Nothing."""

    def on_check(self, record: CheckRecord, *, best: bool) -> None:
        """Log the line."""
        logger.info("%s", check_line(record, best=best))


def bits(nats: dict[str, float]) -> dict[str, float]:
    """Return losses in nats as bits."""
    return {name: round(loss / math.log(2), 4) for name, loss in nats.items()}
