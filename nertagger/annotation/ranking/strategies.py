"""Strategies by name: the order in which sentences are asked for.

``probability``, the default, is the least-confidence measure of Culotta and McCallum (2005), ``margin`` that of
Scheffer et al. (2001); Settles and Craven (2008) compare them for sequences. ``errors``, the expected number of wrong
tags, is their total token entropy with the error in place of the entropy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nertagger.annotation.ranking.diversity import choose_diverse
from nertagger.annotation.store.models import Predicted
from nertagger.annotation.store.settings import Strategy

RANDOM: Strategy = "random"

STRATEGIES: dict[Strategy, Callable[[Predicted], float]] = {
    RANDOM: lambda one: 0.0,
    "errors": lambda one: one.errors,
    "probability": lambda one: 1 - one.best,
    "entity": lambda one: 1 - one.least,
    "margin": lambda one: 1 - (one.best - one.second),
}
"""How much a sentence is wanted, from the predictions for it: the higher, the earlier it is asked for."""

DESCRIPTIONS: dict[Strategy, str] = {
    RANDOM: "in random order",
    "errors": "the most expected errors first",
    "probability": "the least probable best labelling first",
    "entity": "the least confident entity first",
    "margin": "the closest two best labellings first",
}


def rank(candidates: Sequence[Predicted], strategy: Strategy, *, number: int) -> list[int]:
    """Return the numbers of the `number` sentences to ask for next: uncertain ones, unlike one another.

    Args:
        candidates: the predictions for the sentences to choose from.
        strategy: a name in `STRATEGIES` other than random.
        number: how many to choose.
    """
    if not candidates:
        return []
    scores = np.array([STRATEGIES[strategy](one) for one in candidates])
    vectors = np.array([one.vector for one in candidates], dtype=np.float32)
    return [candidates[place].sentence for place in choose_diverse(scores, vectors, number)]
