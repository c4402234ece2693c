"""Intervals and tests against SciPy, against full enumeration, and in simulations with a known truth."""

from __future__ import annotations

from itertools import chain, combinations, product

import numpy as np
import pytest
from scipy import stats

from nertagger.evaluation.resampling import (
    MICRO,
    SentenceCounts,
    bootstrap_intervals,
    count_sentences,
    differences,
    f1_of,
    holm,
)
from nertagger.text import Span


def simulate(sentences: int, rng: np.random.Generator, *, recall: float = 0.7) -> SentenceCounts:
    """Sentences whose true F1 is known: 2 * recall / (1 + recall + 0.3)."""
    gold = rng.poisson(1.0, sentences)
    correct = rng.binomial(gold, recall)
    found = correct + rng.poisson(0.3, sentences)
    return SentenceCounts((MICRO,), np.stack([gold, found, correct], axis=1)[:, :, None])


def f1(gold: float, found: float, correct: float) -> float:
    return 2 * correct / (gold + found)


def test_count_sentences() -> None:
    gold = [[Span("X", 0, 1), Span("Y", 2, 3)], []]
    predicted = [[Span("X", 0, 1), Span("X", 2, 3)], [Span("Y", 0, 1)]]
    counts = count_sentences(gold, predicted, ["X", "Y"])
    assert counts.labels == ("X", "Y", MICRO)
    assert counts.table.tolist() == [[[1, 1, 2], [2, 0, 2], [1, 0, 1]], [[0, 0, 0], [0, 1, 1], [0, 0, 0]]]
    assert f1_of(counts.table.sum(axis=0)).tolist() == pytest.approx([2 / 3, 0.0, 2 / 5])


def test_interval_equals_scipy() -> None:
    counts = simulate(200, np.random.default_rng(5))
    columns = counts.table[:, :, 0].T

    def statistic(gold, found, correct, axis=-1):
        return 2 * correct.sum(axis) / (gold.sum(axis) + found.sum(axis))

    theirs = stats.bootstrap(columns, statistic, paired=True, method="percentile", n_resamples=4000,
                             rng=np.random.default_rng(1)).confidence_interval  # fmt: skip
    assert bootstrap_intervals(counts, resamples=4000)[MICRO] == pytest.approx(tuple(theirs), abs=0.004)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_interval_covers_the_truth_at_its_nominal_rate(level: float) -> None:
    rng = np.random.default_rng(11)
    truth, runs = f1(1.0, 0.7 + 0.3, 0.7), 400
    covered = 0
    for run in range(runs):
        low, high = bootstrap_intervals(simulate(200, rng), level=level, resamples=400, seed=run)[MICRO]
        covered += low <= truth <= high
    deviation = np.sqrt(level * (1 - level) / runs)
    assert abs(covered / runs - level) < 3 * deviation


def test_randomisation_equals_full_enumeration() -> None:
    rng = np.random.default_rng(2)
    a, b = simulate(9, rng, recall=0.9), simulate(9, rng, recall=0.3)
    b.table[:, 0] = a.table[:, 0]
    b.table[:, 2] = np.minimum(b.table[:, 2], b.table[:, 0])
    observed = f1(*a.table.sum(axis=0)[:, 0]) - f1(*b.table.sum(axis=0)[:, 0])
    swaps = list(product([False, True], repeat=9))
    extreme = 0
    for swap in swaps:
        mask = np.array(swap)[:, None, None]
        one, other = np.where(mask, b.table, a.table), np.where(mask, a.table, b.table)
        extreme += abs(f1(*one.sum(axis=0)[:, 0]) - f1(*other.sum(axis=0)[:, 0])) >= abs(observed) - 1e-12
    found = differences(a, b, resamples=20_000)[MICRO]
    assert found.value == pytest.approx(observed)
    assert found.p_randomisation == pytest.approx(extreme / len(swaps), abs=0.015)


def test_false_positive_rate_is_at_most_the_level() -> None:
    rng, runs = np.random.default_rng(7), 300
    rejected = np.zeros(2)
    for run in range(runs):
        a, b = simulate(120, rng), simulate(120, rng)
        b.table[:, 0] = a.table[:, 0]
        b.table[:, 2] = rng.binomial(b.table[:, 0, 0], 0.7)[:, None]
        b.table[:, 1] = b.table[:, 2] + rng.poisson(0.3, 120)[:, None]
        found = differences(a, b, resamples=400, seed=run)[MICRO]
        rejected += [found.p_randomisation <= 0.05, found.p_bootstrap <= 0.05]
    assert (rejected / runs < 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)).all()


def test_differences_of_equal_and_of_very_different_outputs() -> None:
    counts = simulate(60, np.random.default_rng(3))
    same = differences(counts, counts, resamples=500)[MICRO]
    assert (same.value, same.interval, same.p_randomisation, same.p_bootstrap) == (0.0, (0.0, 0.0), 1.0, 1.0)
    nothing = SentenceCounts((MICRO,), counts.table * np.array([1, 0, 0])[:, None])
    plain = differences(counts, nothing, resamples=500)[MICRO]
    assert plain.p_randomisation == plain.p_bootstrap == pytest.approx(1 / 501)
    assert plain.interval.low > 0


def test_chunks_do_not_change_the_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = simulate(50, np.random.default_rng(4))
    whole = bootstrap_intervals(counts, resamples=300)
    monkeypatch.setattr("nertagger.evaluation.resampling._DRAWN_AT_ONCE", 50 * 7)
    assert bootstrap_intervals(counts, resamples=300) == whole


def test_intervals_and_differences_without_sentences() -> None:
    empty = count_sentences([], [], ["X"])
    assert bootstrap_intervals(empty) == {"X": (0.0, 0.0), MICRO: (0.0, 0.0)}
    assert differences(empty, empty)[MICRO].p_randomisation == 1.0


@pytest.mark.parametrize("tests", range(6))
def test_holm_is_the_closed_test_of_bonferroni(tests: int) -> None:
    """A hypothesis is rejected if Bonferroni's test rejects every set of hypotheses that contains it."""
    p = np.random.default_rng(tests).uniform(0, 0.5, tests).round(2).tolist()
    sets = list(chain.from_iterable(combinations(range(tests), size) for size in range(1, tests + 1)))
    expected = [max(min(1.0, len(s) * min(p[i] for i in s)) for s in sets if test in s) for test in range(tests)]
    assert holm(p) == pytest.approx(expected)


def test_holm_adjusts_the_types_but_not_micro() -> None:
    rng = np.random.default_rng(1)
    types = [simulate(60, rng, recall=recall).table for recall in (0.9, 0.8, 0.7)]
    others = [simulate(60, rng, recall=0.6).table for _ in types]
    a, b = (
        SentenceCounts(("X", "Y", "Z", MICRO), np.concatenate([*side, sum(side)], axis=2)) for side in (types, others)
    )
    found = differences(a, b, resamples=500)
    assert [found[label].p_holm for label in "XYZ"] == holm([found[label].p_randomisation for label in "XYZ"])
    assert found[MICRO].p_holm == found[MICRO].p_randomisation
