"""The CRF against the enumeration of all paths."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from nertagger.network.crf import CRF, softmax_log_likelihood
from nertagger.text.schemes import bioes_tags, legal_transitions

TAGS = bioes_tags(["X"])
K = len(TAGS)
FOLLOWS, STARTS, ENDS = legal_transitions(TAGS)


def make_crf(seed: int = 0, *, legal: bool = True) -> CRF:
    masks = (FOLLOWS, STARTS, ENDS) if legal else (np.ones((K, K), bool), np.ones(K, bool), np.ones(K, bool))
    crf = CRF(*masks)
    crf.build()
    generator = np.random.default_rng(seed)
    for variable in (crf.transitions, crf.start, crf.end):
        variable.assign(generator.normal(0, 1, variable.shape))
    return crf


def all_scores(crf: CRF, emissions: np.ndarray, *, legal: bool) -> dict[tuple[int, ...], float]:
    """The score of every (legal) path over emissions (T, K)."""
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
    generator = np.random.default_rng(7)
    lengths = np.array([3, 1, 5], np.int32)
    emissions = generator.normal(0, 2, (6, 3, K)).astype(np.float32)
    tags = np.zeros((6, 3), np.int32)
    expected = []
    for b, length in enumerate(lengths):
        scores = all_scores(crf, emissions[:length, b], legal=True)
        path = list(scores)[int(generator.integers(len(scores)))]
        tags[:length, b] = path
        expected.append(scores[path] - log_sum(list(scores.values())))
    tags[4:, 0] = 3  # what stands behind an end has no say
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


def test_softmax_log_likelihood_is_summed_over_real_tokens() -> None:
    emissions = np.random.default_rng(3).normal(size=(3, 2, K)).astype(np.float32)
    tags = np.array([[1, 2], [0, 3], [4, 0]], np.int32)
    lengths = np.array([3, 1], np.int32)
    log_probabilities = emissions - np.log(np.exp(emissions).sum(axis=-1, keepdims=True))
    expected = [sum(log_probabilities[t, b, tags[t, b]] for t in range(length)) for b, length in enumerate(lengths)]
    np.testing.assert_allclose(np.array(softmax_log_likelihood(emissions, tags, lengths)), expected, atol=1e-5)
