"""Chunks of files tagged by several processes; imported when there are several, because it slows down a cold start."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from nertagger.cli.common.messages import is_quiet, start_logging
from nertagger.cli.tagging.job import File, Job, Tagged
from nertagger.cli.tagging.rules import RuleOptions
from nertagger.files import naming
from nertagger.processes import worker_pool
from nertagger.rules import Rules
from nertagger.runtime import Tagger


class Loading(NamedTuple):
    """What every process loads.

    Attributes:
        model: the model.
        threads: number of threads of each process, as for `Tagger.load`.
        rules: names and patterns beside the model.
    """

    model: str
    threads: int
    rules: RuleOptions


def run_in_processes(
    job: Job, chunks: Sequence[list[File]], load: Loading, *, workers: int, skip: int = 0
) -> Iterator[Iterator[Tagged]]:
    """Yield what `job.run` yields for each chunk, in order; the processes tag into temporary files.

    Args:
        job: how to read and tag.
        chunks: the files.
        load: the tagger of every process.
        workers: number of processes.
        skip: how many of the first documents to leave out.
    """
    common = (load, is_quiet())
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


def _tag_into(target: Path, job: Job, files: list[File], skip: int, load: Loading, quiet: bool) -> None:
    tagger = _load(load, quiet)
    with naming(target), target.open("wb") as stream:
        for tagged in job.run(tagger, files, skip):
            pickle.dump(tagged, stream, pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def _load(load: Loading, quiet: bool) -> Tagger:
    """Load the tagger of this process, which logs as the process that started it does."""
    start_logging(quiet=quiet)
    for warned in (Tagger.__module__, Rules.__module__):  # the process that started this one has warned
        logging.getLogger(warned).setLevel(logging.ERROR)
    return Tagger.load(load.model, threads=load.threads).with_rules(load.rules.read())


def _unpickled(path: Path) -> Iterator[Tagged]:
    with path.open("rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)
