"""The output: a linear-chain CRF (Lafferty et al. 2001; Lample et al. 2016), or a softmax for each token.

The forward recursion is itself a recurrent cell: run over the emissions under `keras.layers.RNN`, its last state is the
logarithm of the sum over all paths, and it trains under every backend. It is run with quick sums, and again with exact
ones for a batch whose scores are too far apart for these.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from nertagger.modelfile.schema import Tensor

IMPOSSIBLE = -1e30  # what it is added to is lost, so that it never mixes with a real score
_LEAST_SUM = 1e-26  # of exponentials of at most 1: beside it, those too small for float32 (1e-38) count as nothing
_TINY = 1e-37  # near the smallest normal float32


class _QuickCell(keras.layers.Layer):
    """``alpha<t>[j] = emission<t>[j] + log sum_i exp(alpha<t-1>[i] + transition[i, j])``, if no sum is too small.

    The sum is a product with the matrix of exponentials, whose illegal entries are zero: of 73 tags it takes a fifth of
    the time of `_ExactCell`. Terms e^-87 times as large as the greatest alpha of a row are lost, and with them a tag
    that nothing else leads to.
    """

    def __init__(self, transitions: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state_size = self.output_size = transitions.shape[0]
        self.top = ops.stop_gradient(ops.max(transitions))
        self.factors = ops.exp(transitions - self.top)  # (K, K)

    def call(self, emissions: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        (before,) = states
        highest = ops.max(before, axis=1, keepdims=True)  # (B, 1)
        sums = ops.matmul(ops.exp(before - highest), self.factors)  # (B, K)
        # The maximum keeps the gradient finite where there is nothing to take the logarithm of.
        alpha = emissions + highest + self.top + ops.log(ops.maximum(sums, _TINY))
        return alpha, [alpha]


class _ExactCell(keras.layers.Layer):
    """The same, each sum shifted by its own greatest term: exact for any finite scores."""

    def __init__(self, transitions: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state_size = self.output_size = transitions.shape[0]
        self.transitions = transitions

    def call(self, emissions: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        (before,) = states
        alpha = emissions + ops.logsumexp(ops.expand_dims(before, 2) + self.transitions, axis=1)
        return alpha, [alpha]


class CRF(keras.layers.Layer):
    """Scores of tag sequences; illegal ones have no part in the sum over all paths.

    Args:
        follows: bool (K, K), whether tag j may come right after tag i.
        starts, ends: bool (K,), whether a sentence may begin or end with the tag.
    """

    def __init__(self, follows: np.ndarray, starts: np.ndarray, ends: np.ndarray, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._penalties = [np.where(legal, 0.0, IMPOSSIBLE).astype(np.float32) for legal in (follows, starts, ends)]
        self.tags = len(starts)

    def build(self, emissions_shape: tuple[int | None, ...] | None = None) -> None:
        """Make the transitions (K, K), and the scores (K,) of the first and last tag."""
        K = self.tags
        self.transitions = self.add_weight(shape=(K, K), initializer="zeros", name=Tensor.TRANSITIONS)
        self.start = self.add_weight(shape=(K,), initializer="zeros", name=Tensor.START)
        self.end = self.add_weight(shape=(K,), initializer="zeros", name=Tensor.END)

    def log_likelihood(self, emissions: Any, tags: Any, lengths: Any) -> Any:
        """The log-probability of each sentence's tags.

        Shape: emissions (T, B, K), tags int (T, B), lengths (B,) -> (B,). What stands behind an end is ignored.
        """
        return self.path_score(emissions, tags, lengths) - self.log_partition(emissions, lengths)

    def path_score(self, emissions: Any, tags: Any, lengths: Any) -> Any:
        """The score of one path a sentence. Shape: as `log_likelihood`."""
        transitions, start, end = self._scores()
        K = self.tags
        real = ops.cast(ops.expand_dims(ops.arange(ops.shape(tags)[0], dtype="int32"), 1) < lengths, emissions.dtype)
        chosen = ops.sum(emissions * ops.one_hot(tags, K, dtype=emissions.dtype), axis=-1)  # (T, B)
        steps = ops.take(ops.reshape(transitions, (-1,)), tags[:-1] * K + tags[1:], axis=0)  # (T - 1, B)
        last = self._at_end(ops.expand_dims(tags, -1), lengths)[:, 0]  # (B,)
        score = ops.sum(chosen * real, axis=0) + ops.sum(steps * real[1:], axis=0)
        return score + ops.take(start, tags[0], axis=0) + ops.take(end, last, axis=0)

    def log_partition(self, emissions: Any, lengths: Any) -> Any:
        """The logarithm of the sum over all legal paths of exp(score). Shape: (T, B, K), (B,) -> (B,)."""
        transitions, start, end = self._scores()
        first = emissions[0] + start  # (B, K)
        # A loop of T - 1 steps would be empty for T = 1; one step more, on the first emissions again, is never read.
        later = ops.transpose(ops.roll(emissions, -1, axis=0), (1, 0, 2))  # (B, T, K)
        quick = _run(_QuickCell(transitions), later, first)
        rest = ops.cond(
            _is_exact(quick, later, first, transitions, lengths),
            lambda: quick,
            lambda: _run(_ExactCell(transitions), later, first),
        )
        alphas = ops.concatenate([ops.expand_dims(first, 0), ops.transpose(rest, (1, 0, 2))], axis=0)  # (T + 1, B, K)
        return ops.logsumexp(self._at_end(alphas, lengths) + end, axis=-1)

    def _scores(self) -> tuple[Any, Any, Any]:
        follows, starts, ends = self._penalties
        return self.transitions + follows, self.start + starts, self.end + ends

    @staticmethod
    def _at_end(sequences: Any, lengths: Any) -> Any:
        """Each sentence's last value. Shape: (T, B, D), (B,) -> (B, D)."""
        rows = ops.shape(lengths)[0]
        places = (lengths - 1) * rows + ops.arange(rows, dtype="int32")
        return ops.take(ops.reshape(sequences, (-1, sequences.shape[-1])), places, axis=0)


