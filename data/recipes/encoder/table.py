"""The table of word vectors, in four bits a number as the encoder stores it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nertagger.features import WordIndex
from nertagger.modelfile.packing import packed, unpacked
from nertagger.modelfile.schema import Tensor


class Table(NamedTuple):
    """Words with their vectors.

    Attributes:
        words: in the order of the rows.
        tensors: of a model file: the packed vectors, their scales and the keys of the words.
    """

    words: Sequence[str]
    tensors: Mapping[str, np.ndarray]

    @classmethod
    def packed(cls, words: Sequence[str], vectors: np.ndarray) -> Table:
        """Return the table of vectors, float32 (V, D), that are rounded to four bits."""
        index, order = WordIndex.build(words)
        tensors = packed(np.concatenate([np.zeros_like(vectors[:1]), vectors[order]]))
        return cls([words[row] for row in order], {**tensors, Tensor.WORD_KEYS: index.keys})

    @property
    def vectors(self) -> np.ndarray:
        """Return the rounded vectors, float32 (V, D)."""
        tensors = unpacked(self.tensors)
        vectors: np.ndarray = tensors[Tensor.WORD_VECTORS][1:] * tensors[Tensor.VECTOR_SCALES]
        return vectors.astype(np.float32)

    def write(self, path: Path) -> None:
        """Write words and vectors in the binary format of word2vec."""
        vectors = self.vectors
        with path.open("wb") as stream:
            stream.write(b"%d %d\n" % vectors.shape)
            for word, vector in zip(self.words, vectors, strict=True):
                stream.write(word.encode() + b" " + vector.tobytes())
