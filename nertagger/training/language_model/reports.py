"""What a language model's run tells while it goes on."""

from __future__ import annotations

import logging
import math
from typing import Protocol, TypedDict

from nertagger.progress import check_line

logger = logging.getLogger(__name__)


class CheckRecord(TypedDict):
    """One line of ``log.jsonl``, a look at the held-out text; losses are bits a symbol, by direction."""

    step: int
    symbols: int
    train_bits: dict[str, float]
    held_out_bits: dict[str, float]
    learning_rate: float
    symbols_per_second: float
    seconds: float


class LanguageListener(Protocol):
    """Is told of a run's progress."""

    def on_step(self, step: int, steps: int, bits: float) -> None:
        """`step` of `steps` is done; `bits` a symbol is the mean of the directions' losses in it."""

    def on_check(self, record: CheckRecord, *, best: bool) -> None:
        """The held-out text was looked at; `best` if no time before was as good."""


class LoggingLanguageListener:
    """Sends a line a check to `logging`."""

    def on_step(self, step: int, steps: int, bits: float) -> None:
        """Nothing."""

    def on_check(self, record: CheckRecord, *, best: bool) -> None:
        """Log the line."""
        logger.info("%s", check_line(record, best=best))


def bits(nats: dict[str, float]) -> dict[str, float]:
    """Losses in nats as bits."""
    return {name: round(loss / math.log(2), 4) for name, loss in nats.items()}
