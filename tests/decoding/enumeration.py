"""The enumeration of all tag sequences, which shares no code with decoding."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np

from nertagger.decoding.transitions import Transitions
from nertagger.text.schemes import bioes_tags

TAGS = bioes_tags(["PER"])
FOLLOWS = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}  # for a single label, by the definition of BIOES
LENGTHS = [[1], [2], [6], [1, 1], [6, 1, 3], [2, 5, 4, 1, 6, 3]]
Path = tuple[int, ...]
Case = tuple[np.ndarray, np.ndarray, list[np.ndarray], Transitions]


def random_case(
    lengths: list[int], seed: int, *, tags: list[str] = TAGS, scale: float = 2.0, whole: bool = False
) -> Case:
    """Return emissions, lengths and the scores of a CRF, as arrays and as transitions.

    Args:
        lengths: of the sentences.
        seed: of the random scores.
        tags: the tag set.
        scale: the standard deviation of the scores.
        whole: whether scores are -1, 0 or 1, so that many paths have the same score.
    """
    rng = np.random.default_rng(seed)
    K = len(tags)
    shapes = ((max(lengths), len(lengths), K), (K, K), (K,), (K,))
    draw = (lambda shape: rng.integers(-1, 2, shape)) if whole else (lambda shape: rng.normal(0, scale, shape))
    emissions, *scores = (draw(shape).astype(np.float32) for shape in shapes)
    return emissions, np.array(lengths, np.int32), scores, Transitions.masked(tags, *scores)


def is_legal(path: Path) -> bool:
    """Return whether BIOES allows this sequence of `TAGS`."""
    prefixes = [TAGS[k][0] for k in path]
    inside = all(after in FOLLOWS[before] for before, after in pairwise(prefixes))
    return inside and prefixes[0] not in "IE" and prefixes[-1] not in "BI"


def path_scores(emissions: np.ndarray, scores: list[np.ndarray]) -> dict[Path, float]:
    """Return the score of every legal path of one sentence, (T, K)."""
    between, start, end = scores
    found = {}
    for path in filter(is_legal, product(range(len(TAGS)), repeat=len(emissions))):
        score = float(start[path[0]]) + float(end[path[-1]]) + sum(float(emissions[t, k]) for t, k in enumerate(path))
        found[path] = score + sum(float(between[i, j]) for i, j in pairwise(path))
    return found


def with_noisy_padding(emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the emissions with NaN at and after the length of each sentence."""
    return np.where((np.arange(len(emissions))[:, None] < lengths)[..., None], emissions, np.float32(np.nan))
