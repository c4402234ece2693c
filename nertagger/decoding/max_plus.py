"""The max-plus product of a Viterbi step, fast for large tag sets, where all K^2 transitions would cost too much.

With hundreds of tags two facts save nearly all the work without changing a result. Most tags can be followed by few
others (B by I or E of the same label). Of the rest, those outside or at the end of an entity, few can be on a best path
at any token: with scores s and transitions m, a tag c' is better than a tag c before every tag y if
s[c] + max(m[c, y] - q[y]) < s[c'] + min(m[c', y] - q[y]), whatever the numbers q[y] are.
"""

from __future__ import annotations

import numpy as np

_DENSE_TAGS, _DENSE_SIZE = 60, 300_000  # up to this many tags, or sums, computing all transitions is faster
_FEW = 2  # a tag that at most this many tags can follow is not compared with others
_ROUNDING = 1e-6  # nats by which a tag must be worse, so that rounding cannot change the decision


class MaxPlus:
    """The transitions between K tags, a matrix (K, K) [from, to], in the max-plus semiring."""

    def __init__(self, matrix: np.ndarray) -> None:
        self._matrix = matrix
        follows = matrix > -np.inf
        self._is_large = len(matrix) > _DENSE_TAGS
        if not self._is_large:
            return
        is_busy = follows.sum(axis=1) > _FEW
        self._from, self._to = np.flatnonzero(is_busy), np.flatnonzero(follows[is_busy].any(axis=0))
        self._block = matrix[np.ix_(self._from, self._to)]  # (R, A)
        relative = self._block - self._block.max(axis=0, initial=-np.inf)
        self._highest, self._lowest = relative.max(axis=1, initial=-np.inf), relative.min(axis=1, initial=0.0)
        sources, targets = np.nonzero(follows & ~is_busy[:, None])
        by_target = np.argsort(targets, kind="stable")
        self._sources, targets = sources[by_target], targets[by_target]
        self._targets, self._groups = np.unique(targets, return_index=True)
        self._rest = matrix[self._sources, targets]

    def carry(self, scores: np.ndarray) -> np.ndarray:
        """Return the maximum over the previous tag of score plus transition, (K, n) -> (K, n) float64."""
        if not self._is_large or scores.size * len(self._matrix) <= _DENSE_SIZE:
            carried: np.ndarray = np.maximum.reduce(scores[:, None] + self._matrix[:, :, None])
            return carried
        best = np.full(scores.shape, -np.inf)
        best[self._to] = self._busy(scores[self._from]).T
        if len(self._groups):
            pairs = np.maximum.reduceat(scores[self._sources] + self._rest[:, None], self._groups)
            best[self._targets] = np.maximum(best[self._targets], pairs)
        return best

    def _busy(self, scores: np.ndarray) -> np.ndarray:
        """Return the same from the R tags that many tags can follow to the A tags after them, (R, n) -> (n, A)."""
        best = np.full((scores.shape[1], len(self._to)), -np.inf)
        bar = (scores + self._lowest[:, None]).max(axis=0, initial=-np.inf) - _ROUNDING
        for number, row in enumerate(scores + self._highest[:, None] >= bar):
            columns = np.flatnonzero(row)
            if len(columns):
                carried = scores[number, columns, None] + self._block[number]
                best[columns] = np.maximum(best[columns], carried)
        return best
