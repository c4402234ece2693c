"""Decoding in blocks against decoding in one piece, which other tests check by enumeration."""

from __future__ import annotations

import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.decoding import blocks
from nertagger.decoding.forward_backward import forward_backward
from nertagger.decoding.outputs import CrfOutput
from nertagger.decoding.spans import SpanReader
from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import viterbi
from nertagger.text.schemes import bioes_tags

TAGS = bioes_tags(["PER", "LOC"])
K = len(TAGS)


def random_case(length: int, seed: int) -> tuple[np.ndarray, Transitions]:
    rng = np.random.default_rng(seed)
    numbers = (rng.normal(0, 1, shape) for shape in ((K, K), (K,), (K,)))
    return rng.normal(0, 2, (length, K)).astype(np.float32), Transitions.masked(TAGS, *numbers)


@settings(max_examples=40)
@given(length=st.integers(1, 60), block=st.integers(1, 20), seed=st.integers(0, 10**6))
def test_blocks_have_the_path_and_marginals_of_the_whole_sentence(length, block, seed):
    emissions, transitions = random_case(length, seed)
    whole = np.array([length])
    path = blocks.best_path(emissions, transitions, block=block)
    assert path.tolist() == viterbi(emissions[:, None], whole, transitions)[:, 0].tolist()
    expected = forward_backward(emissions[:, None], whole, transitions).marginals()[:, 0]
    borders = blocks.borders_outside(np.zeros(length, dtype=bool), block=block)
    parts = {first: lattice.marginals()[:, 0] for first, _, lattice in blocks.lattices(emissions, transitions, borders)}
    np.testing.assert_allclose(np.concatenate([parts[first] for first in sorted(parts)]), expected, atol=1e-12)


def test_borders_never_cut_an_entity():
    inside = np.array([False, True, True, False, False, True, True, True, False])
    assert blocks.borders_outside(inside, block=2) == [0, 3, 8, 9]
    assert blocks.borders_outside(np.zeros(0, dtype=bool)) == [0, 0]
    assert blocks.borders_outside(np.ones(5, dtype=bool), block=2) == [0, 5]


def test_a_long_sentence_has_the_posteriors_of_one_piece(monkeypatch):
    emissions, transitions = random_case(500, 3)
    batch, lengths = emissions[:, None], np.array([500])
    output = CrfOutput(TAGS, transitions)
    paths = output.paths(batch, lengths)
    spans, _ = SpanReader(TAGS).proper(paths)
    expected = output.posteriors(batch, lengths, paths, spans), output.marginals(batch, lengths)
    labellings, log_probabilities = output.best_paths(batch, lengths, 4)
    monkeypatch.setattr(blocks, "BLOCK", 30)
    assert len(spans.firsts) > 50
    np.testing.assert_array_equal(output.paths(batch, lengths), paths)
    np.testing.assert_allclose(output.posteriors(batch, lengths, paths, spans), expected[0], atol=1e-12)
    np.testing.assert_allclose(output.marginals(batch, lengths), expected[1], atol=1e-12)
    np.testing.assert_array_equal(output.best_paths(batch, lengths, 4)[0], labellings)
    np.testing.assert_allclose(output.best_paths(batch, lengths, 4)[1], log_probabilities, rtol=1e-9)


def test_decoding_needs_little_more_memory_than_the_emissions(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 500)
    peaks = []
    for length in (4_000, 10_000):
        emissions, transitions = random_case(length, 1)
        output, lengths = CrfOutput(TAGS, transitions), np.array([length])
        tracemalloc.start()
        paths = output.paths(emissions[:, None], lengths)
        spans, _ = output.spans(paths)
        output.posteriors(emissions[:, None], lengths, paths, spans)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 60 * 6_000  # all sums would be 300 bytes per token
