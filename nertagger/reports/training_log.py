"""The training log of a model, for its report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nertagger.companions import tagger_run_folder


def read_training_log(model: str | Path) -> list[dict[str, Any]]:
    """Return one record per epoch from the training run beside a model file; none if there is no such run."""
    log = tagger_run_folder(model) / "log.jsonl"
    return list(_records(log.read_text(encoding="utf-8", errors="replace"))) if log.is_file() else []


def _records(text: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a log; one that a killed run has left incomplete is skipped."""
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and {"epoch", "loss"} <= record.keys():
            yield record
