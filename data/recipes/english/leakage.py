"""Sentences that are, or nearly are, sentences of a split that may be scored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sources import SCORED

from nertagger.corpus import read
from nertagger.text.document import Sentence

_NGRAM = 5
_COMMON = 0.5  # a sentence is a near copy if this fraction of its 5-grams is in scored text
_SYMBOLS = re.compile(r"[^\w]+")


class ScoredText:
    """The sentences of dev and test splits, to be looked up."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self._whole: set[tuple[str, ...]] = set()
        self._parts: set[tuple[str, ...]] = set()
        for words in map(_normalized, sentences):
            self._whole.add(words)
            self._parts.update(_ngrams(words))

    @classmethod
    def of_corpora(cls, data: Path) -> ScoredText:
        """Return the scored splits of all corpora below a folder."""
        return cls(sentence.words for path in SCORED for sentence in read(data / path))

    def has(self, sentence: Sentence) -> bool:
        """Return whether a sentence is scored, or at least half of its 5-grams are of scored sentences.

        Letter case, digits and punctuation make no difference.
        """
        words = _normalized(sentence.words)
        grams = list(_ngrams(words))
        common = sum(gram in self._parts for gram in grams)
        return words in self._whole or (bool(grams) and common >= _COMMON * len(grams))

    def without(self, sentences: Iterable[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
        """Return the sentences that are not scored, and those that are."""
        kept: list[Sentence] = []
        left_out: list[Sentence] = []
        for sentence in sentences:
            (left_out if self.has(sentence) else kept).append(sentence)
        return kept, left_out


def _normalized(words: Iterable[str]) -> tuple[str, ...]:
    folded = (re.sub(r"\d", "0", _SYMBOLS.sub("", word.lower())) for word in words)
    return tuple(word for word in folded if word)


def _ngrams(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (words[i : i + _NGRAM] for i in range(len(words) - _NGRAM + 1))
