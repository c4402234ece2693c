"""Which hidden unit follows something that the reader of a text can see (Karpathy et al. 2015).

A unit follows a mark (inside quotes or not) if its state alone tells the two apart. That is measured by the area under
the ROC curve: the probability that its state is higher at a marked symbol than at another one; 1 is a unit that always
rises, 0 one that always falls, 0.5 one that knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nertagger.errors import NerTaggerError

_BRACKETS = {"(": 1, "[": 1, "{": 1, "-LRB-": 1, ")": -1, "]": -1, "}": -1, "-RRB-": -1}
_OPENING, _CLOSING, _EITHER = {"“", "``", "«"}, {"”", "''", "»"}, {'"'}


class Unit(NamedTuple):
    """A hidden unit and how well it follows a mark: `area` is that under the ROC curve, from 0 to 1."""

    number: int
    area: float


def rank_units(states: np.ndarray, mark: Sequence[bool]) -> list[Unit]:
    """All units, those first that tell marked symbols from others best.

    Args:
        states: (N, H).
        mark: N, some of them true and some not.

    Raises:
        NerTaggerError: if all symbols are marked, or none is.
    """
    from sklearn.metrics import roc_auc_score  # takes a second to load, which no other command shall wait for

    marked = np.asarray(mark, dtype=bool)
    if marked.all() or not marked.any():
        got = "every symbol" if marked.all() else "no symbol"
        raise NerTaggerError(f"{got} of the text is marked, expected some that are and some that are not")
    areas = [Unit(number, float(roc_auc_score(marked, column))) for number, column in enumerate(states.T)]
    return sorted(areas, key=lambda unit: -abs(unit.area - 0.5))


def liveliest_units(states: np.ndarray, count: int) -> list[int]:
    """The units of states (N, H) that vary the most, the liveliest first."""
    numbers: list[int] = np.argsort(-states.std(axis=0), kind="stable")[:count].tolist()
    return numbers


def inside_quotes(symbols: Sequence[str]) -> list[bool]:
    """Whether each symbol stands between quotation marks, which do not count themselves.

    >>> inside_quotes('a "bc" d')
    [False, False, False, True, True, False, False, False]
    """
    inside, found = False, []
    for symbol in symbols:
        if symbol in _EITHER or symbol in (_CLOSING if inside else _OPENING):
            found.append(False)
            inside = not inside
        else:
            found.append(inside)
    return found


def inside_brackets(symbols: Sequence[str]) -> list[bool]:
    """Whether each symbol stands between brackets, of which the outermost do not count.

    >>> inside_brackets("a (b[c]) d")
    [False, False, False, True, True, True, True, False, False, False]
    """
    depth, found = 0, []
    for symbol in symbols:
        step = _BRACKETS.get(symbol, 0)
        depth = max(depth + min(step, 0), 0)
        found.append(depth > 0)
        depth += max(step, 0)
    return found


def inside_names(tags: Sequence[str]) -> list[bool]:
    """Whether each token's tag, in any scheme, is one of an entity.

    >>> inside_names(["B-PER", "O"])
    [True, False]
    """
    return [tag != "O" for tag in tags]
