"""Bars and lines on standard error, drawn by Rich, which is imported when the first bar is drawn."""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any, Self, TextIO, TypeVar

from nertagger.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

_T = TypeVar("_T")
_INTERVAL = 0.1  # seconds between two updates of a row: some work reports progress a hundred thousand times per second


def is_watched() -> bool:
    """Return whether progress can be seen: standard error is a terminal, or this is a notebook."""
    return not _is_worker() and (is_terminal(sys.stderr) or _is_notebook())


class Display:
    """Rows of progress with a bar each, shown while a block runs, and lines of text above them.

    Rows are drawn only on a terminal or in a notebook; lines are always written to standard error.
    """

    def __init__(
        self, *, live: bool | None = None, quiet: bool = False, delay: float = 0.0, is_still: bool = False
    ) -> None:
        """
        Args:
            live: whether to draw rows; None to draw them in a terminal or notebook only.
            quiet: whether to show neither rows nor lines.
            delay: seconds before the first row is drawn, so that quick work shows none.
            is_still: whether rows are drawn only when they change, so as not to disturb measurements.
        """
        self.is_live = not quiet and (is_watched() if live is None else live)
        self._quiet, self._delay, self._is_still = quiet, delay, is_still
        self._progress: Progress | None = None
        self._rows: dict[str, TaskID] = {}
        self._updated: dict[str, float] = {}
        self._handlers: list[logging.StreamHandler[Any]] = []
        self._lock = RLock()

    def __enter__(self) -> Self:
        self._began = monotonic()
        return self

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            self.is_live = False
            if self._progress is not None:
                self._progress.stop()
                self._progress = None
            for handler in self._handlers:
                handler.setStream(sys.stderr)
            self._handlers.clear()

    def show(self, row: str, text: str, *, done: float = 0, total: float | None = None, unit: str = "") -> None:
        """Draw a new row below the others, or update a row.

        Args:
            row: the name of the row.
            text: the text before the bar.
            done: how much of the work is done.
            total: how much work there is; None if that is not known.
            unit: the unit of both, `BYTES` or a noun.
        """
        if not self.is_live or self._is_too_soon(row, is_last=done == total):
            return
        with self._lock:
            progress = self._started()
            if progress is None:
                return
            text = printable(text)
            if row not in self._rows:
                self._rows[row] = progress.add_task(text, completed=int(done), total=total, unit=unit)  # is drawn
                return
            progress.update(self._rows[row], description=text, completed=done, total=total, unit=unit)
            if self._is_still:
                progress.refresh()

    def hide(self, row: str) -> None:
        """Remove a row, if it is shown; its clock starts again when it is shown again."""
        with self._lock:
            self._updated.pop(row, None)
            task = self._rows.pop(row, None)
            if task is not None and self._progress is not None:
                self._progress.remove_task(task)

    def line(self, text: str) -> None:
        """Write a line above the rows, unless quiet."""
        if self._quiet:
            return
        text = printable(text)
        with self._lock:
            if self._progress is not None:
                _print_above(self._progress.console, text)
            elif sys.stderr is not None:
                sys.stderr.write(f"{text}\n")
                sys.stderr.flush()

    def each(self, text: str, items: Collection[_T], *, unit: str = "") -> Iterator[_T]:
        """Yield the items with a row that counts them, which is removed after the last."""
        for done, item in enumerate(items):
            self.show(text, text, done=done, total=len(items), unit=unit)
            yield item
        self.hide(text)

    def _is_too_soon(self, row: str, *, is_last: bool) -> bool:
        now = monotonic()
        if now - self._began < self._delay:
            return True
        if not is_last and now - self._updated.get(row, -_INTERVAL) < _INTERVAL:
            return True
        self._updated[row] = now
        return False

    def _started(self) -> Progress | None:
        """Return what draws the rows, or None if they cannot be drawn here, which turns rows off."""
        if self._progress is None:
            progress = self._make_bars()
            if progress is None:
                self.is_live = False
                return None
            progress.start()
            self._progress = progress
            self._redirect_logging(progress.console)
        return self._progress

    def _make_bars(self) -> Progress | None:
        """Return a table of rows for a notebook or terminal; None if this terminal cannot move its cursor."""
        from nertagger.progress.bars import bar_columns, make_bars

        if _is_notebook():
            from nertagger.progress.notebook import NotebookBars

            self._is_still = True  # only what this thread displays is shown below the cell that runs
            return NotebookBars(*bar_columns())
        bars = make_bars(auto_refresh=not self._is_still)
        return bars if bars.console.is_terminal and not bars.console.is_dumb_terminal else None

    def _redirect_logging(self, console: Console) -> None:
        """Print what is logged to standard error above the rows, which would be drawn over it otherwise."""
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                handler.setStream(_Above(console))
                self._handlers.append(handler)


class _Above:
    """A stream whose lines are printed above the rows."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, text: str) -> None:
        """Print one or more complete lines."""
        _print_above(self._console, text.removesuffix("\n"))

    def flush(self) -> None:
        """Do nothing: what is written has been shown."""


def _print_above(console: Console, text: str) -> None:
    """Print text unchanged: no markup, no colours, and long lines for the terminal to wrap."""
    from nertagger.progress.bars import Verbatim

    console.print(Verbatim(text), crop=False)


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a standard stream, None if the process has none, is a terminal."""
    with suppress(ValueError):  # a closed stream
        return stream is not None and stream.isatty()
    return False


def _is_worker() -> bool:
    """Return whether another process started this one as a worker, which may share its terminal."""
    process = sys.modules.get("multiprocessing.process")  # loaded in every worker
    return process is not None and process.parent_process() is not None


def _is_notebook() -> bool:
    if "ipykernel" not in sys.modules:
        return False
    from rich.console import Console

    return Console(stderr=True).is_jupyter
