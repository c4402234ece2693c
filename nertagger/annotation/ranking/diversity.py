"""Batches of sentences that are both wanted and unlike one another."""

from __future__ import annotations

import numpy as np

_POOL = 8  # for each sentence to choose, this many of the most wanted ones are compared


def choose_diverse(scores: np.ndarray, vectors: np.ndarray, number: int) -> list[int]:
    """Return the indices of `number` rows with high scores and different vectors, best first.

    Greedy: each next row has the highest product of its score and its distance to the nearest row chosen so far, as in
    maximal marginal relevance (Carbonell and Goldstein, 1998), so that of near-copies only one is chosen.

    Args:
        scores: how much each row is wanted (N,), at least 0.
        vectors: what each row is like (N, D); compared by the cosine of their differences from the mean.
        number: how many to choose.
    """
    order = np.argsort(-scores, kind="stable")[: number * _POOL]
    values, rows = scores[order], _normalized(vectors)[order]
    distances = np.ones(len(order))
    is_left = np.ones(len(order), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < min(number, len(order)):
        best = int(np.argmax(np.where(is_left, values * distances, -1.0)))
        chosen.append(int(order[best]))
        is_left[best] = False
        distances = np.minimum(distances, 1 - (rows @ rows[best]).clip(0, 1))
    return chosen


def _normalized(vectors: np.ndarray) -> np.ndarray:
    """Return the rows relative to their mean, with length 1."""
    if not vectors.size:
        return np.zeros((len(vectors), 1))
    centred = vectors - vectors.mean(axis=0)
    normalized: np.ndarray = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return normalized
