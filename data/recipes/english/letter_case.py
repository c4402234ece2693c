"""Sentences as headlines: all in capitals, or each word with a capital."""

from __future__ import annotations

import random
from collections.abc import Sequence

from nertagger.text.document import Sentence

_LONGEST = 14  # tokens of a headline
_SMALL = set("a an the of in on at to for and or but by with from as is 's".split())


def headlines(sentences: Sequence[Sentence], *, capitals: int, titles: int, rng: random.Random) -> list[Sentence]:
    """Return copies of short sentences: so many in capitals, so many in title case, each without a final full stop."""
    short = [sentence for sentence in sentences if 3 <= len(sentence) <= _LONGEST]
    drawn = rng.sample(short, min(capitals + titles, len(short)))
    return [
        *(_rewritten(sentence, str.upper) for sentence in drawn[:capitals]),
        *(_rewritten(sentence, _title) for sentence in drawn[capitals:]),
    ]


def _title(word: str) -> str:
    return word if word in _SMALL or not word.islower() else word[0].upper() + word[1:]


def _rewritten(sentence: Sentence, rewrite: object) -> Sentence:
    words = tuple(map(rewrite, sentence.words))  # type: ignore[arg-type]
    stop = len(words) - (words[-1] == ".")
    return Sentence.from_words(words[:stop], tags=(sentence.tags or ())[:stop], source=sentence.source)
