"""Chunks of files tagged by several processes; imported when there are several, because it slows down a cold start."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from nertagger.cli.common.messages import is_quiet, start_logging
from nertagger.cli.tagging.job import File, Job, Tagged
from nertagger.files import naming
from nertagger.processes import worker_pool
from nertagger.runtime import Tagger


def run_in_processes(
    job: Job, chunks: Sequence[list[File]], model: str, *, workers: int, threads: int, skip: int = 0
) -> Iterator[Iterator[Tagged]]:
    """Yield what `job.run` yields for each chunk, in order; the processes tag into temporary files.

    Args:
        job: how to read and tag.
        chunks: the files.
        model: the model, which every process loads.
        workers: number of processes.
        threads: number of threads of each process, as for `Tagger.load`.
        skip: how many of the first documents to leave out.
    """
    common = (model, threads, is_quiet())
    with TemporaryDirectory(prefix="nertagger-") as folder, worker_pool(workers, folder=folder) as pool:
        targets = [Path(folder) / str(number) for number in range(len(chunks))]
        futures = [
            pool.submit(_tag_into, target, job, files, 0 if number else skip, *common)
            for number, (target, files) in enumerate(zip(targets, chunks, strict=True))
        ]
        for future, target in zip(futures, targets, strict=True):
            future.result()
            yield _unpickled(target)
            target.unlink()


def _tag_into(target: Path, job: Job, files: list[File], skip: int, model: str, threads: int, quiet: bool) -> None:
    tagger = _load(model, threads, quiet)
    with naming(target), target.open("wb") as stream:
        for tagged in job.run(tagger, files, skip):
            pickle.dump(tagged, stream, pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def _load(model: str, threads: int, quiet: bool) -> Tagger:
    """Load the tagger of this process, which logs as the process that started it does."""
    start_logging(quiet=quiet)
    logging.getLogger(Tagger.__module__).setLevel(logging.ERROR)  # the process that started this one has warned
    return Tagger.load(model, threads=threads)


def _unpickled(path: Path) -> Iterator[Tagged]:
    with path.open("rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)
