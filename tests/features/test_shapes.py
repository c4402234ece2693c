"""Word shapes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.features.shapes import word_shape


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("", ""),
        ("a", "x"),
        ("Teddy", "Xxx"),
        ("teddy", "xx"),
        ("USA", "XX"),
        ("U.S.", "X.X."),
        ("O'Brien", "X'Xxx"),
        ("iPhone", "xXxx"),
        ("McDonald", "XxXxx"),
        ("2009-05", "dd-dd"),
        ("1,000.5", "d,dd.d"),
        ("....", ".."),
        ("..", ".."),
        ("@user_1", "@xx_d"),
        ("#NER", "#XX"),
        ("Ångström", "Xxx"),
        ("ǅ", "X"),
        ("東京", "xx"),
        ("東京都", "xx"),
        ("½", "d"),
        ("Ⅷ", "X"),
        ("٣", "d"),
        ("e\u0301", "xm"),
        ("😀😀😀", "😀😀"),
        ("\n\n\n", "\n\n"),
        ("A1b2C3d4E5f6", "XdxdXdxdXd"),
    ],
)
def test_word_shape(word: str, shape: str) -> None:
    assert word_shape(word) == shape


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
@settings(max_examples=100)
def test_shapes_are_short_and_without_long_runs(word: str) -> None:
    shape = word_shape(word)
    assert len(shape) <= 10
    assert not re.search(r"(.)\1\1", shape, re.DOTALL)
    assert bool(shape) == bool(word)


@given(st.text(st.characters(codec="ascii"), max_size=20), st.integers(0, 9))
@settings(max_examples=100)
def test_shape_does_not_depend_on_which_letter_or_digit(word: str, digit: int) -> None:
    other = re.sub(r"\d", str(digit), re.sub("[a-z]", "q", re.sub("[A-Z]", "Q", word)))
    assert word_shape(other) == word_shape(word)
