"""Names in lists as an input of the network: which label a list gives to a token, and where in the name it is.

The input is a property of a token in its sentence, not of the word: in ``New York``, ``New`` begins a name of places,
elsewhere it does not. Word and mark together are a *form*, and the word encoder sees each distinct form once, as it
sees each distinct word once without lists. A form of a word without marks is the word itself.

A model file holds hashes of the names, eight bytes each, and not the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Self

import numpy as np

from nertagger.features.word_index import word_key, word_keys
from nertagger.text.spelling import normalized

MOST_NAMES, MOST_LABELS, LONGEST = 1_000_000, 30, 30
"""The most names of a gazetteer, their labels, and the tokens of a name: what a 32-bit number holds, and 12 MB."""

POSITIONS = 4
"""The positions of a token in a name: begin, inside, end, single."""

_BEGIN, _INSIDE, _END, _SINGLE = range(POSITIONS)
_MARK = "\0"  # between a word and its mark; a word that contains it has a mark, if need be 0
_CACHED_WORDS = 1 << 16


class Gazetteer:
    """Names by the hashes of their tokens.

    Attributes:
        labels: the L labels of the names.
        arrays: by name, ``keys`` int64 (N,), the hashes of N names in rising order; ``marks`` int32 (N,), their labels
            as bits; ``first_keys`` int64 (M,), the hashes of the words that begin them in rising order; ``lengths``
            int32 (M,), how many tokens names have that begin with each word, as bits.
    """

    def __init__(self, labels: Sequence[str], arrays: Mapping[str, np.ndarray]) -> None:
        self.labels, self.arrays = tuple(labels), dict(arrays)
        keys, marks, first_keys, lengths = (arrays[name].tolist() for name in ARRAYS)
        self._marks = dict(zip(keys, marks, strict=True))
        self._by_first: dict[int, list[int]] = dict(zip(first_keys, map(_bits, lengths), strict=True))
        self._lengths: dict[str, list[int]] = {}

    @classmethod
    def build(cls, names: Iterable[tuple[Sequence[str], str]]) -> Self:
        """Return the gazetteer of names, each with its tokens, from one to `LONGEST`, and its label."""
        pairs = [(tuple(normalized(words)), label) for words, label in names]
        labels = sorted({label for _, label in pairs})
        marks: dict[tuple[str, ...], int] = {}
        lengths: dict[str, int] = {}
        for words, label in pairs:
            marks[words] = marks.get(words, 0) | 1 << labels.index(label)
            lengths[words[0]] = lengths.get(words[0], 0) | 1 << len(words)
        names_table = _sorted(map(_MARK.join, marks), marks.values())
        first_table = _sorted(lengths, lengths.values())
        return cls(labels, dict(zip(ARRAYS, (*names_table, *first_table), strict=True)))

    @property
    def width(self) -> int:
        """The width of the input: a number for each label and position."""
        return POSITIONS * len(self.labels)

    def __len__(self) -> int:
        return len(self._marks)

    def forms(self, words: Sequence[str]) -> list[str]:
        """Return the form of each word of a sentence."""
        codes = self._codes(normalized(words))
        forms = [f"{word}{_MARK}0" if _MARK in word else word for word in words]
        for place, code in codes.items():
            forms[place] = f"{words[place]}{_MARK}{code}"
        return forms

    def encode(self, forms: Sequence[str]) -> np.ndarray:
        """Return the input of the network for W forms, float32 (W, 4 L): 1 for each label and position."""
        rows = np.zeros((len(forms), self.width), np.float32)
        for number, form in enumerate(forms):
            if _MARK in form:
                rows[number, _bits(int(form.rpartition(_MARK)[2]))] = 1.0
        return rows

    def _codes(self, words: Sequence[str]) -> dict[int, int]:
        """Return labels and positions of the tokens in names, as bits; of overlapping names the longest counts."""
        found = sorted(self._find(words), key=lambda one: (one[0] - one[1], one[0]))
        codes: dict[int, int] = {}
        for first, stop, marks in found:
            if first in codes or stop - 1 in codes:
                continue
            for place in range(first, stop):
                codes[place] = _spread(marks) << _position(place, first, stop)
        return codes

    def _find(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Yield first token, stop and labels of every name in a sentence."""
        known, count = self._lengths, len(words)
        for first, word in enumerate(words):
            lengths = known.get(word)
            for length in self._lengths_after(word) if lengths is None else lengths:
                if first + length > count:
                    break
                marks = self._marks.get(word_key(_MARK.join(words[first : first + length])))
                if marks:
                    yield first, first + length, marks

    def _lengths_after(self, word: str) -> list[int]:
        """Return how many tokens names have that begin with a word, in rising order, and remember it."""
        if len(self._lengths) >= _CACHED_WORDS:
            self._lengths.clear()
        self._lengths[word] = self._by_first.get(word_key(word), [])
        return self._lengths[word]


ARRAYS = ("keys", "marks", "first_keys", "lengths")
"""The names of the arrays of a gazetteer."""


def word_of(form: str) -> str:
    """Return the word of a form."""
    return form.rpartition(_MARK)[0] if _MARK in form else form


def _sorted(texts: Iterable[str], values: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
    keys = word_keys(texts)
    order = np.argsort(keys, kind="stable")
    return keys[order], np.array([*values], np.int32)[order]


def _position(place: int, first: int, stop: int) -> int:
    if stop - first == 1:
        return _SINGLE
    return _BEGIN if place == first else _END if place == stop - 1 else _INSIDE


def _spread(marks: int) -> int:
    """Return a number with the bit of each label at the first of its positions."""
    return sum(1 << POSITIONS * label for label in _bits(marks))


def _bits(number: int) -> list[int]:
    """Return which bits of a number are set, in rising order.

    >>> _bits(0b1010)
    [1, 3]
    """
    return [place for place, bit in enumerate(reversed(f"{number:b}")) if bit == "1"]
