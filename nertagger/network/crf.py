"""The output layer: a linear-chain CRF (Lafferty et al. 2001; Lample et al. 2016), or a softmax for each token.

The forward recursion is itself a recurrent cell: run over the emissions by `keras.layers.RNN`, its last state is the
logarithm of the sum over all paths, and it trains under every backend. It runs with fast sums first, and again with
exact ones for a batch whose scores are too far apart for these.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from nertagger.modelfile.schema import Tensor as TensorName
from nertagger.network.recurrent import last_outputs
from nertagger.network.tensors import Shape, Tensor

IMPOSSIBLE = -1e30  # a score so low that it never mixes with a real one
_LEAST_SUM = 1e-26  # of exponentials of at most 1: terms too small for float32 (1e-38) are negligible beside it
_TINY = 1e-37  # near the smallest normal float32


class _FastCell(keras.layers.Layer):
    """``alpha<t>[j] = emission<t>[j] + log sum_i exp(alpha<t-1>[i] + transition[i, j])``, if no sum is too small.

    The sum is a product with the matrix of exponentials, whose illegal entries are zero: for 73 tags it takes a fifth
    of the time of `_ExactCell`. Terms below e^-87 times the greatest alpha of a row are lost, and with them a tag that
    nothing else leads to.

    The states are alpha (B, K) and two that stay the same, since a Keras RNN has no constants: the exponentials (K, K)
    of the transitions minus their maximum, and that maximum, a scalar.
    """

    def __init__(self, tags: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state_size = [tags, tags, 1]
        self.output_size = tags

    def call(self, emissions: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return alpha and the next states. Shape: emissions (B, K)."""
        before, factors, top = states
        highest = ops.max(before, axis=1, keepdims=True)  # (B, 1)
        sums = ops.matmul(ops.exp(before - highest), factors)  # (B, K)
        # The maximum keeps the gradient finite where there is nothing to take the logarithm of.
        alpha = emissions + highest + top + ops.log(ops.maximum(sums, _TINY))
        return alpha, [alpha, factors, top]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "tags": self.output_size}


