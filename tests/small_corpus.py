"""A corpus small enough to be memorised, in files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from nertagger.config import Config
from nertagger.text.document import Document
from nertagger.text.entities import document_entities

SENTENCES = """\
Anna Kern|PER met Bo Li|PER in Oslo|LOC .
Oslo|LOC !
The river Rhine|LOC is long , said Kern|PER .
He lives in New York|LOC near Anna|PER
Nobody came 2 times .
Bo Li|PER likes Paris|LOC and Rome|LOC
Yes
Mia Wolf|PER saw a wolf in Paris|LOC .
New York|LOC is far from Oslo|LOC
Ask Mia|PER , not Bo|PER !
"""


ONE_EPOCH = """
[network]
layers = 1
units = 4
dense = []
[characters]
encoder = "none"
[training]
epochs = 1
refit = 0
entity_bias = false
"""
"""The settings of a training of one epoch."""


def labels_and_texts(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Return the label and the text of each entity."""
    return [(entity.label, entity.text) for document in documents for entity in document_entities(document)]


def to_conll(text: str) -> str:
    """Return CoNLL text; an entity is the word marked ``|LABEL`` and the first names right before it."""
    blocks = []
    for line in text.splitlines():
        words = line.split(" ")
        tags = ["O"] * len(words)
        for i, word in enumerate(words):
            if "|" in word:
                words[i], label = word.split("|")
                first = i
                while first and words[first - 1] in {"Anna", "Bo", "New", "Mia"}:
                    first -= 1
                tags[first : i + 1] = [f"B-{label}"] + [f"I-{label}"] * (i - first)
        blocks.append("".join(f"{w}\t{t}\n" for w, t in zip(words, tags, strict=True)))
    return "\n".join(blocks)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The path of a file of ten sentences with persons and places."""
    path = tmp_path / "corpus.conll"
    path.write_text(to_conll(SENTENCES), encoding="utf-8")
    return path


@pytest.fixture
def tiny(corpus: Path, tmp_path: Path) -> Callable[..., Config]:
    """Return a function that makes the configuration of a small network, with ``section.key=value`` overrides."""

    def make(*overrides: str) -> Config:
        small = {
            "data": {"train": [str(corpus)], "dev": [str(corpus)]},
            "encoder": {"source": "none"},
            "words": {"size": 6, "min_count": 1},
            "characters": {"size": 4, "units": 6},
            "shapes": {"size": 3, "min_count": 1},
            "network": {"layers": 1, "units": 8},
            "training": {"epochs": 2, "batch_size": 4, "refit": 1},
            "output": {"model": str(tmp_path / "model.ner")},
        }
        return Config.from_values(small, overrides)

    return make
