"""Word vectors of several files as one, their columns side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nertagger.errors import DataError
from nertagger.features.vectors.reading import Progress, WordVectors, read_vectors
from nertagger.printable import counted


def read_joined_vectors(
    paths: Sequence[str | Path], *, limit: int | None = None, progress: Progress | None = None
) -> WordVectors:
    """Return the first `limit` words of the first file, with the columns of the other files beside its own.

    What a later file lacks of a word is estimated from the first file's vector, by least squares over the words that
    both have.

    Args:
        paths: the files.
        limit: maximum number of words; None for all.
        progress: called now and then while a file is read.

    Raises:
        DataError: if a file cannot be read, or a later one shares too few words with the first for an estimate.
    """
    first = read_vectors(paths[0], limit=limit, progress=progress)
    tables = [first.table]
    for path in paths[1:]:
        later = read_vectors(path, progress=progress)
        tables.append(_completed(path, first, later))
    return WordVectors(first.words, np.concatenate(tables, axis=1))


def _completed(path: str | Path, first: WordVectors, later: WordVectors) -> np.ndarray:
    """Return the vectors of a later file for the words of the first, estimated where it has none: float16 (V, D)."""
    rows = {word: row for row, word in enumerate(later.words)}
    found = np.array([rows.get(word, -1) for word in first.words])
    known = found >= 0
    inputs = np.concatenate([first.table.astype(np.float32), np.ones((len(found), 1), np.float32)], axis=1)
    table = np.zeros((len(found), later.table.shape[1]), np.float32)
    table[known] = later.table[found[known]]
    if not known.all():
        if known.sum() < inputs.shape[1]:
            got = f"{counted(known.sum(), 'word')} of the first file"
            raise DataError(path=path, got=got, expected=f"{inputs.shape[1]} or more, to estimate the others from")
        weights, *_ = np.linalg.lstsq(inputs[known], table[known], rcond=None)
        table[~known] = inputs[~known] @ weights
    return table.astype(np.float16)
