"""Features that begin with those of an encoder, and word vectors beside its own."""

from __future__ import annotations

import numpy as np

from nertagger.features import Features, FeatureSettings, WordVectors
from nertagger.training.encoder.inputs import extended, joined
from tests.training.encoder.small_encoders import small_encoder


def test_characters_and_shapes_of_the_text_come_after_those_of_the_encoder() -> None:
    encoder = small_encoder()
    chosen = FeatureSettings(learned_words=True, characters=True, shapes=True, max_length=40)
    built = Features.build([("Bo", "b-b")], chosen, vectors=encoder.features.vectors)
    features = extended(encoder, built)
    assert features.characters is not None
    assert features.shapes is not None
    assert features.characters.vocabulary.items == [*"abeimnos", "-", "B"]
    assert features.characters.max_length == 16
    assert features.shapes.items == ["xx", "Xxx", "x", "Xx", "x-x"]
    assert features.words is not None
    assert features.words.items == ["Bo", "b-b"]
    assert features.vectors is encoder.features.vectors


def test_vectors_of_a_file_are_further_columns() -> None:
    encoder = small_encoder()
    index, table = joined(encoder, WordVectors(["Bo", "bo", "zoe"], np.array([[1], [2], [3]], np.float16)))
    assert index is not None
    assert table is not None
    found = table.lookup(index.rows(["Bo", "bo", "zoe", "Zoe", "anna", "nobody"]))
    expected = [[0.3, -0.3, 1], [0.3, -0.3, 2], [0, 0, 3], [0, 0, 3], [0.1, -0.1, 0], [0, 0, 0]]
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_without_a_file_the_table_is_that_of_the_encoder() -> None:
    encoder = small_encoder()
    assert joined(encoder, None) == (encoder.features.vectors, encoder.vectors)
