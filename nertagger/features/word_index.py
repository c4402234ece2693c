"""Which row of a table is a word's, found without holding the words.

A file of 400,000 words takes a fifth of a second to become a dictionary, and much memory; its sorted keys of eight
bytes a word are mapped from the model file as they are. A word that has no row is taken for one that has by chance
once in some 10^13 look-ups. A small model keeps four bytes: once in 10^4 look-ups, and of 400,000 words some 20 then
have the vector of another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np

from nertagger.features.vocabulary import fold_digits


class WordIndex:
    """Rows of a table by word; row 0 is that of all words without a row of their own.

    Args:
        keys: (V,), the `word_keys` of the words in rising order, int64, or their upper halves (`halved`), int32; row
            ``i + 1`` belongs to the word of key ``i``.
    """

    def __init__(self, keys: np.ndarray) -> None:
        self.keys = keys

    @classmethod
    def build(cls, words: Sequence[str]) -> tuple[WordIndex, np.ndarray]:
        """The index of different words, and the order in which their rows must stand: int64 (V,)."""
        keys = word_keys(words)
        order = np.argsort(keys, kind="stable")
        return cls(keys[order]), order

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """The row of each word, int32 (W,): its own, else that in lower case, else that with digits as 0, else 0."""
        rows = self.exact_rows(words)
        for fold in (str.lower, fold_digits):
            missing = np.flatnonzero(rows == 0)
            if not len(missing):
                break
            rows[missing] = self.exact_rows([fold(words[i]) for i in missing.tolist()])
        return rows

    def exact_rows(self, words: Sequence[str]) -> np.ndarray:
        """The row of each word as it is spelled, int32 (W,), 0 for none."""
        if not len(self.keys):
            return np.zeros(len(words), np.int32)
        wanted = word_keys(words)
        wanted = halved(wanted) if self.keys.dtype == np.int32 else wanted
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[places] == wanted, places + 1, 0).astype(np.int32)

    def __len__(self) -> int:
        """How many words have a row."""
        return len(self.keys)


def word_keys(words: Iterable[str]) -> np.ndarray:
    """The first eight bytes of each word's BLAKE2b, int64 (W,)."""
    digests = b"".join(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words)
    return np.frombuffer(digests, "<i8")


def halved(keys: np.ndarray) -> np.ndarray:
    """The upper halves of keys, int32 (V,), in the same order."""
    return (keys >> 32).astype(np.int32)
