"""Characters as ids, compared with a slow encoder of one word and one character at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nertagger.features.characters import (
    FIRST_CHARACTER,
    PADDING,
    UNKNOWN_CHARACTER,
    WORD_END,
    WORD_START,
    CharacterEncoder,
)
from nertagger.features.vocabulary import Vocabulary

ANY_CHARACTER = st.characters(exclude_categories=[])  # lone surrogates included
ANY_WORD = st.text(st.one_of(st.sampled_from("aé京😀\ud800\u0301"), ANY_CHARACTER), max_size=9)


def encoder(alphabet: str, *, max_length: int = 40) -> CharacterEncoder:
    return CharacterEncoder(Vocabulary(alphabet), max_length=max_length)


def slow(word: str, alphabet: str, *, max_length: int) -> list[int]:
    """Return the ids of one word by the definition."""
    if len(word) > max_length:
        last = max_length // 2
        word = word[: max_length - last] + word[len(word) - last :]
    ids = [4 + alphabet.index(character) if character in alphabet else 1 for character in word]
    return [2, *ids, 3]


def test_the_first_ids_are_padding_unknown_and_the_marks() -> None:
    assert (PADDING, UNKNOWN_CHARACTER, WORD_START, WORD_END, FIRST_CHARACTER) == (0, 1, 2, 3, 4)


def test_an_example() -> None:
    ids = encoder("ba").encode(["ab", "", "xa!b"])
    assert ids.dtype == np.int32
    assert ids.tolist() == [[2, 5, 4, 3, 0, 0], [2, 3, 0, 0, 0, 0], [2, 1, 5, 1, 4, 3]]


@given(
    words=st.lists(ANY_WORD, max_size=6),
    alphabet=st.lists(ANY_CHARACTER, unique=True, max_size=6),
    max_length=st.integers(2, 10),
)
@example(words=["😀", "a\ud83d\ude00", "\ud83d"], alphabet=["\ud83d", "😀", "a"], max_length=2)
@example(words=["\x00", "\U0010ffff"], alphabet=["\U0010ffff", "\x00"], max_length=2)
@settings(max_examples=200)
def test_against_the_slow_encoder(words: list[str], alphabet: list[str], max_length: int) -> None:
    letters = "".join(alphabet)
    ids = encoder(letters, max_length=max_length).encode(words)
    expected = [slow(word, letters, max_length=max_length) for word in words]
    assert ids.shape == (len(words), max(map(len, expected), default=2))
    assert [[number for number in row if number] for row in ids.tolist()] == expected


@pytest.mark.parametrize(
    ("max_length", "seen"),
    [(10, "abcdefghij"), (9, "abcdeghij"), (8, "abcdghij"), (5, "abcij"), (3, "abj"), (2, "aj"), (1, "a")],
)
def test_long_words_are_represented_by_their_first_and_last_characters(max_length: int, seen: str) -> None:
    alphabet = "abcdefghij"
    (row,) = encoder(alphabet, max_length=max_length).encode([alphabet]).tolist()
    assert "".join(alphabet[number - 4] for number in row[1:-1]) == seen


def test_no_words() -> None:
    assert encoder("ab").encode([]).shape == (0, 2)


def test_an_empty_alphabet() -> None:
    assert len(encoder("")) == 4
    assert encoder("").encode(["ab", ""]).tolist() == [[2, 1, 1, 3], [2, 3, 0, 0]]


def test_size_counts_the_four_first_ids() -> None:
    assert len(encoder("abc")) == 7
    assert encoder("abc").encode(["abc"]).max() == 6
