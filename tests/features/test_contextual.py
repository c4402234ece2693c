"""Positions of the language model's states of each token, compared with the text that has been read."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nertagger.features.contextual import contextual_inputs
from nertagger.features.vocabulary import Vocabulary

SYMBOLS = Vocabulary(["\n", *"abc "])


def read_before(arrays: dict[str, np.ndarray], direction: str, token: int, column: int) -> str:
    """Return all that the direction has read when its state is the token's, in the order of reading."""
    place = arrays[f"{direction}_places"][token, column]
    rows = arrays[direction].shape[1]
    assert place % rows == column
    ids = arrays[direction][: place // rows + 1, column]
    return "".join((["?", *SYMBOLS.items])[i] for i in ids)


@given(st.lists(st.lists(st.text("abcz", max_size=5), min_size=1, max_size=6), min_size=1, max_size=4))
def test_states_are_those_after_the_last_and_after_the_first_character(sentences: list[list[str]]) -> None:
    arrays = contextual_inputs(sentences, SYMBOLS)
    for column, words in enumerate(sentences):
        seen = [word.replace("z", "?") for word in words]
        for token in range(len(words)):
            left, right = " ".join(seen[: token + 1]), " ".join(seen[token:])
            assert read_before(arrays, "forward", token, column) == "\n" + left
            assert read_before(arrays, "backward", token, column) == "\n" + right[::-1]


def test_a_very_long_token_is_represented_by_its_ends() -> None:
    arrays = contextual_inputs([["a" * 5000 + "b" * 5000, "c"]], SYMBOLS)
    assert read_before(arrays, "forward", 1, 0) == "\n" + "a" * 50 + "b" * 50 + " c"
