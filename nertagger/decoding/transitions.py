"""The transition scores of a linear-chain CRF, and the layout in which the recursions over a batch run.

Emissions come time-major, (T, B, K). Inside the recursions sentences are the last axis, (T, K, B), longest first: at
step t the sentences that have a token t are a prefix, so that padding needs no mask and is never computed, and NumPy's
inner loops run over sentences. Scores are float64: sums over ten thousand tokens keep their order, and a result does
not depend on the other sentences of the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nertagger.text.schemes import split_tag

ILLEGAL = -np.inf


@dataclass(frozen=True)
class Transitions:
    """The transition scores of K tags, float64; what the tag scheme forbids has minus infinity.

    Attributes:
        between: (K, K) [from, to], of a tag after another.
        start: (K,), of the first tag of a sentence.
        end: (K,), of the last tag.
    """

    between: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def masked(cls, tags: Sequence[str], between: np.ndarray, start: np.ndarray, end: np.ndarray) -> Transitions:
        """Return the given scores, with minus infinity for what the scheme of the `tags` (BIOES) forbids."""
        pairs = zip(legal_transitions(tags), (between, start, end), strict=True)
        return cls(*(np.where(legal, scores.astype(np.float64), ILLEGAL) for legal, scores in pairs))


def legal_transitions(tags: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which BIOES tags may follow one another, begin a sentence, and end one.

    Returns:
        follows: bool of shape (K, K); ``follows[i, j]`` if ``tags[j]`` may follow ``tags[i]``.
        starts: bool of shape (K,).
        ends: bool of shape (K,).
    """
    parts = [split_tag(tag) for tag in tags]
    is_open = np.array([prefix in "BI" for prefix, _ in parts])
    continues = np.array([prefix in "IE" for prefix, _ in parts])
    same_label = np.array([[a == b for _, b in parts] for _, a in parts])
    follows = np.where(is_open[:, None], continues[None, :] & same_label, ~continues[None, :])
    return follows, ~continues, ~is_open


def longest_first(emissions: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Sort the sentences of a batch by length.

    Args:
        emissions: (T, B, K).
        lengths: (B,).

    Returns:
        order: (B,) indices of the sentences, longest first.
        scores: float64 (T, K, B), a copy of the emissions in this order.
        running: how many sentences have a token t, for each t.
    """
    order = np.argsort(-lengths, kind="stable")
    scores = emissions[: lengths.max(), order].transpose(0, 2, 1).astype(np.float64, order="C")
    running = (lengths > np.arange(len(scores))[:, None]).sum(axis=1)
    return order, scores, running.tolist()
