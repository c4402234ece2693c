"""The ``log.jsonl`` of a run: one JSON object per line; a line cut short by a killed run is dropped."""

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
    """Keep the complete lines of a log in which the number `key` is at most `most`; the log may be missing."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    kept = [line for line in lines if (number := _number(line, key)) is not None and number <= most]
    with atomic_write(path) as stream:
        stream.write("".join(f"{line}\n" for line in kept).encode())


def _number(line: str, key: str) -> int | None:
    """Return the number in a line, None if the line was cut short."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    number = record.get(key) if isinstance(record, dict) else None
    return number if isinstance(number, int) else None
