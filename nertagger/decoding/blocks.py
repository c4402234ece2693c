"""Decoding of a sentence of any length in little memory: block by block, and exactly.

What the rest of a sentence has to say to a block are K numbers on each side: scores of the first tag from all that
stands before, and of the last tag from all that stands after. With these as its start and end scores, a block is a
sentence of its own to the recursions of `decoding`. Shifting the K numbers together shifts all scores of the block, and
changes neither its best path nor its probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from nertagger.decoding.forward_backward import Lattice, LogMatrix, forward_backward
from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import viterbi

BLOCK = 4096


def best_path(emissions: np.ndarray, transitions: Transitions, *, block: int | None = None) -> np.ndarray:
    """The best tag sequence, (T,), for emissions (T, K)."""
    between = transitions.between
    borders = [*range(0, len(emissions), block or BLOCK), len(emissions)]
    starts = _messages(emissions, transitions, borders, lambda state: (state[:, None] + between).max(axis=0))
    path = np.zeros(len(emissions), dtype=np.intp)
    end = transitions.end
    for (first, stop), start in reversed(list(zip(pairwise(borders), starts, strict=True))):
        part = emissions[first:stop, None]
        path[first:stop] = viterbi(part, np.array([stop - first]), Transitions(between, start, end))[:, 0]
        end = between[:, path[first]]
    return path


def lattices(
    emissions: np.ndarray, transitions: Transitions, borders: Sequence[int]
) -> Iterator[tuple[int, int, Lattice]]:
    """The blocks [first, stop) between `borders` (0, ..., T) of emissions (T, K), the last one first, with their sums.

    Marginals and span posteriors of such a lattice are those of the whole sentence.
    """
    between = transitions.between
    onwards, back = LogMatrix(between.T), LogMatrix(between)
    starts = _messages(emissions, transitions, borders, lambda state: (onwards @ state[:, None])[:, 0])
    end = transitions.end
    for (first, stop), start in reversed(list(zip(pairwise(borders), starts, strict=True))):
        here = replace(transitions, start=start, end=end)
        lattice = forward_backward(emissions[first:stop, None], np.array([stop - first]), here)
        yield first, stop, lattice
        after = lattice.emissions[0, 0] + lattice.backward[0, 0]
        with np.errstate(divide="ignore"):
            end = (back @ (after - after.max())[:, None])[:, 0]


@np.errstate(divide="ignore")
def log_partition(emissions: np.ndarray, transitions: Transitions) -> float:
    """The log sum over all tag sequences, for emissions (T, K)."""
    onwards = LogMatrix(transitions.between.T)
    state = transitions.start + emissions[0].astype(np.float64)
    for scores in emissions[1:]:
        state = (onwards @ state[:, None])[:, 0] + scores
    return float(np.logaddexp.reduce(state + transitions.end))


def borders_outside(inside: np.ndarray, *, block: int | None = None) -> list[int]:
    """Where to cut a sentence into blocks of at least `block` tokens, such that no entity is cut.

    Args:
        inside: bool (T,), whether the token belongs to the same entity as the one before.
    """
    borders = [0]
    for first in np.flatnonzero(~inside).tolist():
        if first - borders[-1] >= (block or BLOCK):
            borders.append(first)
    return [*borders, len(inside)]


@np.errstate(divide="ignore")
def _messages(
    emissions: np.ndarray,
    transitions: Transitions,
    borders: Sequence[int],
    step: Callable[[np.ndarray], np.ndarray],
) -> list[np.ndarray]:
    """The start scores of each block, (K,), but for a constant."""
    starts = [transitions.start]
    state = transitions.start
    for first, stop in list(pairwise(borders))[:-1]:
        for scores in emissions[first:stop].astype(np.float64):
            state = step(state + scores)
        state = state - state.max()
        starts.append(state)
    return starts
