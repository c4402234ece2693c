"""Results kept as JSON lines, one object per measurement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def load(path: Path) -> list[dict[str, Any]]:
    """Return the results so far."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def keep(path: Path, results: Iterable[dict[str, Any]]) -> None:
    """Replace the results of the file."""
    path.write_text("".join(json.dumps(result) + "\n" for result in results))
