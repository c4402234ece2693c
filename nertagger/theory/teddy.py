"""Many-to-many, Tx = Ty: which words are part of a name, where only the next word decides ("He said, Teddy ...")."""

from __future__ import annotations

import random

import numpy as np

from nertagger.features.sequences import Symbols

_SPEAKERS = ["He", "She", "Anna", "Bill", "They", "We"]
_VERBS = ["said", "wrote", "thinks", "shouted"]
_BOTH = ["Teddy", "Rose", "Mark", "Grace", "Art", "Will"]  # begin a name, or are common words
_SURNAMES = ["Roosevelt", "Hale", "Miller", "Stone", "Kern", "Wood"]
_THINGS = ["bears", "petals", "boxes", "periods", "shows", "powers"]
_ENDS = ["was a great president", "spoke well", "left early", "came first"]
_SALES = ["are on sale", "were gone", "are here", "cost little"]
_WORDS = " ".join([",", ".", *_SPEAKERS, *_VERBS, *_BOTH, *_SURNAMES, *_THINGS, *_ENDS, *_SALES])
WORDS = Symbols(_WORDS.split())
AMBIGUOUS = 3  # the index of the word that the words before it do not disambiguate


def examples(count: int, *, seed: int) -> list[tuple[list[str], list[int]]]:
    """Return pairs of words and, for each word, 1 if it is part of a name, else 0; the same seed gives the same list.

    >>> [" ".join(words) for words, _ in examples(2, seed=1)]
    ['He thinks , Teddy Stone came first .', 'Bill wrote , Teddy Stone was a great president .']
    """
    rng = random.Random(seed)
    return [_sentence(rng) for _ in range(count)]


def arrays(made: list[tuple[list[str], list[int]]]) -> tuple[np.ndarray, np.ndarray]:
    """Return words and tags, int32 (B, T); tags after the end of a sentence are -1."""
    words = WORDS.encode([words for words, _ in made])
    tags = np.full(words.shape, -1, np.int32)
    for row, (_, names) in zip(tags, made, strict=True):
        row[: len(names)] = names
    return words, tags


def _sentence(rng: random.Random) -> tuple[list[str], list[int]]:
    is_name = rng.random() < 0.5
    speaker, verb, first = rng.choice(_SPEAKERS), rng.choice(_VERBS), rng.choice(_BOTH)
    second = rng.choice(_SURNAMES if is_name else _THINGS)
    rest = rng.choice(_ENDS if is_name else _SALES).split()
    words = [speaker, verb, ",", first, second, *rest, "."]
    names = [int(speaker in ("Anna", "Bill")), 0, 0, int(is_name), int(is_name), *[0] * (len(rest) + 1)]
    return words, names
