"""Training by several processes on this machine."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nertagger import training
from nertagger.config import Config
from nertagger.errors import NerTaggerError
from nertagger.processes import end_with

if TYPE_CHECKING:
    from nertagger.training.loop.workers import Workers


@contextmanager
def local_workers(count: int, wanted: Config | Path) -> Iterator[Workers]:
    """Start the other processes of a training on this machine, and provide this one's view of them all.

    Args:
        count: the number of processes, this one included.
        wanted: the training, which this process begins in the block; or the folder of a run to resume.

    Raises:
        TrainingError: if they cannot be connected.
    """
    addresses = [f"127.0.0.1:{port}" for port in _free_ports(count)]
    context = get_context("spawn")  # a forked process would inherit locks of threads that it does not have
    watched, held = context.Pipe(duplex=False)
    # No pool: its threads would not run while `connect` waits, since TensorFlow keeps Python's lock.
    others = [context.Process(target=_take_part, args=(watched, wanted, addresses, rank)) for rank in range(1, count)]
    try:
        for other in others:
            other.start()
        yield replace(training.connect(addresses, 0), options=f" --processes {count}")
    finally:
        held.close()
        for other in others:  # which have done their part, or wait for this process
            other.kill()


def _take_part(alive: Connection, wanted: Config | Path, addresses: Sequence[str], rank: int) -> None:
    """Train as another process than the first, with which it ends; its warnings would be those of the first again."""
    end_with(alive)
    logging.getLogger().setLevel(logging.ERROR)
    try:
        workers = training.connect(addresses, rank)
        start: Any = training.resume if isinstance(wanted, Path) else training.train
        start(wanted, verbose=False, workers=workers)
    except NerTaggerError as error:
        sys.exit(f"error: {error}")


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]
