"""How often the training split gives each tag to a word, as an input of the network.

In training, the tokens of a batch are left out of what the batch is told of its words: a word that was seen once says
nothing of itself there, as a new word says nothing when text is tagged, so that the network learns how far to trust
what it is told. This is leave-one-out target encoding, after Micci-Barreca 2001, "A preprocessing scheme for
high-cardinality categorical attributes in classification and prediction problems".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from nertagger.features.vocabulary import fold_digits
from nertagger.features.word_index import WordIndex


class TagCounts:
    """How many training tokens of each word bear each tag; words that differ in case or digits alone are one.

    Args:
        index: the V training words in lower case and with digits as 0.
        counts: int32 (V + 1, K), the row of a word as `index` says; row 0, of all other words, is zeros.
    """

    def __init__(self, index: WordIndex, counts: np.ndarray) -> None:
        self.index = index
        self.counts = counts

    @classmethod
    def build(
        cls, sentences: Iterable[Sequence[str]], tags: Iterable[Sequence[str]], tag_ids: Mapping[str, int]
    ) -> TagCounts:
        """The counts of training sentences, given as their words and their tags, all of them in `tag_ids`."""
        numbers: dict[str, int] = {}
        words = [numbers.setdefault(fold_digits(word), len(numbers)) for sentence in sentences for word in sentence]
        borne = [tag_ids[tag] for row in tags for tag in row]
        index, order = WordIndex.build(list(numbers))
        counts = _count(np.array(words, np.intp), np.array(borne, np.intp), (len(numbers), len(tag_ids)))
        return cls(index, np.concatenate([np.zeros_like(counts[:1]), counts[order]]))

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """The row of each word, int32 (W,), 0 for words that are not in training."""
        return self.index.exact_rows(list(map(fold_digits, words)))

    def shares(self, words: Sequence[str]) -> np.ndarray:
        """The share of each tag among all training tokens of words, float32 (W, K); zeros for unknown words.

        Of a word's n tokens, c with the tag, it is ``c / (n + 1)``: the rarer the word, the less is said of it.
        """
        return _shares(self.counts[self.rows(words)])

    def shares_elsewhere(self, rows: np.ndarray, places: np.ndarray, tags: np.ndarray) -> np.ndarray:
        """The shares among those training tokens of words that are not in a batch.

        Args:
            rows: of the batch's words, (W,).
            places: which of the W words each of the batch's tokens is, (N,).
            tags: the ids of their tags, (N,).

        Returns:
            float32 (W, K), as of `shares`.
        """
        distinct, which = np.unique(rows, return_inverse=True)
        here = _count(which[places], tags, (len(distinct), self.counts.shape[1]))
        return _shares((self.counts[distinct] - here)[which])


def _count(words: np.ndarray, tags: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """How often each of V words bears each of K tags, int32 of `shape` (V, K), from the numbers of both, (N,) each."""
    places = np.ravel_multi_index((words, tags), shape)
    return np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int32)


def _shares(counts: np.ndarray) -> np.ndarray:
    shares: np.ndarray = (counts / (counts.sum(axis=1, keepdims=True) + 1)).astype(np.float32)
    return shares
