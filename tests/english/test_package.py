"""The files that come with the package."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import nertagger
from nertagger import english
from nertagger.english.files import FOLDER
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime.encoder.contents import open_encoder


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.[en]*")) < 20_000_000


@pytest.mark.parametrize(("call", "layers", "units"), [(english.encoder, 2, 200), (english.fast, 1, 100)])
def test_the_encoders(call: Callable[[], ModelFile], layers: int, units: int):
    model = call()
    contents = open_encoder(model)
    assert (contents.config.network.layers, contents.config.network.units) == (layers, units)
    assert contents.vectors is not None
    assert contents.vectors.shape == (130_001, 150)
    rows = contents.features.encode(["the", "Obama", "Frankfurt", "2009", "qzxwv"])["vector_rows"]
    assert (rows > 0).tolist() == [True] * 4 + [False]
    card = model.text("README.md")
    assert "Licence: " in card
    assert "GloVe" in card


def test_vectors_are_of_words_with_alike_contexts():
    contents = open_encoder(english.encoder())
    assert contents.vectors is not None
    names = ["paris", "london", "monday", "tuesday", "percent"]
    vectors = contents.vectors.lookup(contents.features.encode(names)["vector_rows"])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = (vectors @ vectors.T - 2 * np.eye(len(names))).argmax(axis=1)
    assert nearest[:4].tolist() == [1, 0, 3, 2]


def test_the_tagger_finds_names_in_english():
    tagger = nertagger.load("english")
    document = tagger("Barack Obama met Angela Merkel in Berlin. The European Central Bank said so on Monday.")
    found = {(entity.label, entity.text) for entity in document.entities}
    assert {("PER", "Barack Obama"), ("PER", "Angela Merkel"), ("LOC", "Berlin")} <= found
    assert ("ORG", "European Central Bank") in found or ("ORG", "The European Central Bank") in found
    assert tagger.model.kind == "tagger"
    assert "Licence: " in tagger.model.text("README.md")
