"""Fixtures that all tests share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("nertagger", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("nertagger")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real corpora beside the repository; tests that ask for it are left out where it is absent."""
    return SHARED_DATA


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs real corpora where there are none: each such test has a twin with an input of its own."""
    if not SHARED_DATA.is_dir():
        left_out = [item for item in items if "shared_data" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def bundled() -> Path:
    """The folder of the corpus in the repository."""
    return Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="session")
def conlleval_cases() -> list[dict[str, Any]]:
    """Made-up sequences of tags, valid and not, with what conlleval says of them."""
    path = Path(__file__).parent / "evaluation" / "conlleval_cases.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for case in cases:
        case |= {side: [tags.split() for tags in case[side]] for side in ("gold", "predicted")}
    return cases
