"""Word vectors read by another process while this one loads TensorFlow, which takes as long."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from nertagger.features.vectors import WordVectors, read_vectors
from nertagger.processes import worker_pool


class VectorsAhead:
    """The first `limit` word vectors of a file, on their way while the block runs.

    Raises:
        DataError: from a call, if the file cannot be read.
    """

    def __init__(self, path: str | Path, *, limit: int) -> None:
        self._path, self._limit = path, limit
        self._block = ExitStack()

    def __enter__(self) -> Self:
        self._pool = self._block.enter_context(worker_pool(1))
        self._future = self._pool.submit(read_vectors, self._path, limit=self._limit)
        return self

    def __exit__(self, *exc: Any) -> None:
        self._block.__exit__(*exc)

    def __call__(self) -> WordVectors:
        """The vectors, once they are read; call it once, in the block."""
        vectors = self._future.result()
        self._pool.shutdown(wait=False)
        return vectors
