"""Word vectors read by another process while this one loads TensorFlow, which takes as long."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Self

from nertagger.features.vectors import WordVectors, read_vectors


class VectorsAhead:
    """The first `limit` word vectors of a file, on their way while the block runs.

    Raises:
        DataError: from a call, if the file cannot be read.
    """

    def __init__(self, path: str | Path, *, limit: int) -> None:
        self._path, self._limit = path, limit
        context = get_context("spawn")  # a fork would inherit threads that are not there
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_leave_interrupts_alone)

    def __enter__(self) -> Self:
        self._future = self._pool.submit(read_vectors, self._path, limit=self._limit)
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __call__(self) -> WordVectors:
        """The vectors, once they are read; call it once, in the block."""
        vectors = self._future.result()
        self._pool.shutdown(wait=False)
        return vectors


def _leave_interrupts_alone() -> None:
    """Ctrl-C is for the process that trains."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
