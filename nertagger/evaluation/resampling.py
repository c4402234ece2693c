"""Confidence intervals of F1, and significance tests of the difference between two outputs.

Sentences are resampled rather than entities, because the entities of a sentence are not independent. The bootstrap is
Efron's (1979) with percentile intervals; the test is approximate randomization (Noreen, 1989; Yeh, 2000). If there is a
test for each type, Holm's (1979) step-down method bounds the probability of any false positive among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nertagger.evaluation.aligned import GoldSpans, PredictedSpans

MICRO = "micro"
_DRAWN_AT_ONCE = 1 << 22  # sentences of all resamples held in memory at a time


class Interval(NamedTuple):
    """The bounds of an interval of F1, fractions of one."""

    low: float
    high: float


class SentenceCounts(NamedTuple):
    """The counts of each sentence.

    Attributes:
        labels: L names of types; the last is `MICRO`.
        table: int64 of shape (S, 3, L): the numbers of gold, predicted and correct entities of S sentences.
    """

    labels: tuple[str, ...]
    table: np.ndarray


def count_sentences(
    gold: Iterable[GoldSpans], predicted: Iterable[PredictedSpans], labels: Sequence[str]
) -> SentenceCounts:
    """Return the counts of each sentence for the given types and, last, for all types together."""
    column = {label: number for number, label in enumerate(labels)}
    pairs = list(zip(gold, predicted, strict=True))
    table = np.zeros((len(pairs), 3, len(labels) + 1), dtype=np.int64)
    for row, (one, other) in zip(table, pairs, strict=True):
        for side, spans in enumerate((one, other, set(one).intersection(other))):
            for span in spans:
                row[side, column[span.label]] += 1
    table[:, :, -1] = table.sum(axis=2)
    return SentenceCounts((*labels, MICRO), table)


def f1_of(totals: np.ndarray) -> np.ndarray:
    """Return F1 from counts (..., 3, L): twice the correct entities over those of both sides, 0 if there are none."""
    whole = totals[..., 0, :] + totals[..., 1, :]
    scores: np.ndarray = 2 * totals[..., 2, :] / np.maximum(whole, 1)
    return scores


def bootstrap_intervals(
    counts: SentenceCounts, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> dict[str, Interval]:
    """Return a bootstrap confidence interval of the F1 of each type.

    Args:
        counts: the counts of one output.
        level: the confidence level, between 0 and 1.
        resamples: how many times the sentences are resampled with replacement.
        seed: the seed of the random generator.
    """
    drawn = [f1_of(_weighted_sums(weights, counts.table)) for weights in _resamples(len(counts.table), resamples, seed)]
    if not drawn:
        return {label: Interval(0.0, 0.0) for label in counts.labels}
    low, high = np.quantile(np.concatenate(drawn), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {label: Interval(*ends) for label, *ends in zip(counts.labels, low.tolist(), high.tolist(), strict=True)}


class Difference(NamedTuple):
    """F1 of A minus F1 of B.

    Attributes:
        value: the observed difference.
        interval: its 95 % confidence interval, by the paired bootstrap.
        p_randomisation: the two-sided p-value of approximate randomization.
        p_bootstrap: twice the fraction of resamples in which the worse output is not worse.
        p_holm: of a type, `p_randomisation` adjusted for testing all types; of `MICRO`, a single test, unadjusted.
    """

    value: float
    interval: Interval
    p_randomisation: float
    p_bootstrap: float
    p_holm: float


def differences(
    a: SentenceCounts, b: SentenceCounts, *, level: float = 0.95, resamples: int = 10_000, seed: int = 0
) -> dict[str, Difference]:
    """Return the difference between two outputs for the same sentences, for each type.

    In approximate randomization the outputs of each sentence are exchanged with probability one half; in the paired
    bootstrap the same sentences are drawn for both outputs.
    """
    if not len(a.table):
        return {label: Difference(0.0, Interval(0.0, 0.0), 1.0, 1.0, 1.0) for label in a.labels}
    observed = f1_of(a.table.sum(axis=0)) - f1_of(b.table.sum(axis=0))
    p_randomisation = _randomise(a.table, b.table, observed, resamples, seed)
    parts = [
        f1_of(_weighted_sums(weights, a.table)) - f1_of(_weighted_sums(weights, b.table))
        for weights in _resamples(len(a.table), resamples, seed)
    ]
    drawn = np.concatenate(parts)  # (R, L)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    tail = np.minimum((drawn <= 0).mean(axis=0), (drawn >= 0).mean(axis=0))
    p_bootstrap = np.minimum(1.0, (2 * tail * resamples + 1) / (resamples + 1))
    p_holm = [*holm(p_randomisation[:-1].tolist()), float(p_randomisation[-1])]
    return {
        label: Difference(
            float(observed[i]),
            Interval(float(low[i]), float(high[i])),
            float(p_randomisation[i]),
            float(p_bootstrap[i]),
            p_holm[i],
        )
        for i, label in enumerate(a.labels)
    }


def holm(p: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p-values of N tests: the k-th smallest times N + 1 - k, no smaller than those before it.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    adjusted, least = [0.0] * len(p), 0.0
    for rank, test in enumerate(sorted(range(len(p)), key=lambda test: p[test])):
        least = max(least, min(1.0, (len(p) - rank) * p[test]))
        adjusted[test] = least
    return adjusted


def _randomise(a: np.ndarray, b: np.ndarray, observed: np.ndarray, trials: int, seed: int) -> np.ndarray:
    """Return the p-value of each difference (L,): how often random exchanges give one at least as large."""
    rng = np.random.default_rng(seed)
    both, change = a.sum(axis=0) + b.sum(axis=0), a - b
    extreme = np.zeros(len(observed))
    for size in _chunks(len(a), trials):
        is_kept = rng.integers(0, 2, (size, len(a))).astype(np.float32)
        first = b.sum(axis=0) + _weighted_sums(is_kept, change)
        shuffled = f1_of(first) - f1_of(both - first)
        extreme += (np.abs(shuffled) >= np.abs(observed) - 1e-12).sum(axis=0)
    return (extreme + 1) / (trials + 1)


def _weighted_sums(weights: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Return the sums of counts (S, 3, L) weighted by each resample (R, S): (R, 3, L), exact for small counts."""
    flat = table.reshape(len(table), -1).astype(np.float32)
    sums: np.ndarray = np.rint(weights @ flat).astype(np.int64)
    return sums.reshape(-1, *table.shape[1:])


def _resamples(sentences: int, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield how often each sentence is drawn in each resample, float32 (R, S), in chunks of resamples."""
    rng = np.random.default_rng(seed)
    if not sentences:
        return
    for size in _chunks(sentences, resamples):
        draws = rng.integers(0, sentences, (size, sentences))
        draws += np.arange(size)[:, None] * sentences
        counts = np.bincount(draws.ravel(), minlength=size * sentences)
        yield counts.reshape(size, sentences).astype(np.float32)


def _chunks(sentences: int, trials: int) -> Iterator[int]:
    """Yield the sizes of chunks of `trials` that fit into memory."""
    size = max(_DRAWN_AT_ONCE // sentences, 1)
    while trials > 0:
        yield min(size, trials)
        trials -= size
