"""Sentences as a character language model reads them, and where in what it read each token's edge is.

A sentence is its tokens with one space between them, after an end of line. The forward model is asked for its state
after the last character of a token, the backward one, which comes from the right, after the token's first character
(Akbik et al. 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from nertagger.features.symbols import END_ID
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.schema import BACKWARD, DIRECTIONS, FORWARD, ContextGraph

_LONGEST_TOKEN = 100  # a longer one is seen by its first and last characters, half each


def context_inputs(sentences: Sequence[Sequence[str]], symbols: Vocabulary) -> dict[str, np.ndarray]:
    """What both directions of a language model read of B sentences of at most T tokens.

    Returns:
        ``forward`` and ``backward`` int32 (C, B), ids in the order in which they are read, 0 behind a sentence's end;
        ``forward_places`` and ``backward_places`` int32 (T, B), where a token's state is among the C * B flattened, 0
        behind a sentence's end.
    """
    readings = [_read(words, symbols) for words in sentences]
    shape = (max(len(ids) for ids, _, _ in readings), len(readings))
    tokens = (max(map(len, sentences)), len(readings))
    arrays = {name: np.zeros(shape, np.int32) for name in DIRECTIONS}
    arrays |= {name: np.zeros(tokens, np.int32) for name in map(ContextGraph.places, DIRECTIONS)}
    for column, (ids, ends, begins) in enumerate(readings):
        arrays[FORWARD][: len(ids), column] = ids
        arrays[BACKWARD][0, column] = END_ID
        arrays[BACKWARD][1 : len(ids), column] = ids[:0:-1]
        arrays[ContextGraph.FORWARD_PLACES][: len(ends), column] = ends * len(readings) + column
        arrays[ContextGraph.BACKWARD_PLACES][: len(begins), column] = begins * len(readings) + column
    return arrays


def _read(words: Sequence[str], symbols: Vocabulary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ids of a sentence (C,), and for each token how many symbols each direction has read before its last one."""
    seen = [word if len(word) <= _LONGEST_TOKEN else _edges(word) for word in words]
    ids = np.fromiter(chain([END_ID], map(symbols.id, " ".join(seen))), np.int32)
    lengths = np.fromiter(map(len, seen), np.int64, len(seen))
    ends = np.cumsum(lengths) + np.arange(len(seen))
    return ids, ends, len(ids) - 1 - (ends - lengths)


def _edges(word: str) -> str:
    half = _LONGEST_TOKEN // 2
    return word[:half] + word[-half:]
