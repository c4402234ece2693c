"""Vocabularies: order, ids, and the look-up of unknown words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.features import Vocabulary, one_hot
from nertagger.features.vocabulary import UNKNOWN


def test_ids_begin_at_1_and_0_is_unknown() -> None:
    words = Vocabulary(["b", "a"])
    assert UNKNOWN == 0
    assert [words.id(word) for word in ("b", "a", "c", "")] == [1, 2, 0, 0]
    assert len(words) == 3
    assert len(Vocabulary([])) == 1


def test_items_may_come_from_an_iterator() -> None:
    words = Vocabulary(iter("ab"))
    assert words.items == ["a", "b"]
    assert words.id("b") == 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["b", "B", "a", "é", "c"]),
        ({"min_count": 2}, ["b", "B", "a", "é"]),
        ({"min_count": 3}, ["b"]),
        ({"min_count": 4}, []),
        ({"max_items": 2}, ["b", "B"]),
        ({"max_items": 0}, []),
        ({"max_items": 99}, ["b", "B", "a", "é", "c"]),
        ({"min_count": 2, "max_items": 3}, ["b", "B", "a"]),
    ],
)
def test_build_most_frequent_first_then_by_spelling(options: dict[str, int], expected: list[str]) -> None:
    assert Vocabulary.build("éBcabaBébb", **options).items == expected


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.randoms())
@settings(max_examples=50)
def test_build_does_not_depend_on_order(items: list[str], random: object) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Vocabulary.build(items).items == Vocabulary.build(shuffled).items


@pytest.mark.parametrize(
    ("items", "word", "found"),
    [
        (["The", "the"], "The", "The"),
        (["The", "the"], "the", "the"),
        (["the"], "THE", "the"),
        (["The"], "the", None),
        (["THE", "the"], "The", "the"),
        (["1984", "0000"], "1984", "1984"),
        (["0000"], "1984", "0000"),
        (["0000"], "984", None),
        (["mp0"], "MP3", "mp0"),
        (["MP0"], "MP3", None),
        (["mp3", "mp0"], "MP3", "mp3"),
        (["0,000.00"], "3,141.59", "0,000.00"),
        (["000"], "٣٤٥", "000"),
        (["straße"], "STRASSE", None),
        (["i̇stanbul"], "İstanbul", "i̇stanbul"),
        ([], "the", None),
        (["first", "0"], "7", "0"),
        (["a"], "", None),
    ],
)
def test_lookup_exact_then_lower_then_digits_as_0_then_unknown(items: list[str], word: str, found: str | None) -> None:
    vocabulary = Vocabulary(items)
    expected = 0 if found is None else items.index(found) + 1
    assert vocabulary.word_id(word) == expected
    assert vocabulary.word_ids([word, word]).tolist() == [expected, expected]


def chain(items: list[str], word: str) -> int:
    """Return the result of the look-up by its definition."""
    lower = word.lower()
    zeros = "".join("0" if character.isdecimal() else character for character in lower)
    return next((items.index(form) + 1 for form in (word, lower, zeros) if form in items), 0)


@given(st.lists(st.text("aA0 7", max_size=3), unique=True, max_size=12), st.lists(st.text("aA07 1", max_size=3)))
@settings(max_examples=150)
def test_lookup_against_the_definition(items: list[str], words: list[str]) -> None:
    ids = Vocabulary(items).word_ids(words)
    assert ids.dtype == np.int32
    assert ids.tolist() == [chain(items, word) for word in words]


@pytest.mark.parametrize("ids", [[], [0], [2, 0, 2], [[1, 2], [0, 1], [2, 2]]])
def test_one_hot_against_the_definition(ids: Iterable[object]) -> None:
    array = np.array(ids, np.int32)
    vectors = one_hot(array, 3)
    assert vectors.shape == (*array.shape, 3)
    assert vectors.dtype == np.float32
    for place in np.ndindex(*vectors.shape):
        assert vectors[place] == (1.0 if place[-1] == array[place[:-1]] else 0.0)
