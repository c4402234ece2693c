"""The index of pretrained words, compared with a dictionary."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.features import WordIndex
from nertagger.features.word_index import upper_halves, word_keys
from nertagger.text.invisible import IGNORABLE

ANY = st.one_of(
    st.text(max_size=4),
    st.text(st.characters(categories=["Cs"]), max_size=2),
    st.text("aAéÉİß07٣e\u0301\u200f", max_size=4),
)
FEW = st.text("aA07", max_size=3)  # so few that words often fall back on one another


def chain(rows: dict[str, int], word: str) -> int:
    """Return the result of the look-up by its definition."""
    usual = unicodedata.normalize("NFC", "".join(letter for letter in word if letter not in IGNORABLE)) or word
    lower = usual.lower()
    folded = "".join("0" if letter.isdecimal() else letter for letter in lower)
    return next((rows[form] for form in (word, usual, lower, folded) if form in rows), 0)


def row_of_each(words: list[str], order: np.ndarray) -> dict[str, int]:
    """Return the row of each word in a table whose vectors have been put into the order."""
    return {words[place]: row for row, place in enumerate(order.tolist(), start=1)}


@given(st.lists(st.one_of(ANY, FEW), unique=True, max_size=20), st.lists(st.one_of(ANY, FEW), max_size=20))
@settings(max_examples=200)
def test_rows_are_those_of_a_dictionary(words: list[str], asked: list[str]) -> None:
    index, order = WordIndex.build(words)
    asked += [*words, *map(str.upper, words)]
    rows = index.rows(asked)
    assert rows.dtype == np.int32
    assert rows.tolist() == [chain(row_of_each(words, order), word) for word in asked]


@given(st.lists(ANY, unique=True, max_size=30))
@settings(max_examples=100)
def test_keys_are_ascending_and_the_order_has_each_word_once(words: list[str]) -> None:
    index, order = WordIndex.build(words)
    keys = index.keys
    assert len(index) == len(keys) == len(words)
    assert keys.dtype == np.int64
    assert all(key < following for key, following in zip(keys.tolist(), keys.tolist()[1:], strict=False))
    assert sorted(order.tolist()) == list(range(len(words)))
    np.testing.assert_array_equal(word_keys([words[place] for place in order.tolist()]), keys)


@pytest.mark.parametrize(
    ("words", "word", "found"),
    [
        (["The", "the"], "The", "The"),
        (["the"], "THE", "the"),
        (["The"], "the", None),
        (["mp0"], "MP3", "mp0"),
        (["mp3", "mp0"], "MP3", "mp3"),
        (["MP0"], "MP3", None),
        (["0,000.00"], "3,141.59", "0,000.00"),
        (["000"], "٣٤٥", "000"),
        (["straße"], "STRASSE", None),
        (["i̇stanbul"], "İstanbul", "i̇stanbul"),
        ([""], "", ""),
        (["a"], "", None),
        (["\udc80"], "\udc80", "\udc80"),
    ],
)
def test_a_word_else_in_lower_case_else_with_digits_as_0_else_none(
    words: list[str], word: str, found: str | None
) -> None:
    index, order = WordIndex.build(words)
    expected = 0 if found is None else row_of_each(words, order)[found]
    assert index.rows([word, "unheard", word]).tolist() == [expected, 0, expected]


def test_an_empty_index_finds_no_word() -> None:
    index, order = WordIndex.build([])
    assert len(index) == len(order) == 0
    assert index.keys.dtype == np.int64
    rows = index.rows(["the", "0", ""])
    assert rows.dtype == np.int32
    assert rows.tolist() == [0, 0, 0]


@pytest.mark.parametrize("words", [[], ["the", "of"]])
def test_no_words_have_no_rows(words: list[str]) -> None:
    rows = WordIndex.build(words)[0].rows([])
    assert rows.dtype == np.int32
    assert rows.shape == (0,)


def test_keys_of_many_words_are_searched_from_the_first_to_the_last() -> None:
    words = [f"w{number}x" for number in range(5_000)]  # no digit folds onto another word
    index, order = WordIndex.build(words)
    assert index.rows([words[place] for place in order.tolist()]).tolist() == list(range(1, 5_001))
    assert not index.rows([f"v{number}x" for number in range(5_000)]).any()


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("", -5_426_141_060_434_712_860),
        ("the", 3_331_141_520_948_189_790),
        ("été", -2_873_208_181_647_912_516),
        ("\udc80", 4_447_032_042_832_488_001),
    ],
)
def test_keys_are_those_of_existing_model_files(word: str, key: int) -> None:
    assert word_keys([word]).tolist() == [key]


def test_upper_halves_of_keys_find_the_same_words() -> None:
    words = [f"w{number}x" for number in range(5_000)]
    index, _ = WordIndex.build(words)
    small = WordIndex(upper_halves(index.keys))
    assert small.keys.nbytes == index.keys.nbytes // 2
    assert (np.diff(small.keys.astype(np.int64)) >= 0).all()
    some = [*words[::7], "unseen", "W5X"]
    np.testing.assert_array_equal(small.rows(some), index.rows(some))
