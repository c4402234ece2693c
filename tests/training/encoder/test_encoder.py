"""Encoders from model files: what is read from them, and which files are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nertagger.errors import ModelFileError
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import read_model
from nertagger.training.encoder.encoder import Encoder
from tests.training.encoder.small_encoders import encoder_members, small_encoder

MODELS = Path(__file__).parents[2] / "models"


def test_the_parts_of_an_encoder() -> None:
    encoder = small_encoder()
    assert encoder.widths == {"words": 2, "characters": 4, "shapes": 2}
    assert (encoder.network.layers, encoder.network.units, encoder.characters.units) == (2, 5, 4)
    assert encoder.licence == "CC0"
    assert not encoder.tags
    assert encoder.vectors is not None
    assert encoder.features.vectors is not None
    rows = encoder.features.vectors.rows(["Anna", "nobody", "bo"])
    np.testing.assert_allclose(encoder.vectors.lookup(rows), [[0.1, -0.1], [0, 0], [0.3, -0.3]], rtol=1e-6)
    assert {array.dtype for array in encoder.weights.values()} == {np.dtype(np.float32)}


def test_known_words_are_counted_by_running_words_with_a_letter() -> None:
    encoder = small_encoder()
    assert encoder.known_share(["Oslo", "oslo", "Wien", "Bern", "1990", "."]) == 0.5
    assert encoder.known_share(["1990", "!"]) == 0.0


def test_the_digest_depends_on_weights_and_vocabularies_alone() -> None:
    members = encoder_members()
    digest = small_encoder().digest
    vocabulary = json.loads(members["vocabulary.json"])
    other = {"README.md": b"Another card", "vocabulary.json": json.dumps({**vocabulary, "max_length": 5}).encode()}
    changed = [Encoder.of(ModelFile.in_memory({**members, name: member})).digest for name, member in other.items()]
    assert changed[0] == digest != changed[1]


def test_a_tagger_is_an_encoder_with_tags() -> None:
    model = read_model(MODELS / "small.ner")
    encoder = Encoder.of(model)
    assert list(encoder.tags) == model.vocabulary["tags"]
    assert encoder.vectors is None
    assert encoder.widths["tag_shares"] == len(encoder.tags)
    assert {"words/word_ids/embeddings", "emit/kernel", "crf/start"} <= set(encoder.weights)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("one_hot.ner", 'was trained with words.input = "one-hot"'),
        ("contextual.ner", "was trained with a language model"),
        ("small_int8.ner", "has no float weights"),
        ("small.lm", "is a language model, expected an encoder or a tagger"),
    ],
)
def test_files_that_training_cannot_start_from(name: str, problem: str) -> None:
    with pytest.raises(ModelFileError, match=problem):
        Encoder.of(read_model(MODELS / name))
