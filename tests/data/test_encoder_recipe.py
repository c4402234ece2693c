"""The recipe of the encoders of the package: their tables, their files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from nertagger.features.vectors import read_vectors
from nertagger.modelfile.reader import read_model
from nertagger.training.encoder.encoder import Encoder

RECIPE = Path(__file__).resolve().parents[2] / "data" / "recipes" / "encoder"
sys.path.insert(0, str(RECIPE))

import pretraining  # noqa: E402
from encoder_files import store, store_without_vectors, with_table  # noqa: E402
from table import Table  # noqa: E402

WORDS = ["the", "river", "oslo", "flows", "through", "anna"]
TEXT = "The river flows through Oslo . Anna flows through the river .\n" * 30
TAGGED = "Anna\tB-PER\nflows\tO\n\nthe\tO\nriver\tO\n\nOslo\tB-LOC\n\n" * 4
SMALL = {
    "masked.held_out": 0.1,
    "masked.passes": 1,
    "network.units": 4,
    "masked.batch_tokens": 60,
    "annotated.steps": 3,
    "characters.units": 4,
}


@pytest.fixture
def table() -> Table:
    return Table.packed(WORDS, np.random.default_rng(1).normal(size=(len(WORDS), 6)).astype(np.float32))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a text, and a corpus for every name that the recipe reads."""
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "scored.conll").write_text("Nobody\tO\ncame\tO\nto\tO\ntown\tO\n\n", encoding="utf-8")
    (tmp_path / "train.conll").write_text(TAGGED, encoding="utf-8")
    source = next(iter(pretraining.SOURCES.values()))
    monkeypatch.setattr(pretraining, "SCORED", ("scored.conll",))
    monkeypatch.setattr(pretraining, "SOURCES", {"one": type(source)(**{**vars(source), "train": ("train.conll",)})})
    return tmp_path


def test_a_table_is_written_as_it_is_stored(table: Table, tmp_path: Path) -> None:
    table.write(tmp_path / "v.bin")
    found = read_vectors(tmp_path / "v.bin")
    assert sorted(found.words) == sorted(WORDS)
    np.testing.assert_allclose(found.table, table.vectors, rtol=1e-3)  # they are read as float16


def test_masked_words_give_an_encoder_with_the_table(table: Table, data: Path) -> None:
    out = pretraining.fill_in_masked_words(table, data, data / "text.txt", data / "a.enc", SMALL)
    store(out, table)
    encoder = Encoder.of(read_model(out))
    assert encoder.vectors is not None
    np.testing.assert_array_equal(encoder.vectors.scales, table.tensors["vector_scales"])
    assert encoder.known_share([word.title() for word in WORDS]) == 1
    card = encoder.model.text("README.md")
    assert "- Word vectors: 6 words" in card
    assert "- Masked words: " in card
    assert str(data) not in card + encoder.model.text("config.toml")


def test_another_table_leaves_the_weights(table: Table) -> None:
    before = read_model(Path(__file__).parents[1] / "models" / "small.enc")
    after = type(before).in_memory(with_table(before, table))
    assert len(after.tensors["word_keys"]) == len(WORDS)
    for name in before.tensors:
        if name.startswith("stack/"):
            np.testing.assert_array_equal(after.tensors[name], before.tensors[name])


def test_the_fast_encoder_has_no_vectors(table: Table, data: Path) -> None:
    out = pretraining.tag_corpora(table, data, data / "fast.enc", SMALL)
    store_without_vectors(out)
    found = read_model(out)
    assert not [name for name in found.tensors if "vector" in name or name == "word_keys"]
    assert "3 batches" in found.text("README.md")
