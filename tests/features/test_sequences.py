"""Symbols to padded arrays of ids, and back."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nertagger.features.sequences import Symbols


def test_symbols_are_padded_ended_and_unknown_ones_marked() -> None:
    letters = Symbols("abc")
    assert letters.encode(["abz", "", "c"], length=4).tolist() == [[3, 4, 2, 0], [0, 0, 0, 0], [5, 0, 0, 0]]
    assert letters.encode([], end=True).shape == (0, 1)
    assert letters.decode([4, 2, 3, 1, 3]) == ["b", "?", "a"]
    with pytest.raises(ValueError, match="got a sequence of 4 symbols, expected at most 3"):
        letters.encode(["abc"], end=True, length=3)
    words = Symbols(["the", "cat", "the"])
    assert [a < b for a, b in pairwise(words.id(w) for w in ("dog", "the", "cat"))] == [True, True]
