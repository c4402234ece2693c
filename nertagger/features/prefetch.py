"""Word vectors read by another process while this one loads TensorFlow, which takes as long."""

from __future__ import annotations

from concurrent.futures import wait
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path
from typing import Any, ClassVar, Self

from nertagger.features.vectors import Progress, WordVectors, read_vectors
from nertagger.processes import worker_pool

_INTERVAL = 0.2  # seconds between looks at how far the other process is
_UNKNOWN = -1


class VectorsAhead:
    """The first `limit` word vectors of a file, on their way while the block runs.

    Raises:
        DataError: from a call, if the file cannot be read.
    """

    def __init__(self, path: str | Path, *, limit: int, progress: Progress | None = None) -> None:
        """Reads nothing before it is entered; `progress` is called, as by `read_vectors`, while a call waits."""
        self._path, self._limit, self._progress = path, limit, progress
        self._told = get_context("spawn").Array("q", [0, _UNKNOWN])
        self._block = ExitStack()

    def __enter__(self) -> Self:
        self._pool = self._block.enter_context(worker_pool(1, begin=partial(_Reader.begin, self._told)))
        self._future = self._pool.submit(_Reader.read, self._path, self._limit)
        return self

    def __exit__(self, *exc: Any) -> None:
        self._block.__exit__(*exc)

    def __call__(self) -> WordVectors:
        """The vectors, once they are read; call it once, in the block."""
        while self._progress is not None and not self._future.done():
            words, total = self._told[:]
            self._progress(words, None if total == _UNKNOWN else total)
            wait([self._future], timeout=_INTERVAL)
        vectors = self._future.result()
        self._pool.shutdown(wait=False)
        return vectors


class _Reader:
    """What the other process knows: where to tell how far it is."""

    told: ClassVar[SynchronizedArray[int]]

    @classmethod
    def begin(cls, told: SynchronizedArray[int]) -> None:
        """Make the process ready."""
        cls.told = told

    @classmethod
    def read(cls, path: str | Path, limit: int) -> WordVectors:
        """The vectors of a file."""

        def tell(words: int, total: int | None) -> None:
            cls.told[:] = [words, _UNKNOWN if total is None else total]

        return read_vectors(path, limit=limit, progress=tell)
