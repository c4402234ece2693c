"""Many-to-many, Tx = Ty: which words are a name, where only what follows tells ("He said, Teddy ...")."""

from __future__ import annotations

import random

import numpy as np

from nertagger.theory.symbols import Symbols

_SPEAKERS = ["He", "She", "Anna", "Bill", "They", "We"]
_VERBS = ["said", "wrote", "thinks", "shouted"]
_BOTH = ["Teddy", "Rose", "Mark", "Grace", "Art", "Will"]  # may begin a name, or be a word like any other
_SURNAMES = ["Roosevelt", "Hale", "Miller", "Stone", "Kern", "Wood"]
_THINGS = ["bears", "petals", "boxes", "periods", "shows", "powers"]
_ENDS = ["was a great president", "spoke well", "left early", "came first"]
_SALES = ["are on sale", "were gone", "are here", "cost little"]
_WORDS = " ".join([",", ".", *_SPEAKERS, *_VERBS, *_BOTH, *_SURNAMES, *_THINGS, *_ENDS, *_SALES])
WORDS = Symbols(_WORDS.split())
AMBIGUOUS = 3  # the place of the word that what stands before it does not explain


def examples(count: int, *, seed: int) -> list[tuple[list[str], list[int]]]:
    """Words, and for each 1 if it belongs to a name, else 0.

    >>> [" ".join(words) for words, _ in examples(2, seed=1)]
    ['He thinks , Teddy Stone came first .', 'Bill wrote , Teddy Stone was a great president .']
    """
    choose = random.Random(seed)
    return [_sentence(choose) for _ in range(count)]


def arrays(made: list[tuple[list[str], list[int]]]) -> tuple[np.ndarray, np.ndarray]:
    """Words and tags, int32 (B, T); behind a sentence's end the tag is -1."""
    words = WORDS.encode([words for words, _ in made])
    tags = np.full(words.shape, -1, np.int32)
    for row, (_, names) in zip(tags, made, strict=True):
        row[: len(names)] = names
    return words, tags


def _sentence(choose: random.Random) -> tuple[list[str], list[int]]:
    is_name = choose.random() < 0.5
    speaker, verb, first = choose.choice(_SPEAKERS), choose.choice(_VERBS), choose.choice(_BOTH)
    second = choose.choice(_SURNAMES if is_name else _THINGS)
    rest = choose.choice(_ENDS if is_name else _SALES).split()
    words = [speaker, verb, ",", first, second, *rest, "."]
    names = [int(speaker in ("Anna", "Bill")), 0, 0, int(is_name), int(is_name), *[0] * (len(rest) + 1)]
    return words, names
