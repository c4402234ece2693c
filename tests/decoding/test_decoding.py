"""The Viterbi and forward-backward algorithms against the enumeration of all paths, which shares no code with them."""

from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
import pytest

from nertagger.decoding import blocks
from nertagger.decoding.forward_backward import forward_backward
from nertagger.decoding.n_best import best_paths
from nertagger.decoding.spans import BatchSpans
from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import losses, viterbi
from nertagger.text.schemes import bioes_tags

TAGS = bioes_tags(["PER"])
FOLLOWS = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}  # of one label, by the definition of BIOES


def random_case(lengths: list[int], seed: int, *, tags: list[str] = TAGS, scale: float = 2.0):
    rng = np.random.default_rng(seed)
    K = len(tags)
    emissions = rng.normal(0, scale, (max(lengths), len(lengths), K)).astype(np.float32)
    numbers = [rng.normal(0, scale, shape).astype(np.float32) for shape in ((K, K), (K,), (K,))]
    return emissions, np.array(lengths, dtype=np.int32), numbers, Transitions.masked(tags, *numbers)


def legal_paths(emissions: np.ndarray, numbers: list[np.ndarray]) -> dict[tuple[int, ...], float]:
    """Return the score of every legal path of one sentence, (T, K)."""
    between, start, end = numbers
    scores = {}
    for path in product(range(len(TAGS)), repeat=len(emissions)):
        prefixes = [TAGS[k][0] for k in path]
        if prefixes[0] in "IE" or prefixes[-1] in "BI":
            continue
        if any(after not in FOLLOWS[before] for before, after in pairwise(prefixes)):
            continue
        score = float(start[path[0]]) + float(end[path[-1]]) + sum(float(emissions[t, k]) for t, k in enumerate(path))
        scores[path] = score + sum(float(between[i, j]) for i, j in pairwise(path))
    return scores


LENGTHS = [[1], [2], [6], [1, 1], [6, 1, 3], [2, 5, 4, 1, 6, 3]]


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("seed", range(3))
def test_viterbi_finds_the_best_of_all_paths(lengths, seed):
    emissions, lengths, numbers, transitions = random_case(lengths, seed)
    paths = viterbi(emissions, lengths, transitions)
    for b, length in enumerate(lengths):
        scores = legal_paths(emissions[:length, b], numbers)
        assert tuple(paths[:length, b]) == max(scores, key=scores.get)
        assert not paths[length:, b].any()


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("seed", range(3))
def test_losses_compare_the_best_paths_with_each_tag(lengths, seed):
    emissions, lengths, numbers, transitions = random_case(lengths, seed)
    found = losses(emissions, lengths, transitions)
    for b, length in enumerate(lengths):
        scores = legal_paths(emissions[:length, b], numbers)
        for t, k in product(range(length), range(len(TAGS))):
            through = max((score for path, score in scores.items() if path[t] == k), default=-math.inf)
            assert found[t, b, k] == pytest.approx(max(scores.values()) - through, abs=1e-9)
        assert np.isinf(found[length:, b]).all()


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("seed", range(3))
def test_forward_backward_equals_the_sum_over_all_paths(lengths, seed):
    emissions, lengths, numbers, transitions = random_case(lengths, seed)
    lattice = forward_backward(emissions, lengths, transitions)
    marginals = lattice.marginals()
    for b, length in enumerate(lengths):
        scores = legal_paths(emissions[:length, b], numbers)
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
        scores = legal_paths(emissions[:length, b], numbers)
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
        scores = legal_paths(emissions[:, 0], numbers)
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
    noisy = emissions.copy()
    for b, length in enumerate(lengths):
        noisy[length:, b] = np.nan
    np.testing.assert_array_equal(viterbi(noisy, lengths, transitions), viterbi(emissions, lengths, transitions))
    together = forward_backward(noisy, lengths, transitions)
    for b, length in enumerate(lengths):
        alone = forward_backward(emissions[:length, [b]], lengths[[b]], transitions)
        np.testing.assert_allclose(together.marginals()[:length, b], alone.marginals()[:, 0], atol=1e-12)
        assert together.log_partition[b] == pytest.approx(alone.log_partition[0], abs=1e-10)


@pytest.mark.parametrize("labels", [["A"], ["A", "B", "C", "D", "E", "F"]])
def test_a_very_long_sentence_keeps_its_precision(labels):
    tags = bioes_tags(labels)
    emissions, lengths, _, transitions = random_case([6_000], 5, tags=tags, scale=8.0)
    path = viterbi(emissions, lengths, transitions)[:, 0]
    lattice = forward_backward(emissions, lengths, transitions)
    steps = transitions.between[path[:-1], path[1:]]
    assert np.isfinite(steps).all()
    assert np.isfinite(transitions.start[path[0]] + transitions.end[path[-1]])
    marginals = lattice.marginals()
    np.testing.assert_allclose(marginals.sum(axis=-1), 1.0, atol=1e-9)


def test_decoding_is_legal_for_any_scores():
    rng = np.random.default_rng(2)
    between = np.zeros((5, 5), np.float32)
    emissions = rng.normal(0, 100, (9, 40, 5)).astype(np.float32)
    transitions = Transitions.masked(TAGS, between, between[0], between[0])
    paths = viterbi(emissions, np.full(40, 9, np.int32), transitions)
    for b in range(40):
        prefixes = [TAGS[k][0] for k in paths[:, b]]
        assert prefixes[0] not in "IE"
        assert prefixes[-1] not in "BI"
        assert all(after in FOLLOWS[before] for before, after in pairwise(prefixes))
