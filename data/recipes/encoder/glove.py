"""GloVe 50d beside 100d, for the words of 50d."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np

from nertagger.features.vectors import read_vectors

logger = logging.getLogger(__name__)


def read_side_by_side(glove: Path, wink: Path) -> tuple[list[str], np.ndarray]:
    """Return the words of GloVe 50d, most frequent first, and their vectors, float32 (V, 150).

    A word without 100d, as those with digits, has the least-squares estimate from its 50d.

    Args:
        glove: GloVe 50d as text.
        wink: JSON ``{"vectors": {word: [100 numbers, ...]}}``.
    """
    small = read_vectors(str(glove))
    narrow = small.table.astype(np.float32)
    row = {word: number for number, word in enumerate(small.words)}
    wide, known = np.zeros((len(narrow), 100), np.float32), np.zeros(len(narrow), bool)
    for word, numbers in json.loads(wink.read_text(encoding="utf-8"))["vectors"].items():
        if word in row:
            wide[row[word]], known[row[word]] = numbers[:100], True
    inputs = np.concatenate([narrow, np.ones_like(narrow[:, :1])], axis=1)
    weights, *_ = np.linalg.lstsq(inputs[known], wide[known], rcond=None)
    wide[~known] = inputs[~known] @ weights
    logger.info("%s words, %s with 100 dimensions", f"{len(known):,}", f"{known.sum():,}")
    return list(small.words), np.concatenate([narrow, wide], axis=1)
