"""The lines of a run's ``log.jsonl``: epochs of a tagger, evaluations of a language model; and units of progress."""

from __future__ import annotations

from typing import NotRequired, TypedDict

BYTES = "bytes"
"""The unit of progress through files, shown as megabytes."""


class EpochRecord(TypedDict):
    """One line of ``log.jsonl``: rates are between 0 and 1, the loss is in nats per token.

    An epoch that trains on the dev split has no dev scores.
    """

    epoch: int
    loss: float
    dev_f1: NotRequired[float]
    dev_precision: NotRequired[float]
    dev_recall: NotRequired[float]
    best_dev_f1: NotRequired[float]
    learning_rate: float
    tokens_per_second: float
    seconds: float


class CheckRecord(TypedDict):
    """One line of ``log.jsonl``, an evaluation on the held-out text; losses are in bits per symbol, by direction."""

    step: int
    symbols: int
    train_bits: dict[str, float]
    held_out_bits: dict[str, float]
    learning_rate: float
    symbols_per_second: float
    seconds: float


class EncoderRecord(TypedDict):
    """One line of ``log.jsonl``, a part of a stage of an encoder; losses are in nats per masked word or per token.

    `step` counts from the beginning of the run, `stage_step` of `stage_steps` from that of the stage.
    """

    stage: str
    step: int
    stage_step: int
    stage_steps: int
    tokens: int
    loss: float
    held_out_loss: NotRequired[float]
    learning_rate: float
    tokens_per_second: float
    seconds: float
