"""How sentences are put together for the network."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nertagger.runtime.batching import runs


@given(st.lists(st.integers(1, 300), max_size=200), st.integers(1, 2000))
def test_runs_cover_a_batch_within_the_budget_and_waste_little(lengths, budget):
    lengths.sort(reverse=True)
    parts = list(runs(lengths, budget=budget))
    assert [i for first, stop in parts for i in range(first, stop)] == list(range(len(lengths)))
    for first, stop in parts:
        assert stop == first + 1 or lengths[first] * (stop - first) <= budget
        assert sum(lengths[first] - length for length in lengths[first:stop]) <= 20 + 1.5 * lengths[first]


def test_sentences_of_similar_length_are_one_run():
    assert list(runs([12, 12, 11, 11, 10], budget=1024)) == [(0, 5)]
