"""Made-up names and reviews: text without dates, which the date network must leave alone."""

from __future__ import annotations

import random
import re

NAME_KINDS = ("person", "town", "firm")
LONGEST_NAME = 18  # letters

_ONSETS = "b c d f g h k l m n p r s t v w br dr gr kl st th tr".split()
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "oo"]
_CODAS = ["l", "m", "n", "r", "s", "t", "nd", "rk"]
_GIVEN = "Ada Ben Cleo Dora Emil Finn Greta Hugo Ida Jon Kira Leo Mona Nils Olga Paul".split()
_SURNAME_ENDS = ["son", "er", "ley", "man"]
_TOWN_ENDS = ["ton", "burg", "ford", "ville"]
_FIRM_ENDS = (" Inc.", " Ltd.", " & Co.")

_SYLLABLE = f"(?:{'|'.join(_ONSETS)})(?:{'|'.join(_VOWELS)})(?:{'|'.join(_CODAS)})?"
_STEM = f"(?i:{_SYLLABLE}(?:{_SYLLABLE})?)"
_PATTERNS = (
    re.compile(f"(?:{'|'.join(_GIVEN)}) (?=[A-Z]){_STEM}(?:{'|'.join(_SURNAME_ENDS)})"),
    re.compile(f"(?=[A-Z]){_STEM}(?:{'|'.join(_TOWN_ENDS)})"),
    re.compile(f"(?=[A-Z]){_STEM}(?:{'|'.join(map(re.escape, _FIRM_ENDS))})"),
)

_SUBJECTS = ["film", "plot", "cast", "music", "ending", "book", "meal", "hotel"]
_GOOD = ["good", "great", "lovely", "superb", "fresh", "clever"]
_BAD = ["bad", "awful", "dull", "stale", "weak", "silly"]
_DEGREES = ["really", "very", "quite", "so"]
REVIEW_WORDS = ("the", "was", "not", "but", "and", ".", *_SUBJECTS, *_GOOD, *_BAD, *_DEGREES)


def make_names(count: int, *, seed: int) -> list[tuple[int, str]]:
    """Return pairs of an index into `NAME_KINDS` and a name of that kind; the same seed gives the same list."""
    rng = random.Random(seed)
    made: list[tuple[int, str]] = []
    while len(made) < count:
        kind = rng.randrange(len(NAME_KINDS))
        name = _name(kind, rng)
        if len(name) <= LONGEST_NAME:
            made.append((kind, name))
    return made


def is_name_of_kind(name: str, kind: int) -> bool:
    """Return whether `make_names` could have made this name of this kind."""
    return _PATTERNS[kind].fullmatch(name) is not None


def make_reviews(count: int, *, seed: int) -> list[tuple[list[str], int]]:
    """Return pairs of the words of a review and 1 if it is positive, else 0; the last clause decides.

    >>> words, positive = make_reviews(1, seed=0)[0]
    >>> " ".join(words), positive
    ('the meal was not stale and the book was superb .', 1)
    """
    rng = random.Random(seed)
    return [_review(rng) for _ in range(count)]


def _name(kind: int, rng: random.Random) -> str:
    stem = "".join(_syllable(rng) for _ in range(rng.randint(1, 2))).capitalize()
    if NAME_KINDS[kind] == "person":
        return f"{rng.choice(_GIVEN)} {stem}{rng.choice(_SURNAME_ENDS)}"
    return stem + rng.choice(_TOWN_ENDS if NAME_KINDS[kind] == "town" else _FIRM_ENDS)


def _syllable(rng: random.Random) -> str:
    return rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(["", *_CODAS])


def _review(rng: random.Random) -> tuple[list[str], int]:
    positive = rng.randint(0, 1)
    joint = rng.choice(["but", "and", ""])
    before = _clause(rng, positive if joint == "and" else 1 - positive) if joint else []
    return [*before, *([joint] if joint else []), *_clause(rng, positive), "."], positive


def _clause(rng: random.Random, positive: int) -> list[str]:
    negated = rng.random() < 0.4
    degree = [rng.choice(_DEGREES)] if rng.random() < 0.4 else []
    word = rng.choice(_GOOD if positive != negated else _BAD)
    return ["the", rng.choice(_SUBJECTS), "was", *(["not"] if negated else []), *degree, word]
