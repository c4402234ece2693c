"""A text, vectors and two annotated corpora that are small enough to be memorised, in files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.config import EncoderConfig
from tests.small_corpus import SENTENCES, to_conll

LINES = ["The cat sat on the mat .", "The dog ran to Oslo .", "A bird saw the dog ?", "Ann and Bo met in Oslo ."]
Make = Callable[..., EncoderConfig]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files, and nothing else."""
    (tmp_path / "text.txt").write_text("\n\n".join(LINES * 6), encoding="utf-8")
    words = sorted({word.lower() for line in LINES for word in line.split()})
    rows = [f"{word} {i % 3 - 1} {i % 5 - 2}\n" for i, word in enumerate(words)]
    (tmp_path / "vectors.txt").write_text("".join(rows), encoding="utf-8")
    blocks = to_conll(SENTENCES).split("\n\n")
    (tmp_path / "a.conll").write_text("\n\n".join(blocks[:7]), encoding="utf-8")
    (tmp_path / "b.conll").write_text("\n\n".join(blocks[7:]).replace("PER", "person"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def small(folder: Path) -> Make:
    """Return a function that makes the settings of a small encoder, with other values by dotted name."""

    def make(**values: object) -> EncoderConfig:
        base = {
            "data.text": [str(folder / "text.txt")],
            "data.vectors": [str(folder / "vectors.txt")],
            "characters.size": 2,
            "characters.units": 4,
            "shapes.size": 2,
            "network.layers": 1,
            "network.units": 5,
            "masked.passes": 1.0,
            "masked.batch_tokens": 40,
            "masked.projection": 6,
            "masked.held_out": 0.1,
            "masked.evaluate_every": 3,
            "annotated.steps": 4,
            "annotated.batch_size": 4,
            "annotated.evaluate_every": 2,
            "annotated.dense": 6,
            "output.encoder": str(folder / "small.enc"),
        }
        return EncoderConfig.from_values({**base, **{k.replace("__", "."): v for k, v in values.items()}})

    return make
