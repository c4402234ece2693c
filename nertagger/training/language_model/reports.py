"""Reports of a language model's run in progress."""

from __future__ import annotations

import logging
import math
from typing import Protocol, TypedDict

from nertagger.progress import check_line

logger = logging.getLogger(__name__)


class CheckRecord(TypedDict):
    """One line of ``log.jsonl``, an evaluation on the held-out text; losses are in bits per symbol, by direction."""

    step: int
    symbols: int
    train_bits: dict[str, float]
    held_out_bits: dict[str, float]
    learning_rate: float
    symbols_per_second: float
    seconds: float


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
