"""One-to-many: names of persons, towns and firms, letter by letter, from nothing but the kind that is wanted."""

from __future__ import annotations

import random
import re
import string

import numpy as np

from nertagger.theory.symbols import Symbols

KINDS = ("person", "town", "firm")
LETTERS = Symbols(string.ascii_letters + " &.")
LONGEST = 18  # letters of a name

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


def examples(count: int, *, seed: int) -> list[tuple[int, str]]:
    """The index of a kind in `KINDS`, and a name of that kind."""
    choose = random.Random(seed)
    made: list[tuple[int, str]] = []
    while len(made) < count:
        kind = choose.randrange(len(KINDS))
        name = _name(kind, choose)
        if len(name) <= LONGEST:
            made.append((kind, name))
    return made


def is_of_kind(name: str, kind: int) -> bool:
    """Whether a name could have been made by `examples`."""
    return _PATTERNS[kind].fullmatch(name) is not None


def arrays(made: list[tuple[int, str]]) -> tuple[np.ndarray, np.ndarray]:
    """Kinds int32 (B,) and letters int32 (B, 19), each name followed by the end."""
    kinds = np.array([kind for kind, _ in made], np.int32)
    return kinds, LETTERS.encode([name for _, name in made], end=True, length=LONGEST + 1)


def _name(kind: int, choose: random.Random) -> str:
    stem = "".join(_syllable(choose) for _ in range(choose.randint(1, 2))).capitalize()
    if KINDS[kind] == "person":
        return f"{choose.choice(_GIVEN)} {stem}{choose.choice(_SURNAME_ENDS)}"
    return stem + choose.choice(_TOWN_ENDS if KINDS[kind] == "town" else _FIRM_ENDS)


def _syllable(choose: random.Random) -> str:
    return choose.choice(_ONSETS) + choose.choice(_VOWELS) + choose.choice(["", *_CODAS])
