"""Sentences that a text must not contain: found again in it as exact or near copies, however it is tokenized.

Sentences are compared by their characters in lower case, without white space. A near copy shares 40 characters in a
row, some eight words, beginning with a word. Windows of characters are found by their hashes: a polynomial modulo 2^64
over the code points (Karp and Rabin 1987), for all windows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

EXACT, NEAR = 1, 2
"""What a sentence is; 0 if it is no copy."""
_WINDOW = 40  # characters
_SHORTEST = 4  # words of a sentence whose exact copies are left out: shorter ones are common property
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse
_BLOCK = 2000  # sentences that are hashed together


@dataclass(frozen=True)
class Exclusion:
    """The hashes of the sentences to leave out, uint64 in rising order.

    Attributes:
        whole: of each of them.
        windows: of each 40 characters in a row of them.
    """

    whole: np.ndarray
    windows: np.ndarray

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]]) -> Exclusion:
        """Return the exclusion of sentences, each as its words."""
        whole, windows = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
        every = [words for words in sentences if len(words) >= _SHORTEST]
        for first in range(0, len(every), _BLOCK):
            hashes = _Hashes([*map(_characters, every[first : first + _BLOCK])])
            whole.append(hashes.whole())
            windows.append(hashes.windows(np.arange(len(hashes.codes))))
        return cls(np.unique(np.concatenate(whole)), np.unique(np.concatenate(windows)))

    def kinds(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """Return for each sentence whether it is a copy: `EXACT`, `NEAR` or 0."""
        if not len(self.whole) or not sentences:
            return np.zeros(len(sentences), np.int8)
        lowered = [[word.lower() for word in words] for words in sentences]
        hashes = _Hashes(["".join(words) for words in lowered])
        starts = np.fromiter(
            (start + place for start, words in zip(hashes.starts, lowered, strict=True) for place in _places(words)),
            np.int64,
        )
        starts = hashes.inside(starts)
        kinds = np.zeros(len(sentences), np.int8)
        found = starts[_contains(self.windows, hashes.windows(starts))]
        kinds[np.searchsorted(hashes.starts, found, side="right") - 1] = NEAR
        long_enough = np.fromiter((len(words) >= _SHORTEST for words in sentences), bool, len(sentences))
        kinds[_contains(self.whole, hashes.whole()) & long_enough] = EXACT
        return kinds

    def __len__(self) -> int:
        """Return the number of different sentences."""
        return len(self.whole)


class _Hashes:
    """The hashes of parts of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        ends = np.fromiter(accumulate(map(len, texts)), np.int64, len(texts))
        self.starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
        self._ends = ends
        size = len(self.codes) + 1
        powers, self._inverse = _powers(_BASE, size), _powers(pow(_BASE, -1, 1 << 64), size)
        self._sums = np.zeros(size, np.uint64)
        np.cumsum(self.codes * powers[:-1], out=self._sums[1:])

    def whole(self) -> np.ndarray:
        """Return the hash of each text."""
        return self._between(self.starts, self._ends)

    def windows(self, starts: np.ndarray) -> np.ndarray:
        """Return the hashes of the windows at those of these places where one is inside its text."""
        inside = self.inside(starts)
        return self._between(inside, inside + _WINDOW)

    def inside(self, starts: np.ndarray) -> np.ndarray:
        """Return those of these places at which a window is inside its text."""
        texts = np.searchsorted(self.starts, starts, side="right") - 1
        return starts[starts + _WINDOW <= self._ends[texts]]

    def _between(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        hashes: np.ndarray = (self._sums[ends] - self._sums[starts]) * self._inverse[starts]
        return hashes


def _powers(base: int, count: int) -> np.ndarray:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


def _characters(words: Sequence[str]) -> str:
    return "".join(word.lower() for word in words)


def _places(words: Sequence[str]) -> Iterable[int]:
    """Return where each word begins in the text without white space."""
    return accumulate(map(len, words[:-1]), initial=0)


def _contains(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if not len(values):
        return np.zeros(len(wanted), bool)
    places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.asarray(values[places] == wanted)
