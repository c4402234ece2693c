"""Many-to-one: whether a review likes what it speaks of, where "not" turns words and "but" turns sentences."""

from __future__ import annotations

import random

import numpy as np

from nertagger.theory.symbols import Symbols

_SUBJECTS = ["film", "plot", "cast", "music", "ending", "book", "meal", "hotel"]
_GOOD = ["good", "great", "lovely", "superb", "fresh", "clever"]
_BAD = ["bad", "awful", "dull", "stale", "weak", "silly"]
_DEGREES = ["really", "very", "quite", "so"]
WORDS = Symbols(["the", "was", "not", "but", "and", ".", *_SUBJECTS, *_GOOD, *_BAD, *_DEGREES])


def examples(count: int, *, seed: int) -> list[tuple[list[str], int]]:
    """Words of a review, and 1 if it likes its subject, else 0: its last clause decides.

    >>> words, likes = examples(1, seed=0)[0]
    >>> " ".join(words), likes
    ('the meal was not stale and the book was superb .', 1)
    """
    choose = random.Random(seed)
    return [_review(choose) for _ in range(count)]


def arrays(made: list[tuple[list[str], int]]) -> tuple[np.ndarray, np.ndarray]:
    """Words int32 (B, T) and likings int32 (B,)."""
    return WORDS.encode([words for words, _ in made]), np.array([likes for _, likes in made], np.int32)


def _review(choose: random.Random) -> tuple[list[str], int]:
    likes = choose.randint(0, 1)
    joint = choose.choice(["but", "and", ""])
    before = _clause(choose, likes if joint == "and" else 1 - likes) if joint else []
    return [*before, *([joint] if joint else []), *_clause(choose, likes), "."], likes


def _clause(choose: random.Random, likes: int) -> list[str]:
    turned = choose.random() < 0.4
    degree = [choose.choice(_DEGREES)] if choose.random() < 0.4 else []
    word = choose.choice(_GOOD if likes != turned else _BAD)
    return ["the", choose.choice(_SUBJECTS), "was", *(["not"] if turned else []), *degree, word]
