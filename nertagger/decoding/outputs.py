"""The output layers: tag sequences and probabilities from the emissions of a batch.

Emissions are (T, B, K), lengths (B,); values at or after a sentence's length are ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nertagger.decoding import blocks
from nertagger.decoding.forward_backward import forward_backward
from nertagger.decoding.n_best import best_paths
from nertagger.decoding.spans import BatchSpans, SpanReader
from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import losses, viterbi


class Output(Protocol):
    """An output layer, which decodes emissions."""

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the best tag sequence of each sentence, (T, B), 0 at and after its length."""

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return how much lower the best score is with each tag at each token, (T, B, K), see `viterbi.losses`."""

    def spans(self, paths: np.ndarray) -> tuple[BatchSpans, list[str]]:
        """Return the entities of best tag sequences: N spans and N labels."""

    def best_paths(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the n best tag sequences, (n, T, B), and log-probabilities, (n, B), -inf where there are fewer."""

    def posteriors(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: BatchSpans
    ) -> np.ndarray:
        """Return the probability that the tokens of each span have exactly the tags of `paths`, (N,)."""

    def marginals(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the probability of each tag at each token, (T, B, K)."""


class CrfOutput:
    """A CRF, which scores tag sequences as a whole; spans have exact posteriors."""

    def __init__(self, tags: Sequence[str], transitions: Transitions) -> None:
        """For K BIOES tags."""
        self._transitions, self._reader = transitions, SpanReader(tags)
        self._is_inside = np.array([tag[0] in "IE" for tag in tags])

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the best tag sequences by the Viterbi algorithm; long sentences are decoded in blocks."""
        if len(emissions) <= blocks.BLOCK:
            return viterbi(emissions, lengths, self._transitions)
        paths = np.zeros(emissions.shape[:2], dtype=np.intp)
        for b, length in enumerate(lengths.tolist()):
            paths[:length, b] = blocks.best_path(emissions[:length, b], self._transitions)
        return paths

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return how much lower the best score is with each tag at each token; needs memory for the whole sentence."""
        return losses(emissions, lengths, self._transitions)

    def spans(self, paths: np.ndarray) -> tuple[BatchSpans, list[str]]:
        """Return the entities of paths, which are always legal BIOES."""
        return self._reader.proper(paths)

    def best_paths(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the n best tag sequences and their scores normalized by the partition function."""
        paths, scores = best_paths(emissions, lengths, self._transitions, n)
        return paths, (scores - self._log_partition(emissions, lengths)).clip(max=0.0)

    def _log_partition(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the log of the partition function of each sentence, (B,)."""
        if len(emissions) <= blocks.BLOCK:
            return forward_backward(emissions, lengths, self._transitions).log_partition
        columns = enumerate(lengths.tolist())
        return np.array([blocks.log_partition(emissions[:length, b], self._transitions) for b, length in columns])

    def posteriors(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: BatchSpans
    ) -> np.ndarray:
        """Return the exact posteriors by the forward-backward algorithm."""
        if not len(spans.sentences):
            return np.zeros(0)
        if len(emissions) > blocks.BLOCK:
            return self._posteriors_in_blocks(emissions, lengths, paths, spans)
        busy, numbers = np.unique(spans.sentences, return_inverse=True)  # other sentences need no sums
        few = lengths[busy]
        lattice = forward_backward(emissions[:, busy], few, self._transitions)
        return lattice.span_posteriors(paths[: few.max(), busy], BatchSpans(numbers, spans.firsts, spans.lasts))

    def _posteriors_in_blocks(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: BatchSpans
    ) -> np.ndarray:
        posteriors = np.zeros(len(spans.sentences))
        for b in np.unique(spans.sentences).tolist():
            path = paths[: lengths[b], b]
            borders = blocks.borders_outside(self._is_inside[path])
            for first, stop, lattice in blocks.lattices(emissions[: len(path), b], self._transitions, borders):
                here = np.flatnonzero((spans.sentences == b) & (first <= spans.firsts) & (spans.lasts < stop))
                inner = BatchSpans(np.zeros_like(here), spans.firsts[here] - first, spans.lasts[here] - first)
                posteriors[here] = lattice.span_posteriors(path[first:stop, None], inner)
        return posteriors

    def marginals(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the exact marginals by the forward-backward algorithm."""
        if len(emissions) <= blocks.BLOCK:
            return forward_backward(emissions, lengths, self._transitions).marginals()
        marginals = np.zeros(emissions.shape)
        for b, length in enumerate(lengths.tolist()):
            borders = blocks.borders_outside(np.zeros(length, dtype=bool))
            for first, stop, lattice in blocks.lattices(emissions[:length, b], self._transitions, borders):
                marginals[first:stop, b] = lattice.marginals()[:, 0]
        return marginals


class SoftmaxOutput:
    """A softmax, which predicts the tag of each token by itself; entities are read by the rules of conlleval.

    Tokens are independent given the sentence, so that the probability of a tag sequence is a product over its tokens.
    Emissions are log-probabilities.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        """For K BIOES tags."""
        zeros = np.zeros((len(tags), len(tags)))
        self._transitions, self._reader = Transitions(zeros, zeros[0], zeros[0]), SpanReader(tags)

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the best tag of each token."""
        paths: np.ndarray = emissions.argmax(axis=-1)
        paths[np.arange(len(paths))[:, None] >= lengths] = 0
        return paths

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return how much lower the score of each tag at each token is than that of the best tag there."""
        lost: np.ndarray = emissions.max(axis=-1, keepdims=True) - emissions
        lost[np.arange(len(lost))[:, None] >= lengths] = np.inf
        return lost

    def spans(self, paths: np.ndarray) -> tuple[BatchSpans, list[str]]:
        """Return the entities by the rules of conlleval."""
        return self._reader.lenient(paths)

    def best_paths(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the n best combinations of the tokens' tags."""
        paths, scores = best_paths(emissions, lengths, self._transitions, n)
        return paths, scores.clip(max=0.0)

    def posteriors(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: BatchSpans
    ) -> np.ndarray:
        """Return the product of the probabilities of the tags in each span."""
        best = np.take_along_axis(emissions, paths[..., None], axis=-1)[..., 0].astype(np.float64)  # (T, B)
        best[np.arange(len(best))[:, None] >= lengths] = 0  # padding has arbitrary values
        sums = np.vstack([np.zeros(best.shape[1]), best.cumsum(axis=0)])
        logarithms = sums[spans.lasts + 1, spans.sentences] - sums[spans.firsts, spans.sentences]
        posteriors: np.ndarray = np.exp(logarithms.clip(max=0.0))
        return posteriors

    def marginals(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the probabilities of the softmax."""
        marginals: np.ndarray = np.exp(emissions.astype(np.float64).clip(max=0.0))
        return marginals
