"""The n best tag sequences of a linear-chain CRF, for a batch of sentences at once.

List Viterbi decoding (Seshadri and Sundberg, 1994): at each token, the n best prefixes that end in a tag are the n best
extensions of the prefixes one token shorter by this tag. For the layout see `transitions`.
"""

from __future__ import annotations

import numpy as np

from nertagger.decoding.transitions import ILLEGAL, Transitions, longest_first
from nertagger.errors import NerTaggerError

_NUMBERS_AT_ONCE = 1 << 20
_MOST_ORIGINS, _MOST_STEPS = 1 << 26, 1 << 24  # the most numbers held for a sentence, and for each of its tokens


def best_paths(
    emissions: np.ndarray, lengths: np.ndarray, transitions: Transitions, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the `n` legal tag sequences of each sentence with the highest scores.

    The order of equally good sequences is unspecified. As many sentences are decoded at once as fit into some
    megabytes; a token takes n K numbers of one or two bytes.

    Args:
        emissions: (T, B, K); values at or after a sentence's length are ignored.
        lengths: (B,), each from 1 to T.
        transitions: for K tags.
        n: at least 1.

    Returns:
        paths: (n, T, B) ids of tags, the best sequence first; 0 at and after a sentence's length; fewer than n if
            not that many sequences exist.
        scores: (n, B) float64, minus infinity where a sentence has no more legal sequences.

    Raises:
        NerTaggerError: if `n` is less than 1, or so large that the sequences take more than some hundred megabytes.
    """
    B, K = emissions.shape[1:]
    n = _checked(n, int(lengths.max()), K)
    size = max(1, _NUMBERS_AT_ONCE // (n * K * K))
    paths = np.zeros((n, int(lengths.max()), B), dtype=np.intp)
    scores = np.empty((n, B))
    for first in range(0, B, size):
        few = slice(first, first + size)
        found, scores[:, few] = _best_paths(emissions[:, few], lengths[few], transitions, n)
        paths[:, : found.shape[1], few] = found
    return paths, scores


def _checked(n: int, T: int, K: int) -> int:
    """`n`, or the number of all sequences of T out of K tags if that is less."""
    most = min(_MOST_ORIGINS // (T * K), _MOST_STEPS // (K * K))
    wanted = min(n, K**T) if T < 64 else n
    if n < 1 or wanted > most:
        raise NerTaggerError(f"got {n:,} best labellings of {T:,} tokens and {K} tags, expected from 1 to {most:,}")
    return wanted


def _best_paths(
    emissions: np.ndarray, lengths: np.ndarray, transitions: Transitions, n: int
) -> tuple[np.ndarray, np.ndarray]:
    order, steps, running = longest_first(emissions, lengths)
    T, K, B = steps.shape
    origins = np.zeros((T, n, K, B), dtype=np.min_scalar_type(n * K))  # rank * K + tag of the token before
    beginnings = np.full((n, K, B), ILLEGAL)
    beginnings[0] = steps[0] + transitions.start[:, None]
    endings = np.empty((n * K, B))
    for t in range(T):
        m = running[t]
        if t:
            onwards = beginnings[:, :, None, :m] + transitions.between[:, :, None]  # (n, from, to, m)
            origins[t, :, :, :m], best = _first_n(onwards.reshape(n * K, K, m), n)
            beginnings = best + steps[t, :, :m]
        done = running[t + 1] if t + 1 < T else 0
        endings[:, done:m] = (beginnings[:, :, done:m] + transitions.end[:, None]).reshape(n * K, m - done)
    state, scores = _first_n(endings, n)  # (n, B)
    paths = np.zeros((n, T, B), dtype=np.intp)
    ranks, tags = np.divmod(state, K)
    for t in range(T - 1, -1, -1):
        m = running[t]
        paths[:, t, :m] = tags[:, :m]
        if t:
            back = origins[t, ranks[:, :m], tags[:, :m], np.arange(m)]
            ranks[:, :m], tags[:, :m] = np.divmod(back, K)
    there = np.argsort(order)
    return paths[:, :, there], scores[:, there]


def _first_n(scores: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices, along the first axis, of the n highest scores, highest first, and these scores."""
    places = np.argsort(-scores, axis=0, kind="stable")[:n]
    return places, np.take_along_axis(scores, places, axis=0)
