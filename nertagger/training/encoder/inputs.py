"""The word features of a run that starts from an encoder: its vocabularies first, then what the text adds to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nertagger.features import Features, VectorTable, Vocabulary, WordIndex, WordVectors
from nertagger.features.characters import CharacterEncoder
from nertagger.training.encoder.encoder import Encoder


def indexed(vectors: WordVectors) -> tuple[WordIndex, VectorTable]:
    """Return the index of words, and the table in its order with a first row of zeros for words without a vector."""
    index, order = WordIndex.build(vectors.words)
    zeros = np.zeros((1, vectors.table.shape[1]), np.float16)
    return index, VectorTable(np.concatenate([zeros, vectors.table[order]]))


def joined(encoder: Encoder, vectors: WordVectors | None) -> tuple[WordIndex | None, VectorTable | None]:
    """Return the index and the table of an encoder's vectors, with those of a file as further columns if there are any.

    The columns of a word that only one of them has are zeros in the other.
    """
    known, table = encoder.features.vectors, encoder.vectors
    if vectors is None or known is None or table is None:
        return known, table
    index, added = indexed(vectors)
    keys = np.union1d(known.keys, index.keys)
    width = table.shape[1]
    numbers = np.zeros((len(keys) + 1, width + added.shape[1]), np.float16)
    both = WordIndex(keys)
    numbers[np.searchsorted(keys, known.keys) + 1, :width] = table.lookup(np.arange(1, len(known) + 1))
    # A word of the file in another form than the encoder's has the encoder's vector all the same.
    rows = both.exact_rows(vectors.words)
    numbers[rows, :width] = table.lookup(known.rows(vectors.words))
    numbers[rows, width:] = vectors.table
    return both, VectorTable(numbers)


def extended(encoder: Encoder, built: Features) -> Features:
    """Return features with the encoder's ids, and new ids after them for what only the text has."""
    own = encoder.features
    characters = own.characters
    if characters is not None and built.characters is not None:
        alphabet = _union(characters.vocabulary, built.characters.vocabulary)
        characters = CharacterEncoder(alphabet, max_length=characters.max_length)
    shapes = own.shapes if own.shapes is None or built.shapes is None else _union(own.shapes, built.shapes)
    words = built.words if own.words is None or built.words is None else _union(own.words, built.words)
    return replace(built, characters=characters, shapes=shapes, words=words)


def _union(first: Vocabulary, second: Vocabulary) -> Vocabulary:
    return Vocabulary(dict.fromkeys([*first.items, *second.items]))
