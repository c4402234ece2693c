from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.features import Features, Gazetteer
from nertagger.features.gazetteer import LONGEST, word_of
from nertagger.features.word_index import word_key, word_keys

NAMES = [(["New", "York"], "LOC"), (["New", "York", "City", "Ballet"], "ORG"), (["York"], "LOC"), (["York"], "PER")]
GAZETTEER = Gazetteer.build(NAMES)


def marks(words: str) -> list[set[str]]:
    """Return the labels and positions of each word."""
    columns = [f"{position}-{label}" for label in GAZETTEER.labels for position in "BIES"]
    rows = GAZETTEER.encode(GAZETTEER.forms(words.split()))
    return [{column for column, value in zip(columns, row.tolist(), strict=True) if value} for row in rows]


def test_the_longest_name_counts_and_has_all_its_labels():
    assert marks("in New York City") == [set(), {"B-LOC"}, {"E-LOC"}, set()]
    assert marks("New York City Ballet") == [{"B-ORG"}, {"I-ORG"}, {"I-ORG"}, {"E-ORG"}]
    assert marks("York new York") == [{"S-LOC", "S-PER"}, set(), {"S-LOC", "S-PER"}]
    assert GAZETTEER.labels == ("LOC", "ORG", "PER")
    assert (GAZETTEER.width, len(GAZETTEER)) == (12, 3)


def test_words_without_a_name_are_their_own_forms():
    assert GAZETTEER.forms(["the", "York"])[0] == "the"
    assert GAZETTEER.forms([]) == []
    assert GAZETTEER.encode([]).shape == (0, 12)


@given(st.lists(st.sampled_from(["New", "York", "City", "Ballet", "\0", "a\03", "ü", "\ud800"])))
def test_forms_have_their_words_back(words):
    forms = GAZETTEER.forms(words)
    assert [word_of(form) for form in forms] == words
    assert not GAZETTEER.encode([form for form, word in zip(forms, words, strict=True) if "\0" in word]).any()


def test_arrays_make_the_same_gazetteer():
    again = Gazetteer(GAZETTEER.labels, GAZETTEER.arrays)
    words = "New York City Ballet in York".split()
    assert again.forms(words) == GAZETTEER.forms(words)
    assert (np.diff(GAZETTEER.arrays["keys"]) > 0).all()


def test_the_longest_possible_name_is_found():
    words = ["w"] * LONGEST
    gazetteer = Gazetteer.build([(words, f"L{n:02}") for n in range(30)])
    assert (gazetteer.encode(gazetteer.forms(words)).sum(axis=1) == 30).all()


@pytest.mark.parametrize("gazetteer", [None, GAZETTEER])
def test_features_of_forms_are_those_of_words_beside_the_marks(gazetteer):
    features = Features(gazetteer=gazetteer)
    forms = features.forms(["York", "is"])
    assert features.words_of(forms) == ["York", "is"]
    assert set(features.encode(forms)) == (set() if gazetteer is None else {"gazetteer"})


def test_the_key_of_a_word_is_among_those_of_many():
    words = ["York", "ü", "\ud800", ""]
    assert list(map(word_key, words)) == word_keys(words).tolist()
