"""Sentences in other letter case: headlines in capitals or with a capital on each word, and careless lower case.

Sentences are rewritten in place, not copied: a word's tag frequencies are an input of the network, and a copy would
tell it the tags of the original.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from nertagger.text.document import Sentence

CAPITALS, TITLES, LOWER = 0.15, 0.08, 0.1
"""The fractions of sentences that are rewritten: of short ones in capitals and in title case, of all in lower case."""
_LONGEST = 14  # tokens of a headline
_UNLIKE = {"US", "IT", "WHO", "UN", "IS", "AU"}  # other words, if in lower case
_SMALL = set("a an the of in on at to for and or but by with from as is 's".split())


def vary_case(sentences: Sequence[Sentence], *, rng: random.Random) -> list[Sentence]:
    """Return the sentences, some in other letter case."""
    return [_varied(sentence, rng) for sentence in sentences]


def _varied(sentence: Sentence, rng: random.Random) -> Sentence:
    chance = rng.random()
    if chance < LOWER:
        return _rewritten(sentence, str.lower) if _UNLIKE.isdisjoint(sentence.words) else sentence
    if not 3 <= len(sentence) <= _LONGEST or chance > LOWER + CAPITALS + TITLES:
        return sentence
    return _rewritten(sentence, str.upper if chance < LOWER + CAPITALS else _title)


def _title(word: str) -> str:
    return word if word in _SMALL or not word.islower() else word[0].upper() + word[1:]


def _rewritten(sentence: Sentence, rewrite: Callable[[str], str]) -> Sentence:
    return Sentence.from_words(tuple(map(rewrite, sentence.words)), tags=sentence.tags, source=sentence.source)
