"""The kinds of output layer: what the emissions of a batch mean as tag sequences and their probabilities.

Emissions are (T, B, K), lengths (B,); what stands at or after a sentence's length is not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nertagger.decoding import blocks
from nertagger.decoding.forward_backward import forward_backward
from nertagger.decoding.n_best import best_paths
from nertagger.decoding.spans import SpanReader, Spans
from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import losses, viterbi


class Output(Protocol):
    """The output layer's part in decoding."""

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The best tag sequence of each sentence, (T, B), 0 at and after its length."""

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """How much lower than the best score that of the best sequence with each tag at each token is, (T, B, K)."""

    def spans(self, paths: np.ndarray) -> tuple[Spans, list[str]]:
        """The entities that best tag sequences mean: their spans and labels, N of each."""

    def best_paths(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """The n best tag sequences, (n, T, B), and their log-probabilities, (n, B): -inf where there is no sequence."""

    def posteriors(self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: Spans) -> np.ndarray:
        """The probability that exactly the tags of `paths` stand at the tokens of each span, (N,)."""

    def marginals(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The probability of each tag at each token, (T, B, K)."""


class CrfOutput:
    """Tag sequences scored as a whole; a span's probability is its posterior, summed over all that stands around."""

    def __init__(self, tags: Sequence[str], transitions: Transitions) -> None:
        """For K BIOES tags."""
        self._transitions, self._reader = transitions, SpanReader(tags)
        self._goes_on = np.array([tag[0] in "IE" for tag in tags])

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The best tag sequences, by Viterbi; those of long sentences in blocks."""
        if len(emissions) <= blocks.BLOCK:
            return viterbi(emissions, lengths, self._transitions)
        paths = np.zeros(emissions.shape[:2], dtype=np.intp)
        for b, length in enumerate(lengths.tolist()):
            paths[:length, b] = blocks.best_path(emissions[:length, b], self._transitions)
        return paths

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The scores that each tag at each token loses; the time and memory of a long sentence are not bounded."""
        return losses(emissions, lengths, self._transitions)

    def spans(self, paths: np.ndarray) -> tuple[Spans, list[str]]:
        """The entities of proper BIOES, which is all that these paths can be."""
        return self._reader.proper(paths)

    def best_paths(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """The n best tag sequences; the partition function makes their scores probabilities."""
        paths, scores = best_paths(emissions, lengths, self._transitions, n)
        return paths, (scores - self._log_partition(emissions, lengths)).clip(max=0.0)

    def _log_partition(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The log sums over all tag sequences of each sentence, (B,)."""
        if len(emissions) <= blocks.BLOCK:
            return forward_backward(emissions, lengths, self._transitions).log_partition
        columns = enumerate(lengths.tolist())
        return np.array([blocks.log_partition(emissions[:length, b], self._transitions) for b, length in columns])

    def posteriors(self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: Spans) -> np.ndarray:
        """The exact posteriors, by forward and backward sums over all that may stand around each span."""
        if not len(spans.sentences):
            return np.zeros(0)
        if len(emissions) > blocks.BLOCK:
            return self._posteriors_in_blocks(emissions, lengths, paths, spans)
        busy, numbers = np.unique(spans.sentences, return_inverse=True)  # sums are only needed where there is an entity
        few = lengths[busy]
        lattice = forward_backward(emissions[:, busy], few, self._transitions)
        return lattice.span_posteriors(paths[: few.max(), busy], Spans(numbers, spans.firsts, spans.lasts))

    def _posteriors_in_blocks(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: Spans
    ) -> np.ndarray:
        posteriors = np.zeros(len(spans.sentences))
        for b in np.unique(spans.sentences).tolist():
            path = paths[: lengths[b], b]
            borders = blocks.borders_outside(self._goes_on[path])
            for first, stop, lattice in blocks.lattices(emissions[: len(path), b], self._transitions, borders):
                here = np.flatnonzero((spans.sentences == b) & (first <= spans.firsts) & (spans.lasts < stop))
                inner = Spans(np.zeros_like(here), spans.firsts[here] - first, spans.lasts[here] - first)
                posteriors[here] = lattice.span_posteriors(path[first:stop, None], inner)
        return posteriors

    def marginals(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The exact marginals, by forward and backward sums."""
        if len(emissions) <= blocks.BLOCK:
            return forward_backward(emissions, lengths, self._transitions).marginals()
        marginals = np.zeros(emissions.shape)
        for b, length in enumerate(lengths.tolist()):
            borders = blocks.borders_outside(np.zeros(length, dtype=bool))
            for first, stop, lattice in blocks.lattices(emissions[:length, b], self._transitions, borders):
                marginals[first:stop, b] = lattice.marginals()[:, 0]
        return marginals


class SoftmaxOutput:
    """A tag for each token by itself; sequences that are not proper are read by conlleval's rules.

    Tokens are independent here, so the probability that exactly these tags stand at some tokens is the product of
    theirs. Emissions are log-probabilities.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        """For K BIOES tags."""
        zeros = np.zeros((len(tags), len(tags)))
        self._transitions, self._reader = Transitions(zeros, zeros[0], zeros[0]), SpanReader(tags)

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The best tag of each token."""
        paths: np.ndarray = emissions.argmax(axis=-1)
        paths[np.arange(len(paths))[:, None] >= lengths] = 0
        return paths

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The scores that each tag at each token loses against the best tag there."""
        lost: np.ndarray = emissions.max(axis=-1, keepdims=True) - emissions
        lost[np.arange(len(lost))[:, None] >= lengths] = np.inf
        return lost

    def spans(self, paths: np.ndarray) -> tuple[Spans, list[str]]:
        """The entities by conlleval's rules."""
        return self._reader.lenient(paths)

    def best_paths(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """The n best combinations of the tokens' tags."""
        paths, scores = best_paths(emissions, lengths, self._transitions, n)
        return paths, scores.clip(max=0.0)

    def posteriors(self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: Spans) -> np.ndarray:
        """The products of the probabilities of the tags in each span."""
        best = np.take_along_axis(emissions, paths[..., None], axis=-1)[..., 0].astype(np.float64)  # (T, B)
        best[np.arange(len(best))[:, None] >= lengths] = 0  # padding may hold anything
        sums = np.vstack([np.zeros(best.shape[1]), best.cumsum(axis=0)])
        logarithms = sums[spans.lasts + 1, spans.sentences] - sums[spans.firsts, spans.sentences]
        posteriors: np.ndarray = np.exp(logarithms.clip(max=0.0))
        return posteriors

    def marginals(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The softmax's own probabilities."""
        marginals: np.ndarray = np.exp(emissions.astype(np.float64).clip(max=0.0))
        return marginals
