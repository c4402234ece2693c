"""The files of `nertagger tag` shared among processes; imported when there are several, for it costs a cold start."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from nertagger.cli._tagging import File, Found, Job
from nertagger.runtime import Tagger


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
    logging.getLogger(Tagger.__module__).setLevel(logging.ERROR)  # the process that started this one has warned
    return Tagger.load(model, threads=threads)


def _unpickled(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)
