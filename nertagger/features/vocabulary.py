"""Vocabularies: what has a number of its own, and the number of all that has none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

UNKNOWN = 0  # the id of everything that is not in a vocabulary
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
        """The vocabulary of the items seen at least `min_count` times, the most frequent first, then by spelling."""
        counts = Counter(items)
        frequent = sorted(
            (item for item in counts if counts[item] >= min_count), key=lambda item: (-counts[item], item)
        )
        return cls(frequent[:max_items])

    def __len__(self) -> int:
        """How many ids there are, the unknown one included."""
        return len(self.items) + 1

    def id(self, item: str) -> int:
        """The id of an item, 0 if it has none."""
        return self._ids.get(item, UNKNOWN)

    def word_id(self, word: str) -> int:
        """The id of a word or of what it is like: itself, else lower-cased, else with digits as 0, else unknown."""
        get = self._ids.get
        found = get(word)
        if found is not None:
            return found
        return get(word.lower()) or get(fold_digits(word), UNKNOWN)

    def word_ids(self, words: Sequence[str]) -> np.ndarray:
        """`word_id` of each word, int32 of shape (W,)."""
        return np.fromiter(map(self.word_id, words), np.int32, len(words))


def fold_digits(word: str) -> str:
    """The word in lower case with every digit as 0."""
    return _DIGIT.sub("0", word.lower())


def one_hot(ids: np.ndarray, size: int) -> np.ndarray:
    """The one-hot vectors of ids: float32 of shape (*ids.shape, size), a 1 at the id and 0 elsewhere."""
    vectors: np.ndarray = np.eye(size, dtype=np.float32)[ids]
    return vectors
