"""Batches of sequences of similar length, which need little padding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def length_batches(lengths: np.ndarray, *, budget: int) -> Iterator[np.ndarray]:
    """Yield the indices of sequences in batches, longest first, each with at most `budget` positions including padding.

    A sequence longer than the budget is a batch of its own; empty sequences are in no batch.

    >>> [batch.tolist() for batch in length_batches(np.array([2, 0, 9, 3, 2]), budget=6)]
    [[2], [3, 0], [4]]
    """
    order = np.argsort(-lengths, kind="stable")
    order = order[: np.count_nonzero(lengths)]
    begin = 0
    while begin < len(order):
        size = max(1, budget // int(lengths[order[begin]]))
        yield order[begin : begin + size]
        begin += size
