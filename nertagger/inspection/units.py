"""Hidden units that follow something that a reader of the text can see (Karpathy et al. 2015).

A unit follows a mark (inside quotes or not) if its state alone tells marked symbols from others. The measure is the
area under the ROC curve: the probability that the state is higher at a marked symbol than at another one. It is 1 for a
unit that always rises, 0 for one that always falls, and 0.5 for one that is unrelated to the mark.
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


class Mark(Enum):
    """The marks that a unit may follow: symbols inside these."""

    QUOTES = "quotes"
    BRACKETS = "brackets"
    NAMES = "names"


class RankedUnit(NamedTuple):
    """A hidden unit and how well it follows a mark: `area` is that under the ROC curve, from 0 to 1."""

    number: int
    area: float


def choose_units(
    activations: Activations,
    *,
    follow: Mark | None = None,
    units: Sequence[int] = (),
    count: int = 4,
    tags: Sequence[str] = (),
) -> dict[int, str]:
    """Return the numbers of the units to show, and a title for each.

    Args:
        activations: of one text.
        follow: prefer units that follow this mark; None for those with the highest variance.
        units: only these units; empty for all.
        count: how many units to choose if `units` is empty.
        tags: of the words, which NAMES needs.

    Raises:
        NerTaggerError: if there is no such unit, or all or no symbols are marked.
    """
    width = activations.states.shape[1]
    if wrong := [unit for unit in units if not 0 <= unit < width]:
        raise NerTaggerError(f"there is no unit {wrong[0]}; the layer has units 0 to {width - 1}")
    if follow is None:
        return {unit: f"unit {unit}" for unit in units or most_variable_units(activations.states, count)}
    ranked = rank_units(activations.states, _marked(activations.symbols, tags, follow))
    shown = [unit for unit in ranked if not units or unit.number in units][: len(units) or count]
    return {unit.number: f"unit {unit.number}: area {unit.area:.3f} for inside {follow.value}" for unit in shown}


def rank_units(states: np.ndarray, mark: Sequence[bool]) -> list[RankedUnit]:
    """Return all units, those that tell marked symbols from others best first.

    Args:
        states: (N, H).
        mark: N values, both true and false.

    Raises:
        NerTaggerError: if all symbols are marked, or none is.
    """
    from sklearn.metrics import roc_auc_score  # takes a second to import, for which no other command should wait

    is_marked = np.asarray(mark, dtype=bool)
    if is_marked.all() or not is_marked.any():
        got = "every symbol" if is_marked.all() else "no symbol"
        raise NerTaggerError(f"{got} of the text is marked, expected some that are and some that are not")
    areas = [RankedUnit(number, float(roc_auc_score(is_marked, column))) for number, column in enumerate(states.T)]
    return sorted(areas, key=lambda unit: -abs(unit.area - 0.5))


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


def _marked(symbols: Sequence[str], tags: Sequence[str], follow: Mark) -> list[bool]:
    if follow is Mark.NAMES:
        return inside_names(tags)
    return inside_quotes(symbols) if follow is Mark.QUOTES else inside_brackets(symbols)
