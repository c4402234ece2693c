"""Exact probabilities of a linear-chain CRF by the forward-backward algorithm, for a batch of sentences at once.

The CRF is that of Lafferty et al., 2001, the recursions those of Rabiner, 1989.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nertagger.decoding.spans import BatchSpans
from nertagger.decoding.transitions import ILLEGAL, Transitions, longest_first

_LOWEST = float(np.finfo(np.float64).min)
_LEAST_SUM = 1e-280  # of exponentials of at most 1; beside it, terms too small for float64 (1e-308) are negligible


@dataclass(frozen=True)
class Lattice:
    """The results of the forward and backward recursions over a batch, in log space, float64.

    Attributes:
        emissions: (T, B, K).
        lengths: (B,).
        forward: (T, B, K), the log sum over all prefixes that end in this tag, including its emission.
        backward: (T, B, K), the log sum over all suffixes after this tag, excluding its emission.
        log_partition: (B,), the log sum over all tag sequences.
        transitions: for K tags.
    """

    emissions: np.ndarray
    lengths: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    log_partition: np.ndarray
    transitions: Transitions

    def marginals(self) -> np.ndarray:
        """Return the probability of each tag at each token, (T, B, K); 0 at and after a sentence's length."""
        valid = np.arange(len(self.emissions))[:, None] < self.lengths
        log_marginals = self.forward + self.backward - self.log_partition[:, None]
        marginals: np.ndarray = np.exp(np.where(valid[..., None], log_marginals, ILLEGAL).clip(max=0.0))
        return marginals

    def span_posteriors(self, paths: np.ndarray, spans: BatchSpans) -> np.ndarray:
        """Return the probability that the tokens of each span have exactly the tags of `paths`.

        It is summed over all tags outside the span. With BIOES tags from B to E (or S) it is the posterior of the
        entity.

        Args:
            paths: (T, B) legal tag sequences.
            spans: N spans.

        Returns:
            (N,) probabilities.
        """
        sentences, firsts, lasts = spans
        steps = np.take_along_axis(self.emissions, paths[..., None], axis=2)[..., 0]  # (T, B)
        steps[1:] += self.transitions.between[paths[:-1], paths[1:]]
        steps[np.arange(len(steps))[:, None] >= self.lengths] = 0  # padding has arbitrary values
        steps[0] = 0
        sums = steps.cumsum(axis=0)
        inside = sums[lasts, sentences] - sums[firsts, sentences]
        before = self.forward[firsts, sentences, paths[firsts, sentences]]
        after = self.backward[lasts, sentences, paths[lasts, sentences]]
        posteriors: np.ndarray = np.exp((before + inside + after - self.log_partition[sentences]).clip(max=0.0))
        return posteriors


@np.errstate(divide="ignore")
def forward_backward(emissions: np.ndarray, lengths: np.ndarray, transitions: Transitions) -> Lattice:
    """Return the sums over all tag sequences of each sentence.

    Args:
        emissions: (T, B, K); values at or after a sentence's length are ignored.
        lengths: (B,), each from 1 to T.
        transitions: for K tags.
    """
    order, scores, running = longest_first(emissions, lengths)
    onwards, back = LogMatrix(transitions.between.T), LogMatrix(transitions.between)
    forward = scores.copy()
    forward[0] += transitions.start[:, None]
    for t in range(1, len(scores)):
        n = running[t]
        forward[t, :, :n] += onwards @ forward[t - 1, :, :n]
    backward = np.empty_like(scores)
    backward[:] = transitions.end[:, None]  # not overwritten where a sentence ends
    for t in range(len(scores) - 2, -1, -1):
        n = running[t + 1]
        backward[t, :, :n] = back @ (scores[t + 1, :, :n] + backward[t + 1, :, :n])
    last = lengths[order] - 1
    log_partition = _log_sum(forward[last, :, np.arange(len(order))] + transitions.end)
    places = np.argsort(order)
    arrays = (a[:, :, places].transpose(0, 2, 1) for a in (scores, forward, backward))
    scores, forward, backward = arrays
    return Lattice(scores, lengths, forward, backward, log_partition[places], transitions)


class LogMatrix:
    """A (K, K) matrix of logarithms; its product with vectors (K, n) is log(exp(matrix) @ exp(vectors)).

    The product is one matrix product of exponentials shifted by the largest term. Terms e^-700 times smaller than the
    largest underflow: for vectors where one of the K sums becomes so small, each sum is computed again, shifted by its
    own largest term. The logarithm of 0 is legitimate, for a tag that cannot be reached: callers multiply with NumPy's
    warning about it switched off.
    """

    def __init__(self, matrix: np.ndarray) -> None:
        self._matrix = matrix
        self._top = matrix.max()
        self._exponentials = np.exp(matrix - self._top)

    def __matmul__(self, vectors: np.ndarray) -> np.ndarray:
        highest = np.maximum.reduce(vectors)
        sums = self._exponentials @ np.exp(vectors - highest)
        product: np.ndarray = np.log(sums)
        product += highest + self._top
        if sums.min() < _LEAST_SUM:
            for column in np.flatnonzero((sums < _LEAST_SUM).any(axis=0)).tolist():
                product[:, column] = _log_sum(self._matrix + vectors[:, column])
        return product


def _log_sum(scores: np.ndarray) -> np.ndarray:
    """log(sum(exp(scores))) over the last axis; minus infinity where all scores are."""
    highest = np.maximum(scores.max(axis=-1), _LOWEST)
    total: np.ndarray = np.log(np.exp(scores - highest[..., None]).sum(axis=-1))
    total += highest
    return total
