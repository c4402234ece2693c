"""Tag frequencies of words in the training split, as an input of the network.

In training, the tokens of a batch are left out of the frequencies of its words: a word that occurs once then has none,
like a new word when text is tagged, so that the network learns how far to trust frequencies. This is leave-one-out
target encoding, after Micci-Barreca 2001, "A preprocessing scheme for high-cardinality categorical attributes in
classification and prediction problems".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from nertagger.features.vocabulary import fold_digits
from nertagger.features.word_index import WordIndex
from nertagger.text.spelling import normalized


class TagCounts:
    """Counts of the training tokens of each word with each tag; words that differ only in case or digits are one.

    Args:
        index: the V training words in lower case and with digits as 0.
        counts: int32 (V + 1, K) by row of `index`; row 0, of all other words, is zeros.
    """

    def __init__(self, index: WordIndex, counts: np.ndarray) -> None:
        self.index = index
        self.counts = counts

    @classmethod
    def build(
        cls, sentences: Iterable[Sequence[str]], tags: Iterable[Sequence[str]], tag_ids: Mapping[str, int]
    ) -> TagCounts:
        """Return the counts of training sentences, given as their words and their tags, all in `tag_ids`."""
        numbers: dict[str, int] = {}
        tokens = normalized(list(chain.from_iterable(sentences)))
        words = [numbers.setdefault(fold_digits(word), len(numbers)) for word in tokens]
        ids = [tag_ids[tag] for row in tags for tag in row]
        index, order = WordIndex.build(list(numbers))
        counts = _count(np.array(words, np.intp), np.array(ids, np.intp), (len(numbers), len(tag_ids)))
        return cls(index, np.concatenate([np.zeros_like(counts[:1]), counts[order]]))

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """Return the row of each word, int32 (W,), 0 for words that do not occur in training."""
        return self.index.exact_rows(list(map(fold_digits, normalized(words))))

    def frequencies(self, words: Sequence[str]) -> np.ndarray:
        """Return the relative frequency of each tag of words, float32 (W, K); zeros for unknown words.

        It is ``c / (n + 1)`` for c of a word's n training tokens: the frequencies of rare words are smaller.
        """
        return _relative(self.counts[self.rows(words)])

    def frequencies_elsewhere(self, rows: np.ndarray, places: np.ndarray, tags: np.ndarray) -> np.ndarray:
        """Return the relative frequencies among the training tokens that are not in a batch.

        Args:
            rows: the rows of the batch's words, (W,).
            places: which of the W words each token of the batch is, (N,).
            tags: the ids of the tokens' tags, (N,).

        Returns:
            float32 (W, K), as of `frequencies`.
        """
        distinct, which = np.unique(rows, return_inverse=True)
        here = _count(which[places], tags, (len(distinct), self.counts.shape[1]))
        return _relative((self.counts[distinct] - here)[which])


def _count(words: np.ndarray, tags: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return how often each of V words has each of K tags, int32 of `shape` (V, K), from the ids of N tokens."""
    places = np.ravel_multi_index((words, tags), shape)
    return np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int32)


def _relative(counts: np.ndarray) -> np.ndarray:
    frequencies: np.ndarray = (counts / (counts.sum(axis=1, keepdims=True) + 1)).astype(np.float32)
    return frequencies
