"""The n best paths against the enumeration of all paths, which shares no code with them."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.decoding.n_best import best_paths
from nertagger.decoding.outputs import CrfOutput, SoftmaxOutput
from nertagger.decoding.transitions import Transitions
from nertagger.errors import NerTaggerError
from tests.decoding.enumeration import TAGS, path_scores, random_case, with_noisy_padding


@pytest.mark.parametrize("lengths", [[1], [2], [5], [1, 1], [5, 1, 3], [2, 5, 4, 1, 3]])
@pytest.mark.parametrize("n", [1, 2, 7, 200])
def test_best_paths_are_the_best_of_all_paths(lengths, n):
    emissions, lengths, numbers, transitions = random_case(lengths, n)
    emissions = with_noisy_padding(emissions, lengths)
    paths, scores = best_paths(emissions, lengths, transitions, n)
    for b, length in enumerate(lengths):
        expected = path_scores(emissions[:length, b], numbers)
        ranked = sorted(expected, key=expected.__getitem__, reverse=True)[:n]
        assert [tuple(path) for path in paths[: len(ranked), :length, b].tolist()] == ranked
        assert scores[: len(ranked), b] == pytest.approx([expected[path] for path in ranked], abs=1e-5)
        assert (scores[len(ranked) :, b] == -np.inf).all()
        assert not paths[:, length:, b].any()


@given(lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4), n=st.integers(1, 30), seed=st.integers(0, 10**6))
def test_paths_of_equal_score_are_all_kept(lengths, n, seed):
    emissions, lengths, numbers, transitions = random_case(lengths, seed, whole=True)
    paths, scores = best_paths(emissions, lengths, transitions, n)
    for b, length in enumerate(lengths):
        expected = path_scores(emissions[:length, b], numbers)
        found = [tuple(path) for path in paths[:, :length, b].tolist()][: len(expected)]
        assert len(set(found)) == len(found)
        assert [expected[path] for path in found] == sorted(expected.values(), reverse=True)[:n]
        assert scores[: len(found), b].tolist() == [expected[path] for path in found]


def test_sentences_are_decoded_in_groups_that_fit_into_memory(monkeypatch):
    emissions, lengths, _, transitions = random_case([2, 5, 1, 4, 3], 8)
    expected = best_paths(emissions, lengths, transitions, 6)
    monkeypatch.setattr("nertagger.decoding.n_best._NUMBERS_AT_ONCE", 2 * 6 * 25)
    for found, wanted in zip(best_paths(emissions, lengths, transitions, 6), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("seed", range(3))
def test_probabilities_are_normalized_over_legal_paths(seed):
    emissions, lengths, numbers, transitions = random_case([4, 1, 2], seed)
    paths, scores = CrfOutput(TAGS, transitions).best_paths(emissions, lengths, 1000)
    probabilities = np.exp(scores)
    for b, length in enumerate(lengths):
        expected = path_scores(emissions[:length, b], numbers)
        total = sum(map(math.exp, expected.values()))
        for path, probability in zip(paths[:, :length, b].tolist(), probabilities[:, b].tolist(), strict=True):
            if probability:
                assert probability == pytest.approx(math.exp(expected.pop(tuple(path))) / total, rel=1e-6)
        assert not expected
        assert probabilities[:, b].sum() == pytest.approx(1)


def test_a_softmax_multiplies_the_probabilities_of_tokens_and_allows_any_sequence():
    rng = np.random.default_rng(4)
    lengths = np.array([3, 1])
    tokens = rng.dirichlet(np.ones(5), size=(3, 2))
    output = SoftmaxOutput(TAGS)
    paths, scores = output.best_paths(np.log(tokens), lengths, 125)
    probabilities = np.exp(scores)
    for b, length in enumerate(lengths):
        products = {
            path: math.prod(tokens[t, b, k] for t, k in enumerate(path)) for path in product(range(5), repeat=length)
        }
        ranked = sorted(products, key=products.__getitem__, reverse=True)
        assert [tuple(path) for path in paths[: len(ranked), :length, b].tolist()] == ranked
        assert probabilities[: len(ranked), b] == pytest.approx([products[path] for path in ranked])
        assert not probabilities[len(ranked) :, b].any()
    np.testing.assert_allclose(output.marginals(np.log(tokens), lengths)[:, 0], tokens[:, 0])


@pytest.mark.parametrize(("n", "length"), [(0, 3), (-1, 3), (10**9, 20), (10, 2_000_000)])
def test_a_number_of_paths_that_does_not_fit_into_memory_is_an_error(n: int, length: int) -> None:
    transitions = Transitions(np.zeros((5, 5)), np.zeros(5), np.zeros(5))
    emissions = np.broadcast_to(np.float32(0), (length, 1, 5))
    with pytest.raises(NerTaggerError, match=r"got .* best labellings of .* tokens and 5 tags, expected from 1 to "):
        best_paths(emissions, np.array([length]), transitions, n)


def test_at_most_all_existing_sequences_are_returned() -> None:
    transitions = Transitions(np.zeros((5, 5)), np.zeros(5), np.zeros(5))
    paths, scores = best_paths(np.zeros((2, 1, 5)), np.array([2]), transitions, 10**9)
    assert {tuple(path) for path in paths[:, :, 0].tolist()} == set(product(range(5), repeat=2))
    assert not scores.any()
