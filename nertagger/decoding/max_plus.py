"""Best scores carried from tag to tag, for tag sets so large that all K^2 transitions cost too much.

With hundreds of tags two facts save nearly all the work, and neither changes a result. Most tags may follow few others
(after B comes I or E of the same label), and of the rest, those that end an entity or stand outside, few can be on a
best path at any token: with scores s and transitions m, a tag c is beaten by another one c' for every tag y that may
follow if s[c] + max(m[c, y] - q[y]) < s[c'] + min(m[c', y] - q[y]), whatever the numbers q[y] are.
"""

from __future__ import annotations

import numpy as np

_DENSE_TAGS, _DENSE_SIZE = 60, 300_000  # up to so many tags, or sums, all transitions at once are faster
_FEW = 2  # tags that may follow a tag that is not worth a comparison with others
_ROUNDING = 1e-6  # nats: so much worse a tag must be, or the rounding of sums might decide otherwise


class MaxPlus:
    """Transitions between K tags, (K, K) [from, to], that best scores are carried over."""

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
        """The maximum over the tag before of its score and the transition, (K, n) -> (K, n) float64."""
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
        """From the R tags that many may follow to the A that follow them, (R, n) -> (n, A)."""
        best = np.full((scores.shape[1], len(self._to)), -np.inf)
        bar = (scores + self._lowest[:, None]).max(axis=0, initial=-np.inf) - _ROUNDING
        for number, row in enumerate(scores + self._highest[:, None] >= bar):
            columns = np.flatnonzero(row)
            if len(columns):
                carried = scores[number, columns, None] + self._block[number]
                best[columns] = np.maximum(best[columns], carried)
        return best
