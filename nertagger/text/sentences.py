"""Sentences as ranges of tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise


def sentence_spans(text: str, tokens: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences of `text` as half-open ranges of its tokens, in order, none empty, all tokens covered."""
    import sentencex

    starts = [start for start, _ in tokens]
    pieces = sentencex.segment("en", text.encode("utf-8", "replace").decode("utf-8"))
    cuts = {bisect_left(starts, end) for end in accumulate(map(len, pieces))}
    return [(first, stop) for first, stop in pairwise(sorted(cuts | {0, len(tokens)}))]
