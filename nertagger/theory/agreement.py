"""Whether "was" or "were" goes on with a sentence whose subject stands far before ("The cats, which already ...")."""

from __future__ import annotations

import random

import numpy as np

from nertagger.theory.symbols import Symbols

_SUBJECTS = ["cat", "dog", "bird", "child", "guest"]
_PLURALS = ["cats", "dogs", "birds", "children", "guests"]
_EATEN = ["apple", "apples", "cake", "cakes", "fish", "bread", "nuts", "pear", "pears"]
_LINKS = ["and", "then", "a", "some", "the", "red", "old", "with"]
VERBS = ("was", "were")
WORDS = Symbols(["The", ",", ".", "which", "already", "ate", *_SUBJECTS, *_PLURALS, *_EATEN, *_LINKS])


def examples(count: int, *, seed: int, distance: int) -> list[tuple[list[str], int]]:
    """Words up to the verb, and the index of the right one in `VERBS`.

    Args:
        count: how many.
        seed: the same one makes the same list.
        distance: how many words stand between the subject and its verb, 5 at least. Other subjects are among them, and
            one in a sentence before: what is remembered must be chosen, and kept from what comes after.

    >>> words, verb = examples(1, seed=2, distance=9)[0]
    >>> " ".join([*words, VERBS[verb], "full"])
    'The dog ate . The cat , which already ate guests guest a the , was full'
    """
    choose = random.Random(seed)
    return [_sentence(choose, distance) for _ in range(count)]


def arrays(made: list[tuple[list[str], int]]) -> tuple[np.ndarray, np.ndarray]:
    """Words int32 (B, T) and the verb that is right int32 (B,), 1 for "were"."""
    return WORDS.encode([words for words, _ in made]), np.array([verb for _, verb in made], np.int32)


def _sentence(choose: random.Random, distance: int) -> tuple[list[str], int]:
    verb = choose.randint(0, 1)
    subject = choose.choice(_PLURALS if verb else _SUBJECTS)
    before = ["The", choose.choice(_SUBJECTS + _PLURALS), "ate", "."]
    meal = choose.choices(_SUBJECTS + _PLURALS + _EATEN + _LINKS, k=distance - 5)
    return [*before, "The", subject, ",", "which", "already", "ate", *meal, ","], verb
