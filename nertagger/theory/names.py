"""One-to-many: names of persons, towns and firms, generated letter by letter from the kind alone."""

from __future__ import annotations

import string

import numpy as np

from nertagger.dates.fillers import LONGEST_NAME as LONGEST
from nertagger.dates.fillers import NAME_KINDS as KINDS
from nertagger.dates.fillers import is_name_of_kind as is_of_kind
from nertagger.dates.fillers import make_names as examples
from nertagger.features.sequences import Symbols

__all__ = ["KINDS", "LETTERS", "LONGEST", "arrays", "examples", "is_of_kind"]

LETTERS = Symbols(string.ascii_letters + " &.")


def arrays(made: list[tuple[int, str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return kinds, int32 (B,), and letters, int32 (B, 19), each name followed by the end symbol."""
    kinds = np.array([kind for kind, _ in made], np.int32)
    return kinds, LETTERS.encode([name for _, name in made], end=True, length=LONGEST + 1)
