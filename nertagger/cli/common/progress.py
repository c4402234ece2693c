"""Where the commands show progress: bars on a terminal for what takes a while, lines of training runs elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Self

from nertagger.cli.common.messages import is_quiet
from nertagger.files import STANDARD_STREAM, counting_reads
from nertagger.progress import RunProgress
from nertagger.progress.display import BYTES, Display, is_terminal

if TYPE_CHECKING:
    from nertagger.cli.common.tagging import File, Found

DELAY = 0.5  # seconds of work that no bar is drawn for
_LONG = 4_000_000  # bytes that surely take longer to tag


def display(*, delay: float | None = None, is_still: bool = False, is_hidden: bool = False) -> Display:
    """The display of a command; see `Display`."""
    return Display(quiet=is_quiet() or is_hidden, delay=DELAY if delay is None else delay, is_still=is_still)


@contextmanager
def run_progress(*, epoch_lines: bool = True) -> Iterator[RunProgress]:
    """What shows training runs, from the seconds on that it takes to load TensorFlow."""
    with RunProgress(display(delay=0), epoch_lines=epoch_lines) as shown:
        shown.on_stage("loading TensorFlow")
        yield shown


@contextmanager
def reading(paths: Sequence[str], text: str) -> Iterator[None]:
    """Show how much of files has been read while the block reads them.

    Args:
        paths: of all files.
        text: what is done: ``reading``, ``converting``.
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
            if total is None or done <= total:  # a file may be read twice, its beginning to tell the format
                shown.show(text, text, done=done, total=total, unit=BYTES)

        with counting_reads(count):
            yield


class Tagging:
    """Shows how far the tagging of files is, for the length of a block: bytes of all files, and tokens per second."""

    def __init__(self, shares: Sequence[Sequence[File]], output: str) -> None:
        """Shows nothing where the output itself is on the terminal."""
        self._shares = shares
        self._total = size_of([path for share in shares for path, _ in share])
        is_long = (self._total or 0) > _LONG
        is_hidden = output == STANDARD_STREAM and is_terminal(sys.stdout)
        self._display = display(delay=0 if is_long else None, is_hidden=is_hidden)
        self._tokens = self._done = self._read = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self._display.is_live:
                stack.enter_context(counting_reads(self._count))
            stack.enter_context(self._display)
            self._stack = stack.pop_all()
        self._began = perf_counter()
        self._show()  # --workers have nothing to tell before the first share is done
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def watch(self, parts: Iterable[Iterator[Found]], first: int = 0) -> Iterator[Iterator[Found]]:
        """What is found in each share from the `first` on, as it is."""
        self._done = size_of([path for share in self._shares[:first] for path, _ in share]) or 0
        for part, share in zip(parts, self._shares[first:], strict=True):
            self._read = 0
            yield self._shown(part) if self._display.is_live else part
            self._done += size_of([path for path, _ in share]) or self._read

    def _shown(self, part: Iterator[Found]) -> Iterator[Found]:
        for found in part:
            yield found
            self._tokens += sum(map(len, found[0].sentences))
            self._show()

    def _show(self) -> None:
        speed = self._tokens / (perf_counter() - self._began)
        text = f"tagging  {self._tokens:,} tokens, {speed:,.0f} tokens/s"
        self._display.show("tagging", text, done=self._done + self._read, total=self._total, unit=BYTES)

    def _count(self, size: int) -> None:
        self._read += size


def size_of(paths: Sequence[str]) -> int | None:
    """The bytes of all files together; None if there is one whose size is not known before it is read."""
    return sum(map(os.path.getsize, paths)) if all(map(os.path.isfile, paths)) else None
