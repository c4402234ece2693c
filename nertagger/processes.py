"""Worker processes that end with this one, however it ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from shutil import rmtree

from nertagger.errors import NerTaggerError


@contextmanager
def worker_pool(
    workers: int, *, folder: str = "", begin: Callable[[], None] | None = None
) -> Iterator[ProcessPoolExecutor]:
    """Open a pool of processes that end with the block, even in the middle of work, or if this process is killed.

    Args:
        workers: the number of processes.
        folder: the folder of their files, which they remove if this process cannot.
        begin: a function that each of them calls first.

    Raises:
        NerTaggerError: if one of them is killed.
    """
    context = get_context("spawn")  # a forked process would inherit locks of threads that it does not have
    watched, held = context.Pipe(duplex=False)
    with watched, ProcessPoolExecutor(workers, context, _watch, (watched, folder, begin)) as pool:
        try:
            yield pool
        except BrokenProcessPool as error:
            problem = "a worker process was killed from outside, or for lack of memory"
            raise NerTaggerError(f"{problem}; try again, with fewer at a time") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            held.close()


def _watch(alive: Connection, folder: str, begin: Callable[[], None] | None) -> None:
    end_with(alive, folder=folder)
    if begin is not None:
        begin()


def end_with(alive: Connection, *, folder: str = "") -> None:
    """Make this process end when the other end of a pipe is closed, at the latest by the end of its holder.

    Args:
        alive: this end of the pipe.
        folder: the folder of its files, which it removes then.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes of a terminal; the parent handles it

    def wait() -> None:
        with suppress(EOFError, OSError):
            alive.recv()
        if folder:
            rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