def _run(cell: keras.layers.Layer, emissions: Any, first: Any) -> Any:
    """The alphas after each step of a cell. Shape: (B, T, K), (B, K) -> (B, T, K)."""
    return keras.layers.RNN(cell, return_sequences=True)(emissions, initial_state=[first])


def _is_exact(alphas: Any, emissions: Any, first: Any, transitions: Any, lengths: Any) -> Any:
    """Whether no sum of a `_QuickCell` on a sentence's own tokens lost a term that counts. Shape: as `_run` -> ()."""
    before = ops.concatenate([ops.expand_dims(first, 1), alphas[:, :-1]], axis=1)
    sums = alphas - emissions - ops.max(before, axis=-1, keepdims=True) - ops.max(transitions)  # (B, T, K), logarithms
    steps = ops.arange(1, ops.shape(alphas)[1] + 1, dtype="int32")
    real = steps < ops.expand_dims(lengths, 1)  # (B, T)
    return ops.all(ops.logical_or(ops.min(sums, axis=-1) > float(np.log(_LEAST_SUM)), ops.logical_not(real)))


def softmax_log_likelihood(emissions: Any, tags: Any, lengths: Any) -> Any:
    """The summed log-probability of each sentence's tags under a softmax for each token.

    Shape: emissions (T, B, K), tags int (T, B), lengths (B,) -> (B,).
    """
    real = ops.cast(ops.expand_dims(ops.arange(ops.shape(tags)[0], dtype="int32"), 1) < lengths, emissions.dtype)
    chosen = ops.sum(ops.log_softmax(emissions, axis=-1) * ops.one_hot(tags, emissions.shape[-1]), axis=-1)
    return ops.sum(chosen * real, axis=0)
