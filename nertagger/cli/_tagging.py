"""Files to tagged documents, in this process or shared among several.

Files are taken in shares, each tagged by itself: what is in a batch together, which touches the last bits of a number,
then depends on the files alone, and any number of processes writes the same bytes.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from nertagger.corpus import read_documents
from nertagger.files import STANDARD_STREAM
from nertagger.runtime import Tagger
from nertagger.runtime.predictions import Details
from nertagger.text.document import Document

File = tuple[str, str]
"""A path and how to read it."""
Found = tuple[Document, list[Details]]
_SHARE_BYTES = 1 << 20


@dataclass(frozen=True)
class Job:
    """How to read and tag files; the fields are the options of `nertagger tag`."""

    encoding: str | None
    word_column: int | None
    lenient: bool
    confidence: float
    n_best: int
    posteriors: bool

    def run(self, tagger: Tagger, files: Iterable[File]) -> Iterator[Found]:
        """The tagged documents of the files, in order, with their details if any are asked for."""
        documents = chain.from_iterable(self._read(path, name) for path, name in files)
        if self.n_best or self.posteriors:
            return tagger.tag_in_detail(
                documents, n_best=self.n_best, posteriors=self.posteriors, min_confidence=self.confidence
            )
        return ((document, []) for document in tagger.tag_documents(documents, min_confidence=self.confidence))

    def _read(self, path: str, name: str) -> Iterator[Document]:
        return read_documents(
            path, format=name, encoding=self.encoding, word_column=self.word_column, lenient=self.lenient
        )


def share(files: Iterable[File]) -> list[list[File]]:
    """The files in lists of neighbours, each list of a megabyte or a little more."""
    shares: list[list[File]] = []
    size = _SHARE_BYTES
    for path, name in files:
        if size >= _SHARE_BYTES:
            shares.append([])
            size = 0
        shares[-1].append((path, name))
        size += os.path.getsize(path) if path != STANDARD_STREAM else 0
    return shares


def run_in_processes(
    job: Job, shares: Sequence[list[File]], model: Path, *, workers: int, threads: int
) -> Iterator[Found]:
    """What `job.run` finds in each share, in order; processes of their own tag into temporary files.

    Args:
        job: how to read and tag.
        shares: the files.
        model: the model file, which every process loads.
        workers: how many processes.
        threads: of each, as of `Tagger.load`.
    """
    context = get_context("spawn")  # a fork would inherit threads that are not there
    common = (model, threads, logging.getLogger().level)
    with TemporaryDirectory(prefix="nertagger-") as folder, ProcessPoolExecutor(workers, mp_context=context) as pool:
        targets = [Path(folder) / str(number) for number in range(len(shares))]
        futures = [
            pool.submit(_tag_into, target, job, files, *common) for target, files in zip(targets, shares, strict=True)
        ]
        try:
            for future, target in zip(futures, targets, strict=True):
                future.result()
                yield from _unpickled(target)
                target.unlink()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _tag_into(target: Path, job: Job, files: list[File], model: Path, threads: int, level: int) -> None:
    tagger = _ready(model, threads, level)
    with target.open("wb") as stream:
        for found in job.run(tagger, files):
            pickle.dump(found, stream, pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def _ready(model: Path, threads: int, level: int) -> Tagger:
    """The tagger of this process, whose messages look like those of the process that started it."""
    from nertagger.cli import set_up_logging

    set_up_logging(quiet=level >= logging.ERROR)
    return Tagger.load(model, threads=threads)


def _unpickled(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)
