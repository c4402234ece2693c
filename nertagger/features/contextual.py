"""Inputs of a character language model for contextual embeddings, and the positions of the states of each token.

A sentence is read as its tokens with one space between them, after an end of line. The embedding of a token is the
state of the forward model after its last character, and of the backward model, which reads from right to left, after
its first character (Akbik et al. 2018, "Contextual string embeddings for sequence labeling").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from nertagger.features.symbols import END_ID
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.schema import BACKWARD, DIRECTIONS, FORWARD, ContextGraph

_LONGEST_TOKEN = 100  # a longer token is represented by its first and last characters, half each


def contextual_inputs(sentences: Sequence[Sequence[str]], symbols: Vocabulary) -> dict[str, np.ndarray]:
    """Return the inputs of both directions of a language model for B sentences of at most T tokens.

    Returns:
        ``forward`` and ``backward`` int32 (C, B), ids in the order in which they are read, 0 after the end of a
        sentence; ``forward_places`` and ``backward_places`` int32 (T, B), the index of each token's state among the
        C * B flattened ones, 0 after the end of a sentence.
    """
    encoded = [_encode(words, symbols) for words in sentences]
    shape = (max(len(ids) for ids, _, _ in encoded), len(encoded))
    tokens = (max(map(len, sentences)), len(encoded))
    arrays = {name: np.zeros(shape, np.int32) for name in DIRECTIONS}
    arrays |= {name: np.zeros(tokens, np.int32) for name in map(ContextGraph.places, DIRECTIONS)}
    for column, (ids, ends, begins) in enumerate(encoded):
        arrays[FORWARD][: len(ids), column] = ids
        arrays[BACKWARD][0, column] = END_ID
        arrays[BACKWARD][1 : len(ids), column] = ids[:0:-1]
        arrays[ContextGraph.FORWARD_PLACES][: len(ends), column] = ends * len(encoded) + column
        arrays[ContextGraph.BACKWARD_PLACES][: len(begins), column] = begins * len(encoded) + column
    return arrays


def _encode(words: Sequence[str], symbols: Vocabulary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ids of a sentence (C,), and per direction the position of the last symbol read of each token (T,)."""
    seen = [word if len(word) <= _LONGEST_TOKEN else _edges(word) for word in words]
    ids = np.fromiter(chain([END_ID], map(symbols.id, " ".join(seen))), np.int32)
    lengths = np.fromiter(map(len, seen), np.int64, len(seen))
    ends = np.cumsum(lengths) + np.arange(len(seen))
    return ids, ends, len(ids) - 1 - (ends - lengths)


def _edges(word: str) -> str:
    half = _LONGEST_TOKEN // 2
    return word[:half] + word[-half:]
