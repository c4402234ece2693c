"""Vocabularies: items with ids of their own, and one id for all other items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

UNKNOWN = 0  # the id of every item that is not in a vocabulary
_DIGIT = re.compile(r"\d")


class Vocabulary:
    """Items with ids from 1 in order; id 0 is the unknown item (UNK in the course).

    >>> words = Vocabulary(["the", "Aaron"])
    >>> words.id("the"), words.id("zulu"), len(words)
    (1, 0, 3)
    """

    def __init__(self, items: Iterable[str]) -> None:
        self.items = list(items)
        self._ids = {item: number for number, item in enumerate(self.items, start=1)}

    @classmethod
    def build(cls, items: Iterable[str], *, min_count: int = 1, max_items: int | None = None) -> Vocabulary:
        """Return the vocabulary of the items that occur at least `min_count` times, by frequency, then by spelling."""
        counts = Counter(items)
        frequent = sorted(
            (item for item in counts if counts[item] >= min_count), key=lambda item: (-counts[item], item)
        )
        return cls(frequent[:max_items])

    def __len__(self) -> int:
        """Return the number of ids, including that of the unknown item."""
        return len(self.items) + 1

    def id(self, item: str) -> int:
        """Return the id of an item, 0 if it has none."""
        return self._ids.get(item, UNKNOWN)

    def word_id(self, word: str) -> int:
        """Return the id of a word, else of its lower-cased form, else of that with digits as 0, else the unknown id."""
        get = self._ids.get
        found = get(word)
        if found is not None:
            return found
        return get(word.lower()) or get(fold_digits(word), UNKNOWN)

    def word_ids(self, words: Sequence[str]) -> np.ndarray:
        """Return the `word_id` of each word, int32 (W,)."""
        return np.fromiter(map(self.word_id, words), np.int32, len(words))


def fold_digits(word: str) -> str:
    """Return a word in lower case with every digit as 0."""
    return _DIGIT.sub("0", word.lower())


def one_hot(ids: np.ndarray, size: int) -> np.ndarray:
    """Return the one-hot vectors of ids: float32 (*ids.shape, size), 1 at the id and 0 elsewhere."""
    vectors: np.ndarray = np.eye(size, dtype=np.float32)[ids]
    return vectors
