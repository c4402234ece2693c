"""A run's ``log.jsonl``: one JSON object a line, whatever a run that was killed has left at its end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nertagger.files import atomic_write

LOG_NAME = "log.jsonl"


def append_record(path: Path, record: Mapping[str, Any]) -> None:
    """Add a line to a log."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record) + "\n")


def keep_records(path: Path, key: str, most: int) -> None:
    """Leave those lines of a log, which may be missing, that are whole and in which the number `key` is at most so."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    kept = [line for line in lines if (number := _number(line, key)) is not None and number <= most]
    with atomic_write(path) as stream:
        stream.write("".join(f"{line}\n" for line in kept).encode())


def _number(line: str, key: str) -> int | None:
    """The number in a line, None in one that was cut short."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    number = record.get(key) if isinstance(record, dict) else None
    return number if isinstance(number, int) else None
