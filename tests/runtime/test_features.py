"""The features of a model file: they round trip, and inconsistent tensors are errors."""

from __future__ import annotations

import numpy as np
import pytest

from nertagger.errors import ModelFileError
from nertagger.features import WordIndex
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model
from nertagger.runtime.features import open_features

VOCABULARY = {"tags": ["O", "S-X"], "output": "crf", "shapes": ["xx"]}
INDEX, ORDER = WordIndex.build(["the", "cat", "ran"])
VECTORS = np.zeros((4, 5), np.float16)
COUNTS = np.array([[0, 0], [3, 1], [0, 2], [1, 0]], np.int32)


@pytest.fixture
def opened(tmp_path, model_parts):
    def make(tensors):
        write_model(tmp_path / "m.ner", model_parts.members_of(VOCABULARY, tensors, b"", b""))
        return open_features(read_model(tmp_path / "m.ner"), tags=2)

    return make


def test_features_round_trip(opened):
    features = opened({"word_vectors": VECTORS, "word_keys": INDEX.keys, "tag_counts": COUNTS, "tag_keys": INDEX.keys})
    found = features.encode(["cat", "dog"])
    row = ORDER.tolist().index(1) + 1
    assert found["vector_rows"].tolist() == [row, 0]
    np.testing.assert_allclose(found["tag_shares"], [COUNTS[row] / (COUNTS[row].sum() + 1), [0, 0]])


def test_a_model_without_vectors_or_counts_has_none(opened):
    features = opened({"word": np.zeros(1, np.float32)})
    assert features.vectors is None
    assert features.tag_counts is None


@pytest.mark.parametrize("name", ["word", "tag"])
@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (None, "missing"),
        (INDEX.keys[:2], r"int64 of shape \(2,\), expected int64, one for each of the 4 rows"),
        (INDEX.keys.astype(np.int32), r"int32 of shape \(3,\)"),
        (INDEX.keys[::-1], "not in rising order"),
    ],
)
def test_keys_of_words_that_do_not_fit_their_table(opened, name, keys, problem):
    table = {"word": {"word_vectors": VECTORS}, "tag": {"tag_counts": COUNTS}}[name]
    with pytest.raises(ModelFileError, match=rf"{name}_keys is .*{problem}"):
        opened(table | ({} if keys is None else {f"{name}_keys": keys}))


@pytest.mark.parametrize(
    ("counts", "got"),
    [
        (COUNTS.astype(np.int64), r"int64 of shape \(4, 2\)"),
        (np.zeros((4, 3), np.int32), r"int32 of shape \(4, 3\)"),
        (np.zeros(4, np.int32), r"int32 of shape \(4,\)"),
        (-COUNTS, r"int32 of shape \(4, 2\) from -3 on, expected int32 from 0 on, a column for each of 2 tags"),
    ],
)
def test_invalid_counts(opened, counts, got):
    with pytest.raises(ModelFileError, match=f"tag_counts is {got}"):
        opened({"tag_counts": counts, "tag_keys": INDEX.keys})


def test_keys_without_a_table(opened):
    with pytest.raises(ModelFileError, match=r"tag_keys is .*expected int64, one for each of the 0 rows of tag_counts"):
        opened({"tag_keys": INDEX.keys})
