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

from nertagger.text.schemes import legal_transitions

ILLEGAL = -np.inf


@dataclass(frozen=True)
class Transitions:
    """The scores of one tag after another, (K, K) [from, to], and of the first and last tag, (K,); float64.

    What the tag scheme forbids is minus infinity.
    """

    between: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def masked(cls, tags: Sequence[str], between: np.ndarray, start: np.ndarray, end: np.ndarray) -> Transitions:
        """The given scores where `tags` (BIOES) may follow one another, begin and end a sentence."""
        pairs = zip(legal_transitions(tags), (between, start, end), strict=True)
        return cls(*(np.where(legal, scores.astype(np.float64), ILLEGAL) for legal, scores in pairs))


def longest_first(emissions: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """The order by falling length, a copy of the emissions in it, (T, K, B), and how many sentences have a token t."""
    order = np.argsort(-lengths, kind="stable")
    scores = emissions[: lengths.max(), order].transpose(0, 2, 1).astype(np.float64, order="C")
    running = (lengths > np.arange(len(scores))[:, None]).sum(axis=1)
    return order, scores, running.tolist()
