"""The files of `nertagger tag` shared among processes; imported when there are several, for it costs a cold start."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from nertagger.cli.common.messages import start_logging
from nertagger.cli.common.tagging import File, Found, Job
from nertagger.files import naming
from nertagger.processes import worker_pool
from nertagger.runtime import Tagger


def run_in_processes(
    job: Job, shares: Sequence[list[File]], model: Path, *, workers: int, threads: int, skip: int = 0
) -> Iterator[Iterator[Found]]:
    """What `job.run` finds in each share, in order; processes of their own tag into temporary files.

    Args:
        job: how to read and tag.
        shares: the files.
        model: the model file, which every process loads.
        workers: how many processes.
        threads: of each, as of `Tagger.load`.
        skip: how many of the first documents to leave out.
    """
    common = (model, threads, logging.getLogger().level)
    with TemporaryDirectory(prefix="nertagger-") as folder, worker_pool(workers, folder=folder) as pool:
        targets = [Path(folder) / str(number) for number in range(len(shares))]
        futures = [
            pool.submit(_tag_into, target, job, files, 0 if number else skip, *common)
            for number, (target, files) in enumerate(zip(targets, shares, strict=True))
        ]
        for future, target in zip(futures, targets, strict=True):
            future.result()
            yield _unpickled(target)
            target.unlink()


def _tag_into(target: Path, job: Job, files: list[File], skip: int, model: Path, threads: int, level: int) -> None:
    tagger = _ready(model, threads, level)
    with naming(target), target.open("wb") as stream:
        for found in job.run(tagger, files, skip):
            pickle.dump(found, stream, pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def _ready(model: Path, threads: int, level: int) -> Tagger:
    """The tagger of this process, whose messages look like those of the process that started it."""
    start_logging(quiet=level >= logging.ERROR)
    logging.getLogger(Tagger.__module__).setLevel(logging.ERROR)  # the process that started this one has warned
    return Tagger.load(model, threads=threads)


def _unpickled(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)
