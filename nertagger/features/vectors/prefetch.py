"""Word vectors read by another process while this one loads TensorFlow, which takes as long."""

from __future__ import annotations

from concurrent.futures import wait
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path
from typing import Any, ClassVar, Self

from nertagger.features.vectors.reading import Progress, WordVectors, read_vectors
from nertagger.processes import worker_pool

_INTERVAL = 0.2  # seconds between reports of progress
_UNKNOWN = -1


class PrefetchedVectors:
    """The first `limit` word vectors of a file, read by another process while the block runs.

    Raises:
        DataError: from a call, if the file cannot be read.
    """

    def __init__(self, path: str | Path, *, limit: int, progress: Progress | None = None) -> None:
        """
        Args:
            path, limit: as for `read_vectors`, which begins when the block is entered.
            progress: called as by `read_vectors`, while a call waits.
        """
        self._path, self._limit, self._progress = path, limit, progress
        self._counts = get_context("spawn").Array("q", [0, _UNKNOWN])
        self._block = ExitStack()

    def __enter__(self) -> Self:
        self._pool = self._block.enter_context(worker_pool(1, begin=partial(_Reader.begin, self._counts)))
        self._future = self._pool.submit(_Reader.read, self._path, self._limit)
        return self

    def __exit__(self, *exc: Any) -> None:
        self._block.__exit__(*exc)

    def __call__(self) -> WordVectors:
        """Return the vectors when they have been read; to be called once, in the block."""
        while self._progress is not None and not self._future.done():
            words, total = self._counts[:]
            self._progress(words, None if total == _UNKNOWN else total)
            wait([self._future], timeout=_INTERVAL)
        vectors = self._future.result()
        self._pool.shutdown(wait=False)
        return vectors


class _Reader:
    """The reading process, which shares its counts of words with the process that started it."""

    counts: ClassVar[SynchronizedArray[int]]

    @classmethod
    def begin(cls, counts: SynchronizedArray[int]) -> None:
        """Prepare the process."""
        cls.counts = counts

    @classmethod
    def read(cls, path: str | Path, limit: int) -> WordVectors:
        """Return the vectors of a file."""

        def report(words: int, total: int | None) -> None:
            cls.counts[:] = [words, _UNKNOWN if total is None else total]

        return read_vectors(path, limit=limit, progress=report)
