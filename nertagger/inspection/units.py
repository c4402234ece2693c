"""Hidden units whose state indicates a property that a reader of the text can see (Karpathy et al. 2015).

The property is to be inside quotes, brackets or names. A unit indicates it if its state alone separates the symbols
inside from the others, as measured by the area under the ROC curve: the probability that the state is higher at a
symbol inside than at one outside. It is 1 for a unit that always rises inside, 0 for one that always falls, and 0.5 for
one that is unrelated.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np

from nertagger.errors import NerTaggerError
from nertagger.inspection.activations import Activations

_BRACKETS = {"(": 1, "[": 1, "{": 1, "-LRB-": 1, ")": -1, "]": -1, "}": -1, "-RRB-": -1}
_OPENING, _CLOSING, _EITHER = {"“", "``", "«"}, {"”", "''", "»"}, {'"'}


class Region(Enum):
    """The regions of a text that a unit may indicate."""

    QUOTES = "quotes"
    BRACKETS = "brackets"
    NAMES = "names"


class RankedUnit(NamedTuple):
    """A hidden unit and how well it indicates a region: `area` is that under the ROC curve, from 0 to 1."""

    number: int
    area: float


def choose_units(
    activations: Activations,
    *,
    follow: Region | None = None,
    units: Sequence[int] = (),
    count: int = 4,
    tags: Sequence[str] = (),
) -> dict[int, str]:
    """Return the numbers of the units to show, and a title for each.

    Args:
        activations: the states over one text.
        follow: prefer units that indicate this region; None for those with the highest variance.
        units: only these units; empty for all.
        count: how many units to choose if `units` is empty.
        tags: the tags of the words; needed for `Region.NAMES`.

    Raises:
        NerTaggerError: if there is no such unit, or all or no symbols are inside the region.
    """
    width = activations.states.shape[1]
    if wrong := [unit for unit in units if not 0 <= unit < width]:
        raise NerTaggerError(f"there is no unit {wrong[0]}; the layer has units 0 to {width - 1}")
    if follow is None:
        return {unit: f"unit {unit}" for unit in units or most_variable_units(activations.states, count)}
    ranked = rank_units(activations.states, _is_inside(activations.symbols, tags, follow))
    shown = [unit for unit in ranked if not units or unit.number in units][: len(units) or count]
    return {unit.number: f"unit {unit.number}: area {unit.area:.3f} for inside {follow.value}" for unit in shown}


def rank_units(states: np.ndarray, is_inside: Sequence[bool]) -> list[RankedUnit]:
    """Return all units, those that best separate the symbols inside a region from the others first.

    Args:
        states: (N, H).
        is_inside: whether each of N symbols is inside the region; both values must occur.

    Raises:
        NerTaggerError: if all symbols are inside, or none is.
    """
    is_marked = np.asarray(is_inside, dtype=bool)
    if is_marked.all() or not is_marked.any():
        got = "every symbol" if is_marked.all() else "no symbol"
        raise NerTaggerError(f"{got} of the text is marked, expected some that are and some that are not")
    areas = [RankedUnit(number, _area(column, is_marked)) for number, column in enumerate(states.T)]
    return sorted(areas, key=lambda unit: -abs(unit.area - 0.5))


def _area(states: np.ndarray, is_marked: np.ndarray) -> float:
    """Return the area under the ROC curve of the states (N,) of one unit: the statistic of Mann and Whitney."""
    _, places, counts = np.unique(states, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]  # from 1; equal states share the mean of their ranks
    inside = int(is_marked.sum())
    return float((ranks[is_marked].mean() - (inside + 1) / 2) / (len(states) - inside))


def most_variable_units(states: np.ndarray, count: int) -> list[int]:
    """Return the units with the highest variance of their states (N, H), highest first."""
    numbers: list[int] = np.argsort(-states.std(axis=0), kind="stable")[:count].tolist()
    return numbers


def inside_quotes(symbols: Sequence[str]) -> list[bool]:
    """Return whether each symbol is between quotation marks, which are not inside themselves.

    >>> inside_quotes('a "bc" d')
    [False, False, False, True, True, False, False, False]
    """
    is_inside, found = False, []
    for symbol in symbols:
        if symbol in _EITHER or symbol in (_CLOSING if is_inside else _OPENING):
            found.append(False)
            is_inside = not is_inside
        else:
            found.append(is_inside)
    return found


def inside_brackets(symbols: Sequence[str]) -> list[bool]:
    """Return whether each symbol is between brackets; the outermost brackets are not inside themselves.

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
    """Return whether each token's tag, in any scheme, belongs to an entity.

    >>> inside_names(["B-PER", "O"])
    [True, False]
    """
    return [tag != "O" for tag in tags]


def _is_inside(symbols: Sequence[str], tags: Sequence[str], follow: Region) -> list[bool]:
    if follow is Region.NAMES:
        return inside_names(tags)
    return inside_quotes(symbols) if follow is Region.QUOTES else inside_brackets(symbols)
