"""A text small enough to be memorised, in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.config.language_model import LanguageModelConfig

LINES = ["the cat sat on the mat .", "the dog ran to the cat .", "a bird saw the dog ?", "cats and dogs ran ."]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text("\n\n".join(LINES * 8), encoding="utf-8")
    return path


@pytest.fixture
def small(text: Path, tmp_path: Path) -> Callable[..., LanguageModelConfig]:
    """Return a function that makes the settings of a small model of the text, with other values of fields."""

    def make(**values: object) -> LanguageModelConfig:
        base = {
            "text": [str(text)],
            "units": 6,
            "size": 4,
            "batch_size": 3,
            "window": 7,
            "steps": 6,
            "evaluate_every": 3,
            "min_count": 1,
            "model": str(tmp_path / "small.lm"),
        }
        return LanguageModelConfig.from_values({**base, **values})

    return make
