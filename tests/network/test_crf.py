"""The CRF against the enumeration of all paths."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from nertagger.decoding.transitions import legal_transitions
from nertagger.network.crf import CRF, softmax_log_likelihood
from nertagger.text.schemes import bioes_tags

TAGS = bioes_tags(["X"])
K = len(TAGS)
FOLLOWS, STARTS, ENDS = legal_transitions(TAGS)


def make_crf(seed: int = 0, *, legal: bool = True) -> CRF:
    masks = (FOLLOWS, STARTS, ENDS) if legal else (np.ones((K, K), bool), np.ones(K, bool), np.ones(K, bool))
    crf = CRF(*masks)
    crf.build()
    rng = np.random.default_rng(seed)
    for variable in (crf.transitions, crf.start, crf.end):
        variable.assign(rng.normal(0, 1, variable.shape))
    return crf


def all_scores(crf: CRF, emissions: np.ndarray, *, legal: bool) -> dict[tuple[int, ...], float]:
    """Return the score of every (legal) path over emissions (T, K)."""
    between, start, end = (v.numpy().astype(np.float64) for v in (crf.transitions, crf.start, crf.end))
    scores = {}
    for path in product(range(K), repeat=len(emissions)):
        pairs = list(pairwise(path))
        if legal and not (STARTS[path[0]] and ENDS[path[-1]] and all(FOLLOWS[a, b] for a, b in pairs)):
            continue
        total = start[path[0]] + end[path[-1]] + sum(between[a, b] for a, b in pairs)
        scores[path] = total + sum(emissions[t, k] for t, k in enumerate(path))
    return scores


def log_sum(values: list[float]) -> float:
    top = max(values)
    return top + float(np.log(np.sum(np.exp(np.array(values) - top))))


@pytest.mark.parametrize("legal", [True, False])
@pytest.mark.parametrize("length", range(1, 7))
def test_log_partition_is_the_sum_over_all_paths(length: int, legal: bool) -> None:
    crf = make_crf(legal=legal)
    emissions = np.random.default_rng(length).normal(0, 2, (length, 1, K)).astype(np.float32)
    expected = log_sum(list(all_scores(crf, emissions[:, 0], legal=legal).values()))
    assert float(crf.log_partition(emissions, np.array([length], np.int32))[0]) == pytest.approx(expected, abs=1e-4)


def test_log_likelihood_of_a_padded_batch_is_that_of_each_sentence() -> None:
    crf = make_crf()
    rng = np.random.default_rng(7)
    lengths = np.array([3, 1, 5], np.int32)
    emissions = rng.normal(0, 2, (6, 3, K)).astype(np.float32)
    tags = np.zeros((6, 3), np.int32)
    expected = []
    for b, length in enumerate(lengths):
        scores = all_scores(crf, emissions[:length, b], legal=True)
        path = list(scores)[int(rng.integers(len(scores)))]
        tags[:length, b] = path
        expected.append(scores[path] - log_sum(list(scores.values())))
    tags[4:, 0] = 3  # tags after the end have no effect
    result = np.array(crf.log_likelihood(emissions, tags, lengths))
    np.testing.assert_allclose(result, expected, atol=1e-4)


def test_probabilities_of_all_legal_paths_sum_to_one() -> None:
    crf = make_crf()
    emissions = np.random.default_rng(1).normal(0, 3, (4, 1, K)).astype(np.float32)
    paths = list(all_scores(crf, emissions[:, 0], legal=True))
    batch = np.repeat(emissions, len(paths), axis=1)
    likelihoods = crf.log_likelihood(batch, np.array(paths, np.int32).T, np.full(len(paths), 4, np.int32))
    assert np.exp(np.array(likelihoods)).sum() == pytest.approx(1.0, abs=1e-4)


def test_gradient_of_the_partition_is_the_marginals() -> None:
    tf = pytest.importorskip("tensorflow")
    crf = make_crf()
    emissions = tf.constant(np.random.default_rng(2).normal(0, 2, (4, 1, K)).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(emissions)
        total = crf.log_partition(emissions, np.array([4], np.int32))
    gradient = np.array(tape.gradient(total, emissions))[:, 0]
    scores = all_scores(crf, np.array(emissions)[:, 0], legal=True)
    whole = log_sum(list(scores.values()))
    expected = np.zeros((4, K))
    for path, score in scores.items():
        expected[np.arange(4), list(path)] += np.exp(score - whole)
    np.testing.assert_allclose(gradient, expected, atol=1e-4)


def extreme_cases() -> list[np.ndarray]:
    """Return emissions (T, K) with the highest scores at tags in no legal path, and others that are far apart."""
    cases = []
    for gap in (100, 300, 1000, 10_000):
        for tag, place in product(range(1, K), range(3)):
            emissions = np.zeros((3, K), np.float32)
            emissions[place, tag] = gap
            cases += [emissions, -emissions]
        rng = np.random.default_rng(gap)
        cases += [rng.normal(0, gap, (length, K)).astype(np.float32) for length in (1, 2, 4, 5)]
    return cases


@pytest.mark.parametrize("legal", [True, False])
@pytest.mark.parametrize("transition_scale", [1, 300])
def test_scores_far_apart_are_summed_exactly(legal: bool, transition_scale: float) -> None:
    crf = make_crf(legal=legal)
    for variable in (crf.transitions, crf.start, crf.end):
        variable.assign(variable.numpy() * transition_scale)
    for emissions in extreme_cases():
        scores = list(all_scores(crf, emissions.astype(np.float64), legal=legal).values())
        largest = float(np.abs(emissions).max()) + transition_scale
        found = float(crf.log_partition(emissions[:, None], np.array([len(emissions)], np.int32))[0])
        assert found == pytest.approx(log_sum(scores), abs=1e-6 * largest * len(emissions) + 1e-5)


def test_a_high_score_of_an_illegal_tag_has_no_effect() -> None:
    crf = CRF(FOLLOWS, STARTS, ENDS)
    crf.build()
    for gap in (100, 1000, 10_000):
        emissions = np.zeros((1, 1, K), np.float32)
        emissions[0, 0, TAGS.index("I-X")] = gap
        assert float(crf.log_partition(emissions, np.array([1], np.int32))[0]) == pytest.approx(np.log(2), abs=1e-5)


def test_extreme_sentences_have_finite_gradients_and_likelihoods_of_at_most_one() -> None:
    tf = pytest.importorskip("tensorflow")
    crf = make_crf()
    cases = [case for case in extreme_cases() if len(case) > 1]
    emissions = np.zeros((5, len(cases), K), np.float32)
    for column, case in enumerate(cases):
        emissions[: len(case), column] = case
        emissions[len(case) :, column] = 1e4 * (np.arange(K) == 2)
    lengths = np.array([len(case) for case in cases], np.int32)
    tags = np.zeros(emissions.shape[:2], np.int32)  # O everywhere is always legal
    value = tf.constant(emissions)
    with tf.GradientTape() as tape:
        tape.watch(value)
        likelihoods = crf.log_likelihood(value, tags, lengths)
    gradients = tape.gradient(likelihoods, [value, *crf.trainable_variables])
    assert all(np.isfinite(np.array(gradient)).all() for gradient in gradients)
    for column, (case, found) in enumerate(zip(cases, np.array(likelihoods), strict=True)):
        scores = all_scores(crf, case.astype(np.float64), legal=True)
        rounding = 1e-5 + 1e-6 * float(np.abs(case).max()) * len(case)
        assert found == pytest.approx(scores[(0,) * len(case)] - log_sum(list(scores.values())), abs=rounding)
        assert found < rounding
        probabilities = [np.exp(score - log_sum(list(scores.values()))) for score in scores.values()]
        paths = np.eye(K)[np.array(list(scores))]  # (paths, T, K)
        expected = np.eye(K)[np.zeros(len(case), int)] - np.einsum("p,ptk->tk", probabilities, paths)
        np.testing.assert_allclose(np.array(gradients[0])[: len(case), column], expected, atol=100 * rounding)


def test_softmax_log_likelihood_is_summed_over_real_tokens() -> None:
    emissions = np.random.default_rng(3).normal(size=(3, 2, K)).astype(np.float32)
    tags = np.array([[1, 2], [0, 3], [4, 0]], np.int32)
    lengths = np.array([3, 1], np.int32)
    log_probabilities = emissions - np.log(np.exp(emissions).sum(axis=-1, keepdims=True))
    expected = [sum(log_probabilities[t, b, tags[t, b]] for t in range(length)) for b, length in enumerate(lengths)]
    np.testing.assert_allclose(np.array(softmax_log_likelihood(emissions, tags, lengths)), expected, atol=1e-5)
