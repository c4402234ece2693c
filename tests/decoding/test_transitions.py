"""Which tags may follow one another."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np

from nertagger.decoding.transitions import legal_transitions
from nertagger.text import TagScheme
from nertagger.text.schemes import bioes_tags, count_repairs


def test_legal_transitions_allow_exactly_the_sequences_without_repairs() -> None:
    tags = bioes_tags(["A", "B"])
    follows, starts, ends = legal_transitions(tags)
    assert follows.dtype == starts.dtype == ends.dtype == np.bool_
    for length in (1, 2, 3):
        for path in product(range(len(tags)), repeat=length):
            is_legal = starts[path[0]] and ends[path[-1]] and all(follows[i, j] for i, j in pairwise(path))
            assert is_legal == (count_repairs([tags[i] for i in path], TagScheme.BIOES) == 0)
