"""The forward-backward algorithm against the enumeration of all paths."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from nertagger.decoding import blocks
from nertagger.decoding.forward_backward import forward_backward
from nertagger.decoding.n_best import best_paths
from nertagger.decoding.spans import BatchSpans
from nertagger.decoding.transitions import Transitions
from nertagger.text.schemes import bioes_tags
from tests.decoding.enumeration import LENGTHS, TAGS, path_scores, random_case, with_noisy_padding


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("seed", range(3))
def test_forward_backward_equals_the_sum_over_all_paths(lengths, seed):
    emissions, lengths, numbers, transitions = random_case(lengths, seed)
    lattice = forward_backward(emissions, lengths, transitions)
    marginals = lattice.marginals()
    for b, length in enumerate(lengths):
        scores = path_scores(emissions[:length, b], numbers)
        total = sum(map(math.exp, scores.values()))
        expected = np.zeros((length, len(TAGS)))
        for path, score in scores.items():
            expected[np.arange(length), path] += math.exp(score) / total
        assert lattice.log_partition[b] == pytest.approx(math.log(total), abs=1e-10)
        np.testing.assert_allclose(marginals[:length, b], expected, atol=1e-12)
        assert not marginals[length:, b].any()


@pytest.mark.parametrize("seed", range(4))
def test_span_posterior_is_the_probability_of_paths_with_exactly_this_entity(seed):
    emissions, lengths, numbers, transitions = random_case([6, 1, 4, 2], seed)
    lattice = forward_backward(emissions, lengths, transitions)
    for b, length in enumerate(lengths):
        scores = path_scores(emissions[:length, b], numbers)
        total = sum(map(math.exp, scores.values()))
        for first, stop in [(f, s) for f in range(length) for s in range(f + 1, length + 1)]:
            inside = ("S",) if stop - first == 1 else ("B", *"I" * (stop - first - 2), "E")
            tags = tuple(TAGS.index(f"{prefix}-PER") for prefix in inside)
            paths = np.zeros(emissions.shape[:2], dtype=np.intp)
            paths[first:stop, b] = tags
            spans = BatchSpans(np.array([b]), np.array([first]), np.array([stop - 1]))
            posterior = lattice.span_posteriors(paths, spans)
            share = sum(math.exp(score) for path, score in scores.items() if path[first:stop] == tags) / total
            assert posterior == pytest.approx([share], abs=1e-12)


def far_apart_cases():
    """Return emissions with the highest scores at tags in no legal path, and with scores of very different sizes."""
    K = len(TAGS)
    zeros = [np.zeros(shape, np.float32) for shape in ((K, K), (K,), (K,))]
    for gap in (100, 800, 1000, 10_000):
        for tag, place in product(range(1, K), range(4)):
            emissions = np.zeros((4, 1, K), np.float32)
            emissions[place, 0, tag] = gap
            yield emissions, zeros
            yield -emissions, zeros
        for seed in range(4):
            emissions, _, numbers, _ = random_case([5], seed, scale=gap)
            yield emissions, [part / 1000 for part in numbers]
            yield emissions / 1000, numbers


def test_scores_of_very_different_sizes_are_summed_exactly():
    for emissions, numbers in far_apart_cases():
        lengths = np.array([len(emissions)], np.int32)
        transitions = Transitions.masked(TAGS, *numbers)
        scores = path_scores(emissions[:, 0], numbers)
        best = max(scores.values())
        total = sum(math.exp(score - best) for score in scores.values())
        expected = np.zeros((len(emissions), len(TAGS)))
        for path, score in scores.items():
            expected[np.arange(len(emissions)), path] += math.exp(score - best) / total
        lattice = forward_backward(emissions, lengths, transitions)
        assert lattice.log_partition[0] == pytest.approx(best + math.log(total), abs=1e-6)
        np.testing.assert_allclose(lattice.marginals()[:, 0], expected, atol=1e-6)
        assert blocks.log_partition(emissions[:, 0], transitions) == pytest.approx(best + math.log(total), abs=1e-6)
        for first, stop, part in blocks.lattices(emissions[:, 0], transitions, [0, 2, len(emissions)]):
            np.testing.assert_allclose(part.marginals()[:, 0], expected[first:stop], atol=1e-6)
        paths, found = best_paths(emissions, lengths, transitions, 3)
        assert found[:, 0] == pytest.approx(sorted(scores.values(), reverse=True)[:3] + [-math.inf] * (3 - len(scores)))
        assert tuple(paths[0, :, 0]) in [path for path, score in scores.items() if score > best - 1e-6]


@pytest.mark.parametrize("gap", [100.0, 1e4, 1e12])
def test_probabilities_are_never_above_one(gap):
    emissions, lengths, _, transitions = random_case([30, 7, 1], 4, scale=gap)
    lattice = forward_backward(emissions, lengths, transitions)
    marginals = lattice.marginals()
    assert np.isfinite(marginals).all()
    assert marginals.max() <= 1.0


def test_padding_and_other_sentences_change_nothing():
    emissions, lengths, _, transitions = random_case([5, 2, 7, 1, 3], 11)
    together = forward_backward(with_noisy_padding(emissions, lengths), lengths, transitions)
    for b, length in enumerate(lengths):
        alone = forward_backward(emissions[:length, [b]], lengths[[b]], transitions)
        np.testing.assert_allclose(together.marginals()[:length, b], alone.marginals()[:, 0], atol=1e-12)
        assert together.log_partition[b] == pytest.approx(alone.log_partition[0], abs=1e-10)


@pytest.mark.parametrize("labels", [["A"], ["A", "B", "C", "D", "E", "F"]])
def test_a_very_long_sentence_keeps_its_precision(labels):
    emissions, lengths, _, transitions = random_case([6_000], 5, tags=bioes_tags(labels), scale=8.0)
    marginals = forward_backward(emissions, lengths, transitions).marginals()
    np.testing.assert_allclose(marginals.sum(axis=-1), 1.0, atol=1e-9)
