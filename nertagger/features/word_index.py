"""Rows of a table by word, found by hashed keys without storing the words.

A dictionary of 400,000 words takes a fifth of a second and much memory to build; sorted keys of eight bytes per word
are used as they are in the model file. A word without a row is mistaken for another word once in about 10^13 look-ups.
A small model has keys of four bytes: once in 10^4 look-ups, and about 20 of 400,000 words have the vector of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

import numpy as np

from nertagger.features.vocabulary import fold_digits
from nertagger.text.spelling import normalized


class WordIndex:
    """Rows of a table by word; row 0 is for all words without a row of their own.

    Args:
        keys: (V,), the `word_keys` of the words in ascending order, int64, or their `upper_halves`, int32; row
            ``i + 1`` belongs to the word of key ``i``.
    """

    def __init__(self, keys: np.ndarray) -> None:
        self.keys = keys

    @classmethod
    def build(cls, words: Sequence[str]) -> tuple[WordIndex, np.ndarray]:
        """Return the index of different words, and the order that their rows must have: int64 (V,)."""
        keys = word_keys(words)
        order = np.argsort(keys, kind="stable")
        return cls(keys[order]), order

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """Return the row of each word, of its usual spelling, of that in lower case, of that with digits as 0, or 0.

        The result is int32 (W,); for usual spellings see `normalized`.
        """
        rows, usual = self.exact_rows(words), normalized(words)
        folds: tuple[Callable[[str], str], ...] = (str.lower, fold_digits)
        if usual is not words:
            folds = (str, *folds)
        for fold in folds:
            missing = np.flatnonzero(rows == 0)
            if not len(missing):
                break
            rows[missing] = self.exact_rows([fold(usual[i]) for i in missing.tolist()])
        return rows

    def exact_rows(self, words: Sequence[str]) -> np.ndarray:
        """Return the row of each word as it is spelled, int32 (W,), 0 for none."""
        if not len(self.keys):
            return np.zeros(len(words), np.int32)
        wanted = word_keys(words)
        wanted = upper_halves(wanted) if self.keys.dtype == np.int32 else wanted
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[places] == wanted, places + 1, 0).astype(np.int32)

    def __len__(self) -> int:
        """Return the number of words that have a row."""
        return len(self.keys)


def word_keys(words: Iterable[str]) -> np.ndarray:
    """Return the first eight bytes of the BLAKE2b hash of each word, int64 (W,)."""
    return np.frombuffer(b"".join(map(_digest, words)), "<i8")


def word_key(word: str) -> int:
    """Return the key of one word, as `word_keys` does, in a third of the time."""
    return int.from_bytes(_digest(word), "little", signed=True)


def _digest(word: str) -> bytes:
    return blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def upper_halves(keys: np.ndarray) -> np.ndarray:
    """Return the upper halves of keys, int32 (V,), in the same order."""
    return (keys >> 32).astype(np.int32)
