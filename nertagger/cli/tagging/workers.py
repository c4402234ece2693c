"""Pieces tagged by several processes; imported when there are several, because it slows down a cold start."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from nertagger.cli.common.messages import is_quiet, start_logging
from nertagger.cli.tagging.job import Job, TaggerChoice
from nertagger.cli.tagging.outputs.encoders import Encoder
from nertagger.cli.tagging.pieces import Piece
from nertagger.cli.tagging.work import Outcome, Result, tag_piece
from nertagger.files import naming
from nertagger.processes import worker_pool
from nertagger.rules import Rules
from nertagger.runtime import Tagger

_WAITING = 2  # pieces for each process, so that none waits for the slowest


@dataclass(frozen=True)
class Work:
    """What all processes do.

    Attributes:
        job: how to read and tag.
        choice: the tagger, which every process loads.
        encoder: writes the output.
        is_apart: whether each segment has an output of its own.
        is_quiet: whether only errors are logged.
    """

    job: Job
    choice: TaggerChoice
    encoder: Encoder
    is_apart: bool
    is_quiet: bool


def run_in_processes(
    pieces: Iterator[Piece], job: Job, choice: TaggerChoice, encoder: Encoder, *, workers: int, is_apart: bool
) -> Iterator[Result]:
    """Yield the results of pieces, in order; the processes write into temporary files.

    A bounded number of pieces is read ahead.
    """
    work = Work(job, choice, encoder, is_apart, is_quiet())
    waiting: deque[tuple[Piece, Path, Future[Outcome]]] = deque()
    with TemporaryDirectory(prefix="nertagger-") as folder, worker_pool(workers, folder=folder) as pool:
        for number, piece in enumerate(pieces):
            target = Path(folder) / str(number)
            waiting.append((piece, target, pool.submit(_tag_into, target, piece, work)))
            if len(waiting) > _WAITING * workers:
                yield from _result(*waiting.popleft())
        while waiting:
            yield from _result(*waiting.popleft())


def _result(piece: Piece, target: Path, future: Future[Outcome]) -> Iterator[Result]:
    outcome = future.result()
    with target.open("rb") as encoded:
        yield Result(piece, outcome, encoded)
    target.unlink()


def _tag_into(target: Path, piece: Piece, work: Work) -> Outcome:
    tagger = _load(work.choice, work.is_quiet)
    with naming(target), target.open("wb") as stream:
        return tag_piece(piece, work.job, tagger, work.encoder, stream, is_apart=work.is_apart)


@lru_cache(maxsize=1)
def _load(choice: TaggerChoice, quiet: bool) -> Tagger:
    """Load the tagger of this process, which logs as the process that started it does."""
    start_logging(quiet=quiet)
    for warned in (Tagger.__module__, Rules.__module__):  # the process that started this one has warned
        logging.getLogger(warned).setLevel(logging.ERROR)
    return choice.load()
