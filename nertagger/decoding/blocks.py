"""Exact decoding of sentences of any length in bounded memory, block by block.

The rest of a sentence influences a block through K numbers on each side only: the scores of its first tag given all
tokens before it, and of its last tag given all tokens after it. With these as start and end scores, a block is decoded
like a sentence of its own. Adding a constant to the K numbers shifts all scores of the block, which changes neither its
best path nor its probabilities.
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
    """Return the best tag sequence, (T,), for emissions (T, K)."""
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
    """Yield the blocks [first, stop) between `borders` (0, ..., T) of emissions (T, K) with their lattices, last first.

    The marginals and span posteriors of these lattices are those of the whole sentence.
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
    """Return the log of the partition function, summed over all tag sequences, for emissions (T, K)."""
    onwards = LogMatrix(transitions.between.T)
    state = transitions.start + emissions[0].astype(np.float64)
    for scores in emissions[1:]:
        state = (onwards @ state[:, None])[:, 0] + scores
    return float(np.logaddexp.reduce(state + transitions.end))


def borders_outside(inside: np.ndarray, *, block: int | None = None) -> list[int]:
    """Return where to cut a sentence into blocks of at least `block` tokens without cutting an entity.

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
    """Return the start scores of each block, (K,), up to a constant."""
    starts = [transitions.start]
    state = transitions.start
    for first, stop in list(pairwise(borders))[:-1]:
        for scores in emissions[first:stop].astype(np.float64):
            state = step(state + scores)
        state = state - state.max()
        starts.append(state)
    return starts
