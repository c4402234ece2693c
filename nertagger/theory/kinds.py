"""One-to-one: the kind of a token, from counts of its characters."""

from __future__ import annotations

import random
import string

import numpy as np

KINDS = ("word", "name", "acronym", "number", "code")
WIDTH = 5


def examples(count: int, *, seed: int) -> list[tuple[str, int]]:
    """Return tokens, each with the index of its kind in `KINDS`; the same seed gives the same list."""
    rng = random.Random(seed)
    kinds = [rng.randrange(len(KINDS)) for _ in range(count)]
    return [(_token(KINDS[kind], rng), kind) for kind in kinds]


def describe(token: str) -> np.ndarray:
    """Return the features of a token, float32 (5,), each divided by 4.

    They are the counts of its upper-case letters, lower-case letters, digits and other characters, and whether it
    begins with an upper-case letter.
    """
    counts = [sum(map(test, token)) for test in (str.isupper, str.islower, str.isdigit)]
    return np.array([*counts, len(token) - sum(counts), token[:1].isupper()], np.float32) / 4


def arrays(made: list[tuple[str, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return features, float32 (B, 5), and kinds, int32 (B,)."""
    return np.stack([describe(token) for token, _ in made]), np.array([kind for _, kind in made], np.int32)


def _token(kind: str, rng: random.Random) -> str:
    def some(symbols: str, least: int, most: int) -> str:
        return "".join(rng.choices(symbols, k=rng.randint(least, most)))

    if kind == "word":
        return some(string.ascii_lowercase, 1, 9)
    if kind == "name":
        return some(string.ascii_uppercase, 1, 1) + some(string.ascii_lowercase, 2, 9)
    if kind == "acronym":
        return some(string.ascii_uppercase, 2, 5) + some(".", 0, 1)
    if kind == "number":
        return some(string.digits, 1, 4) + rng.choice(["", "." + some(string.digits, 1, 2), "%"])
    return some(string.ascii_uppercase, 1, 3) + rng.choice(["", "-"]) + some(string.digits, 1, 4)
