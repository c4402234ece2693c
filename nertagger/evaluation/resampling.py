"""How far scores can be trusted: intervals of F1, and tests of the difference between two outputs.

Sentences are drawn, not entities, for those of a sentence are not independent. The bootstrap is Efron's (1979) with
percentile intervals; the test is approximate randomisation (Noreen, 1989; Yeh, 2000). Where there is a test for each
type, Holm's (1979) step-down method keeps the probability of any false alarm among them at the level of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nertagger.evaluation.parts import Spans, Wanted

MICRO = "micro"
_DRAWN_AT_ONCE = 1 << 22  # sentences of all resamples that are held at a time


class Interval(NamedTuple):
    """The ends of an interval of F1, fractions of one."""

    low: float
    high: float


class SentenceCounts(NamedTuple):
    """The counts of each sentence.

    Attributes:
        labels: L names of types and, last, `MICRO`.
        table: int64 of shape (S, 3, L): entities in the gold, found, and correct.
    """

    labels: tuple[str, ...]
    table: np.ndarray


def count_sentences(gold: Iterable[Wanted], predicted: Iterable[Spans], labels: Sequence[str]) -> SentenceCounts:
    """The counts of each sentence for the given types and, last, all types together."""
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
    """F1 from counts (..., 3, L): twice the correct over all of both sides, 0 where there are none."""
    whole = totals[..., 0, :] + totals[..., 1, :]
    scores: np.ndarray = 2 * totals[..., 2, :] / np.maximum(whole, 1)
    return scores


def bootstrap_intervals(
    counts: SentenceCounts, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> dict[str, Interval]:
    """The interval that holds the F1 of each type with probability `level`, were other such sentences drawn.

    Args:
        counts: of one output.
        level: of confidence, between 0 and 1.
        resamples: how many times as many sentences are drawn with replacement.
        seed: of the draws.
    """
    drawn = [f1_of(_weigh(weights, counts.table)) for weights in _resamples(len(counts.table), resamples, seed)]
    if not drawn:
        return {label: Interval(0.0, 0.0) for label in counts.labels}
    low, high = np.quantile(np.concatenate(drawn), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {label: Interval(*ends) for label, *ends in zip(counts.labels, low.tolist(), high.tolist(), strict=True)}


class Difference(NamedTuple):
    """F1 of A less that of B.

    Attributes:
        value: as observed.
        interval: that holds it with 95 % probability, by the paired bootstrap.
        p_randomisation: how probable a difference as large is if A and B are alike (two-sided).
        p_bootstrap: twice the share of resamples in which the worse is not worse.
        p_holm: of a type, `p_randomisation` adjusted for all types' being tested; of `MICRO`, a single test, as it is.
    """

    value: float
    interval: Interval
    p_randomisation: float
    p_bootstrap: float
    p_holm: float


def differences(
    a: SentenceCounts, b: SentenceCounts, *, level: float = 0.95, resamples: int = 10_000, seed: int = 0
) -> dict[str, Difference]:
    """The difference between two outputs for the same sentences, for each type.

    In approximate randomisation each sentence's outputs are exchanged with probability one half; in the paired
    bootstrap the same sentences are drawn for both.
    """
    if not len(a.table):
        return {label: Difference(0.0, Interval(0.0, 0.0), 1.0, 1.0, 1.0) for label in a.labels}
    observed = f1_of(a.table.sum(axis=0)) - f1_of(b.table.sum(axis=0))
    p_randomisation = _randomise(a.table, b.table, observed, resamples, seed)
    parts = [
        f1_of(_weigh(weights, a.table)) - f1_of(_weigh(weights, b.table))
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
    """The p-values of N tests made together: the k-th smallest times N + 1 - k, no smaller than those before it.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    adjusted, least = [0.0] * len(p), 0.0
    for rank, test in enumerate(sorted(range(len(p)), key=lambda test: p[test])):
        least = max(least, min(1.0, (len(p) - rank) * p[test]))
        adjusted[test] = least
    return adjusted


def _randomise(a: np.ndarray, b: np.ndarray, observed: np.ndarray, trials: int, seed: int) -> np.ndarray:
    """The share of exchanges that give a difference at least as large as the observed one, (L,)."""
    dice = np.random.default_rng(seed)
    either, change = a.sum(axis=0) + b.sum(axis=0), a - b
    extreme = np.zeros(len(observed))
    for size in _portions(len(a), trials):
        kept = dice.integers(0, 2, (size, len(a))).astype(np.float32)
        first = b.sum(axis=0) + _weigh(kept, change)
        shuffled = f1_of(first) - f1_of(either - first)
        extreme += (np.abs(shuffled) >= np.abs(observed) - 1e-12).sum(axis=0)
    return (extreme + 1) / (trials + 1)


def _weigh(weights: np.ndarray, table: np.ndarray) -> np.ndarray:
    """The sums of counts (S, 3, L) with the weights (R, S) of each resample, (R, 3, L); exact, for they are small."""
    flat = table.reshape(len(table), -1).astype(np.float32)
    sums: np.ndarray = np.rint(weights @ flat).astype(np.int64)
    return sums.reshape(-1, *table.shape[1:])


def _resamples(sentences: int, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """How often each sentence is drawn in each resample, float32 (R, S) in portions."""
    dice = np.random.default_rng(seed)
    if not sentences:
        return
    for size in _portions(sentences, resamples):
        draws = dice.integers(0, sentences, (size, sentences))
        draws += np.arange(size)[:, None] * sentences
        counts = np.bincount(draws.ravel(), minlength=size * sentences)
        yield counts.reshape(size, sentences).astype(np.float32)


def _portions(sentences: int, trials: int) -> Iterator[int]:
    """`trials` in portions that fit into memory."""
    size = max(_DRAWN_AT_ONCE // sentences, 1)
    while trials > 0:
        yield min(size, trials)
        trials -= size
