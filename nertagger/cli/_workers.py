"""The files of `nertagger tag` shared among processes; imported when there are several, for it costs a cold start."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import lru_cache
from io import BufferedWriter
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from nertagger.cli._tagging import File, Found, Job
from nertagger.errors import NerTaggerError
from nertagger.files import NamedFile
from nertagger.runtime import Tagger

_REMEDY = "give fewer --workers if memory is short"


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
    context = get_context("spawn")  # a fork would inherit threads that are not there
    common = (model, threads, logging.getLogger().level)
    watched, held = context.Pipe(duplex=False)
    with (
        TemporaryDirectory(prefix="nertagger-") as folder,
        held,
        ProcessPoolExecutor(workers, context, _watch, (watched, folder)) as pool,
    ):
        targets = [Path(folder) / str(number) for number in range(len(shares))]
        try:
            futures = [
                pool.submit(_tag_into, target, job, files, 0 if number else skip, *common)
                for number, (target, files) in enumerate(zip(targets, shares, strict=True))
            ]
            for future, target in zip(futures, targets, strict=True):
                future.result()
                yield _unpickled(target)
                target.unlink()
        except BrokenProcessPool as error:
            raise NerTaggerError(f"a worker process was ended from outside; {_REMEDY}") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            held.close()  # ends workers that are still at work


def _watch(alive: Connection, folder: str) -> None:
    """Let the process that starts a worker end it, by its own end too; the last ones remove what they wrote."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes of a terminal; one of them answers it

    def wait() -> None:
        with suppress(EOFError):
            alive.recv()
        rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _tag_into(target: Path, job: Job, files: list[File], skip: int, model: Path, threads: int, level: int) -> None:
    tagger = _ready(model, threads, level)
    with BufferedWriter(NamedFile(target, "wb")) as stream:
        for found in job.run(tagger, files, skip):
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