class _ExactCell(keras.layers.Layer):
    """The same recursion with each sum shifted by its own greatest term: exact for any finite scores.

    The states are alpha (B, K) and the transitions (K, K), which stay the same.
    """

    def __init__(self, tags: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state_size = [tags, tags]
        self.output_size = tags

    def call(self, emissions: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return alpha and the next states. Shape: emissions (B, K)."""
        before, transitions = states
        alpha = emissions + ops.logsumexp(ops.expand_dims(before, 2) + transitions, axis=1)
        return alpha, [alpha, transitions]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "tags": self.output_size}


class CRF(keras.layers.Layer):
    """Log-probabilities of tag sequences; illegal ones are not part of the sum over all paths.

    Args:
        follows: bool (K, K), whether tag j may come right after tag i.
        starts, ends: bool (K,), whether a sentence may begin or end with the tag.
    """

    def __init__(self, follows: ArrayLike, starts: ArrayLike, ends: ArrayLike, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self._legal = [np.asarray(mask, bool) for mask in (follows, starts, ends)]
        self._penalties = [np.where(mask, 0.0, IMPOSSIBLE).astype(np.float32) for mask in self._legal]
        self.tags = len(self._legal[1])
        self._fast = keras.layers.RNN(_FastCell(self.tags), return_sequences=True)
        self._exact = keras.layers.RNN(_ExactCell(self.tags), return_sequences=True)

    def build(self, emissions_shape: Shape | None = None) -> None:
        """Create the transitions, (K, K), and the scores, (K,), of the first and last tag."""
        K = self.tags
        self.transitions = self.add_weight(shape=(K, K), initializer="zeros", name=TensorName.TRANSITIONS)
        self.start = self.add_weight(shape=(K,), initializer="zeros", name=TensorName.START)
        self.end = self.add_weight(shape=(K,), initializer="zeros", name=TensorName.END)
        for loop in (self._fast, self._exact):
            loop.build((None, None, K))

    def call(self, emissions: Tensor) -> Tensor:
        """Return the emissions unchanged: the weights of this layer enter the loss and the decoding."""
        return emissions

    def compute_output_shape(self, emissions_shape: Shape) -> Shape:
        """Return the shape of the output, that of the input."""
        return emissions_shape

    def log_likelihood(self, emissions: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        """Return the log-probability of the tags of each sentence.

        Shape: emissions (T, B, K), tags int (T, B), lengths (B,) -> (B,). Values after the end of a sentence are
        ignored.
        """
        return self.path_score(emissions, tags, lengths) - self.log_partition(emissions, lengths)

    def path_score(self, emissions: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        """Return the score of one path per sentence. Shape: as `log_likelihood`."""
        transitions, start, end = self._scores()
        K = self.tags
        real = ops.cast(ops.expand_dims(ops.arange(ops.shape(tags)[0], dtype="int32"), 1) < lengths, emissions.dtype)
        chosen = ops.sum(emissions * ops.one_hot(tags, K, dtype=emissions.dtype), axis=-1)  # (T, B)
        steps = ops.take(ops.reshape(transitions, (-1,)), tags[:-1] * K + tags[1:], axis=0)  # (T - 1, B)
        last = last_outputs(ops.expand_dims(tags, -1), lengths)[:, 0]  # (B,)
        score = ops.sum(chosen * real, axis=0) + ops.sum(steps * real[1:], axis=0)
        return score + ops.take(start, tags[0], axis=0) + ops.take(end, last, axis=0)

    def log_partition(self, emissions: Tensor, lengths: Tensor) -> Tensor:
        """Return the logarithm of the sum over all legal paths of exp(score). Shape: (T, B, K), (B,) -> (B,)."""
        transitions, start, end = self._scores()
        first = emissions[0] + start  # (B, K)
        # A loop of T - 1 steps would be empty for T = 1; the extra step, on the first emissions again, is never used.
        later = ops.transpose(ops.roll(emissions, -1, axis=0), (1, 0, 2))  # (B, T, K)
        top = ops.stop_gradient(ops.max(transitions))
        fast: Tensor = self._fast(later, initial_state=[first, ops.exp(transitions - top), top])  # (B, T, K)
        rest = ops.cond(
            _is_exact(fast, later, first, transitions, lengths),
            lambda: fast,
            lambda: self._exact(later, initial_state=[first, transitions]),
        )
        alphas = ops.concatenate([ops.expand_dims(first, 0), ops.transpose(rest, (1, 0, 2))], axis=0)  # (T + 1, B, K)
        return ops.logsumexp(last_outputs(alphas, lengths) + end, axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        follows, starts, ends = (mask.tolist() for mask in self._legal)
        return {**super().get_config(), "follows": follows, "starts": starts, "ends": ends}

    def _scores(self) -> tuple[Tensor, Tensor, Tensor]:
        follows, starts, ends = self._penalties
        return self.transitions + follows, self.start + starts, self.end + ends


def _is_exact(alphas: Tensor, emissions: Tensor, first: Tensor, transitions: Tensor, lengths: Tensor) -> Tensor:
    """Return whether no sum of a `_FastCell` over a sentence's own tokens lost a term that matters.

    Shape: alphas and emissions (B, T, K), first (B, K) -> scalar.
    """
    before = ops.concatenate([ops.expand_dims(first, 1), alphas[:, :-1]], axis=1)
    sums = alphas - emissions - ops.max(before, axis=-1, keepdims=True) - ops.max(transitions)  # (B, T, K), logarithms
    steps = ops.arange(1, ops.shape(alphas)[1] + 1, dtype="int32")
    real = steps < ops.expand_dims(lengths, 1)  # (B, T)
    return ops.all(ops.logical_or(ops.min(sums, axis=-1) > float(np.log(_LEAST_SUM)), ops.logical_not(real)))


def softmax_log_likelihood(emissions: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
    """Return the summed log-probability of each sentence's tags under a softmax for each token.

    Shape: emissions (T, B, K), tags int (T, B), lengths (B,) -> (B,).
    """
    real = ops.cast(ops.expand_dims(ops.arange(ops.shape(tags)[0], dtype="int32"), 1) < lengths, emissions.dtype)
    chosen = ops.sum(ops.log_softmax(emissions, axis=-1) * ops.one_hot(tags, emissions.shape[-1]), axis=-1)
    return ops.sum(chosen * real, axis=0)
