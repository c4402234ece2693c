"""Features: built from the training words, saved as JSON, with arrays of the documented form."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.features import Features, FeatureSettings, Gazetteer, TagCounts, WordIndex

SENTENCES = [("The", "cat", "sat", "2020"), ("the", "Cat", "sat", "."), ("été", "😀", "sat", "cat")]
ALL = FeatureSettings(learned_words=True, characters=True, shapes=True)
VECTORS, ORDER = WordIndex.build(["the", "of", "cat"])
COUNTS = TagCounts.build(SENTENCES, [("O", "S-X", "O", "O")] * 3, {"O": 0, "S-X": 1})
NAMES = ("vector_rows", "word_ids", "characters", "shapes", "tag_shares")


def test_build_takes_everything_from_the_training_words() -> None:
    features = Features.build(SENTENCES, ALL)
    assert features.words is not None
    assert features.words.items == ["sat", "cat", ".", "2020", "Cat", "The", "the", "été", "😀"]
    assert features.characters is not None
    assert sorted(features.characters.vocabulary.items) == sorted(set("".join("".join(s) for s in SENTENCES)))
    assert features.shapes is not None
    assert features.shapes.items[0] == "xx"
    assert sorted(features.shapes.items) == sorted({"Xxx", "xx", "dd", ".", "😀"})
    assert features.vectors is None


def test_words_never_seen_in_training_are_unknown_to_every_part() -> None:
    features = Features.build(SENTENCES, ALL, vectors=VECTORS)
    found = features.encode(["ZÜRIX!!", "cat"])
    assert found["word_ids"].tolist() == [0, 2]
    assert found["vector_rows"].tolist() == [0, ORDER.tolist().index(2) + 1]
    assert found["shapes"][0] == 0
    assert found["characters"][0].tolist() == [2, *[1] * 7, 3]


@pytest.mark.parametrize(
    "spelling", ["e\u0301te\u0301", "été\u200f", "\u2067été\u2069", "ét\xadé", "\ufeffété", "é\u200bté"]
)
def test_what_looks_the_same_has_the_same_features_in_training_and_tagging(spelling: str) -> None:
    """Files of macOS hold decomposed characters, right-to-left text holds marks of direction."""
    vectors, _ = WordIndex.build(["été"])
    sentences, tags, ids = [["été", "a"], ["été"]], [["S-X", "O"], ["S-X"]], {"O": 0, "S-X": 1}

    def features(sentences: list[list[str]]) -> Features:
        counts, lists = TagCounts.build(sentences, tags, ids), Gazetteer.build([(sentences[0], "X")])
        return Features.build(sentences, ALL, vectors=vectors, tag_counts=counts, gazetteer=lists)

    usual, other = features(sentences), features([[spelling, "a"], [spelling]])
    wanted = usual.encode(usual.forms(["été", "a"]))
    assert wanted["vector_rows"][0]
    assert wanted["gazetteer"].any()
    for one in (usual, other):
        found = one.encode(one.forms([spelling, "a"]))
        assert all(np.array_equal(found[name], wanted[name]) for name in wanted)


def test_joiners_and_words_that_nobody_sees_are_kept() -> None:
    words = ["می\u200cخواهم", "میخواهم", "\u200b", "👩\u200d🚀"]
    ids = Features.build([words], ALL).encode(words)["word_ids"]
    assert len(set(ids.tolist())) == len(words)


def test_settings_are_used() -> None:
    few = replace(ALL, min_count=2, max_words=1, shape_min_count=6, max_length=2)
    features = Features.build(SENTENCES, few)
    assert features.words is not None
    assert features.words.items == ["sat"]
    assert features.shapes is not None
    assert features.shapes.items == ["xx"]
    assert features.encode(["catcat"])["characters"].shape == (1, 4)


def test_sentences_may_come_from_an_iterator() -> None:
    again = Features.build(iter(SENTENCES), ALL)
    assert again.to_dict() == Features.build(SENTENCES, ALL).to_dict()


def test_build_does_not_depend_on_the_order_of_sentences() -> None:
    assert Features.build(SENTENCES[::-1], ALL).to_dict() == Features.build(SENTENCES, ALL).to_dict()


@pytest.mark.parametrize("used", list(product([False, True], repeat=5)), ids=str)
def test_arrays_have_the_documented_names_shapes_and_types(used: tuple[bool, ...]) -> None:
    vectors, words, characters, shapes, counts = used
    chosen = FeatureSettings(learned_words=words, characters=characters, shapes=shapes)
    arrays = {"vectors": VECTORS if vectors else None, "tag_counts": COUNTS if counts else None}
    features = Features.build(SENTENCES, chosen, **arrays)
    asked = ["the", "unheard", "X"]
    for count in (0, 3):
        found = features.encode(asked[:count])
        assert list(found) == [name for name, is_used in zip(NAMES, used, strict=True) if is_used]
        for name, array in found.items():
            assert array.dtype == (np.float32 if name == "tag_shares" else np.int32)
            widths = {"characters": (max(map(len, asked[:count]), default=0) + 2,), "tag_shares": (2,)}
            assert array.shape == (count, *widths.get(name, ()))


@pytest.mark.parametrize("used", list(product([False, True], repeat=5)), ids=str)
def test_round_trip_through_json(used: tuple[bool, ...]) -> None:
    vectors, words, characters, shapes, counts = used
    chosen = FeatureSettings(learned_words=words, characters=characters, shapes=shapes, max_length=3)
    arrays = {"vectors": VECTORS if vectors else None, "tag_counts": COUNTS if counts else None}
    features = Features.build(SENTENCES, chosen, **arrays)
    stored = json.loads(json.dumps({"tags": ["O"], **features.to_dict()}, ensure_ascii=False))
    again = Features.from_dict(stored, **arrays)
    assert again.to_dict() == features.to_dict()
    assert_same(again, features, ["The", "THE", "2019", "été", "😀!", "overlong", ""])


@given(st.lists(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=50)
def test_any_words_survive_json(sentences: list[list[str]]) -> None:
    features = Features.build(sentences, ALL)
    words = [word for sentence in sentences for word in sentence]
    assert_same(Features.from_dict(json.loads(json.dumps(features.to_dict()))), features, words)
    found = features.encode(words)
    assert (found["word_ids"] > 0).all()
    assert (found["shapes"] > 0).all()
    assert (found["characters"] != 1).all()


def assert_same(first: Features, second: Features, words: list[str]) -> None:
    found, expected = first.encode(words), second.encode(words)
    assert list(found) == list(expected)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name])
