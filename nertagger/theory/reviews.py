"""Many-to-one: whether a review is positive, where "not" reverses a word and "but" reverses a sentence."""

from __future__ import annotations

import numpy as np

from nertagger.dates.fillers import REVIEW_WORDS
from nertagger.dates.fillers import make_reviews as examples
from nertagger.features.sequences import Symbols

__all__ = ["WORDS", "arrays", "examples"]

WORDS = Symbols(REVIEW_WORDS)


def arrays(made: list[tuple[list[str], int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return words, int32 (B, T), and targets, int32 (B,), 1 for a positive review."""
    return WORDS.encode([words for words, _ in made]), np.array([positive for _, positive in made], np.int32)
