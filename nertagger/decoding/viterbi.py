"""Best tag sequences of a linear-chain CRF by the Viterbi algorithm, for a batch of sentences at once.

Viterbi, 1967; the CRF is that of Lafferty et al., 2001.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nertagger.decoding.max_plus import MaxPlus
from nertagger.decoding.transitions import Transitions, longest_first


def viterbi(emissions: np.ndarray, lengths: np.ndarray, transitions: Transitions) -> np.ndarray:
    """Return the best tag sequence of each sentence; of equally good ones that with the lowest ids at its end.

    Args:
        emissions: (T, B, K); values at or after a sentence's length are ignored.
        lengths: (B,), each from 1 to T.
        transitions: for K tags.

    Returns:
        (T, B) ids of tags; 0 at and after a sentence's length.
    """
    order, scores, running = longest_first(emissions, lengths)
    between = transitions.between
    _add_best_beginnings(scores, running, transitions)
    last = lengths[order] - 1
    paths = np.zeros((len(emissions), len(order)), dtype=np.intp)
    columns = np.arange(len(order))
    paths[last, columns] = (scores[last, :, columns] + transitions.end).argmax(axis=1)
    for t in range(len(scores) - 2, -1, -1):
        n = running[t + 1]  # recomputed from the scores, for one tag instead of K: no back pointers are stored
        paths[t, :n] = (scores[t, :, :n] + between[:, paths[t + 1, :n]]).argmax(axis=0)
    return paths[:, np.argsort(order)]


def losses(emissions: np.ndarray, lengths: np.ndarray, transitions: Transitions) -> np.ndarray:
    """Return how much lower the best score of a sentence becomes if a token is forced to have a tag.

    Arguments as for `viterbi`.

    Returns:
        (T, B, K) float64, at least 0; infinity at and after a sentence's length.
    """
    order, scores, running = longest_first(emissions, lengths)
    backward = np.empty_like(scores)
    backward[:] = transitions.end[:, None]  # not overwritten where a sentence ends
    back = MaxPlus(transitions.between.T)
    for t in range(len(scores) - 2, -1, -1):
        n = running[t + 1]
        backward[t, :, :n] = back.carry(scores[t + 1, :, :n] + backward[t + 1, :, :n])
    _add_best_beginnings(scores, running, transitions)
    scores += backward
    lost = scores[0].max(axis=0) - scores
    lost.transpose(0, 2, 1)[np.arange(len(lost))[:, None] >= lengths[order]] = np.inf
    found: np.ndarray = lost[:, :, np.argsort(order)].transpose(0, 2, 1)
    return found


def _add_best_beginnings(scores: np.ndarray, running: Sequence[int], transitions: Transitions) -> None:
    """Add to the score of each tag, (T, K, B), the score of the best tag sequence before it."""
    onwards = MaxPlus(transitions.between)
    scores[0] += transitions.start[:, None]
    for t in range(1, len(scores)):
        n = running[t]
        scores[t, :, :n] += onwards.carry(scores[t - 1, :, :n])
