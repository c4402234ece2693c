"""Progress of commands: bars on a terminal for what takes a while, lines of training runs elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nertagger.cli.common.messages import is_quiet
from nertagger.files import counting_reads
from nertagger.progress import RunProgress
from nertagger.progress.display import Display
from nertagger.progress.records import BYTES

DELAY = 0.5  # seconds of work before a bar is drawn


def display(*, delay: float | None = None, is_still: bool = False, is_hidden: bool = False) -> Display:
    """Return the display of a command.

    Args:
        delay: seconds of work before a bar is drawn; None for `DELAY`.
        is_still: as for `Display`.
        is_hidden: whether to show nothing, as with ``--quiet``.
    """
    return Display(quiet=is_quiet() or is_hidden, delay=DELAY if delay is None else delay, is_still=is_still)


@contextmanager
def run_progress(*, epoch_lines: bool = True) -> Iterator[RunProgress]:
    """Show training runs while the block runs, beginning with the seconds that it takes to load TensorFlow."""
    with RunProgress(display(delay=0), epoch_lines=epoch_lines) as shown:
        shown.on_stage("loading TensorFlow")
        yield shown


@contextmanager
def reading(paths: Sequence[str], text: str) -> Iterator[None]:
    """Show how much of the files has been read while the block reads them.

    Args:
        paths: all files that the block reads.
        text: what it does: ``reading``, ``converting``.
    """
    with display() as shown:
        if not shown.is_live:
            yield
            return
        total = size_of(paths)
        done = 0

        def count(size: int) -> None:
            nonlocal done
            done += size
            if (
                total is None or done <= total
            ):  # the first lines of a file are read twice if its format is detected from them
                shown.show(text, text, done=done, total=total, unit=BYTES)

        with counting_reads(count):
            yield


def size_of(paths: Sequence[str]) -> int | None:
    """Return the bytes of all files together, None if one is a stream."""
    return sum(map(os.path.getsize, paths)) if all(map(os.path.isfile, paths)) else None
