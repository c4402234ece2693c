"""Many-to-one: "was" or "were" after a subject that is far from its verb ("The cats, which already ...")."""

from __future__ import annotations

import random

import numpy as np

from nertagger.features.sequences import Symbols

_SUBJECTS = ["cat", "dog", "bird", "child", "guest"]
_PLURALS = ["cats", "dogs", "birds", "children", "guests"]
_EATEN = ["apple", "apples", "cake", "cakes", "fish", "bread", "nuts", "pear", "pears"]
_LINKS = ["and", "then", "a", "some", "the", "red", "old", "with"]
VERBS = ("was", "were")
WORDS = Symbols(["The", ",", ".", "which", "already", "ate", *_SUBJECTS, *_PLURALS, *_EATEN, *_LINKS])


def examples(count: int, *, seed: int, distance: int) -> list[tuple[list[str], int]]:
    """Return pairs of the words before a verb and the index of that verb in `VERBS`.

    Args:
        count: how many pairs.
        seed: the same seed gives the same list.
        distance: the number of words between the subject and its verb, at least 5. Other nouns are among them, and one
            is in a sentence before: the network must choose what to remember, and protect it from what comes after.

    >>> words, verb = examples(1, seed=2, distance=9)[0]
    >>> " ".join([*words, VERBS[verb], "full"])
    'The dog ate . The cat , which already ate guests guest a the , was full'
    """
    rng = random.Random(seed)
    return [_sentence(rng, distance) for _ in range(count)]


def arrays(made: list[tuple[list[str], int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return words, int32 (B, T), and the right verbs, int32 (B,), 1 for "were"."""
    return WORDS.encode([words for words, _ in made]), np.array([verb for _, verb in made], np.int32)


def _sentence(rng: random.Random, distance: int) -> tuple[list[str], int]:
    verb = rng.randint(0, 1)
    subject = rng.choice(_PLURALS if verb else _SUBJECTS)
    before = ["The", rng.choice(_SUBJECTS + _PLURALS), "ate", "."]
    meal = rng.choices(_SUBJECTS + _PLURALS + _EATEN + _LINKS, k=distance - 5)
    return [*before, "The", subject, ",", "which", "already", "ate", *meal, ","], verb
