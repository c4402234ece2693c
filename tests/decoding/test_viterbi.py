"""The Viterbi algorithm against the enumeration of all paths."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import losses, viterbi
from nertagger.text.schemes import bioes_tags
from tests.decoding.enumeration import LENGTHS, TAGS, is_legal, path_scores, random_case, with_noisy_padding


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("seed", range(3))
def test_viterbi_finds_the_best_of_all_paths(lengths, seed):
    emissions, lengths, numbers, transitions = random_case(lengths, seed)
    paths = viterbi(emissions, lengths, transitions)
    for b, length in enumerate(lengths):
        scores = path_scores(emissions[:length, b], numbers)
        assert tuple(paths[:length, b]) == max(scores, key=scores.get)
        assert not paths[length:, b].any()


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("seed", range(3))
def test_losses_compare_the_best_paths_with_each_tag(lengths, seed):
    emissions, lengths, numbers, transitions = random_case(lengths, seed)
    found = losses(emissions, lengths, transitions)
    for b, length in enumerate(lengths):
        scores = path_scores(emissions[:length, b], numbers)
        for t, k in product(range(length), range(len(TAGS))):
            through = max((score for path, score in scores.items() if path[t] == k), default=-math.inf)
            assert found[t, b, k] == pytest.approx(max(scores.values()) - through, abs=1e-9)
        assert np.isinf(found[length:, b]).all()


def test_padding_is_ignored():
    emissions, lengths, _, transitions = random_case([5, 2, 7, 1, 3], 11)
    noisy = with_noisy_padding(emissions, lengths)
    np.testing.assert_array_equal(viterbi(noisy, lengths, transitions), viterbi(emissions, lengths, transitions))


@pytest.mark.parametrize("labels", [["A"], ["A", "B", "C", "D", "E", "F"]])
def test_a_very_long_sentence_has_a_legal_path(labels):
    emissions, lengths, _, transitions = random_case([6_000], 5, tags=bioes_tags(labels), scale=8.0)
    path = viterbi(emissions, lengths, transitions)[:, 0]
    assert np.isfinite(transitions.between[path[:-1], path[1:]]).all()
    assert np.isfinite(transitions.start[path[0]] + transitions.end[path[-1]])


def test_decoding_is_legal_for_any_scores():
    rng = np.random.default_rng(2)
    between = np.zeros((5, 5), np.float32)
    emissions = rng.normal(0, 100, (9, 40, 5)).astype(np.float32)
    transitions = Transitions.masked(TAGS, between, between[0], between[0])
    paths = viterbi(emissions, np.full(40, 9, np.int32), transitions)
    assert all(map(is_legal, paths.T.tolist()))
