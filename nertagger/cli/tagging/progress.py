"""Progress of tagging: bytes of all files, and tokens per second."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from time import perf_counter
from typing import Self

from nertagger.cli.common.progress import display, size_of
from nertagger.cli.tagging.work import Result
from nertagger.files import STANDARD_STREAM
from nertagger.progress.display import is_terminal
from nertagger.progress.records import BYTES

_LONG = 4_000_000  # bytes that surely take longer to tag than the delay of a display


class TaggingProgress:
    """Shows how far the tagging of files is while a block runs; nothing if the output itself is on the terminal."""

    def __init__(self, paths: Sequence[str], output: str) -> None:
        is_hidden = output == STANDARD_STREAM and is_terminal(sys.stdout)
        self._display = display(is_hidden=is_hidden)
        self._total = size_of(paths) if self._display.is_live else None
        if (self._total or 0) > _LONG:
            self._display = display(delay=0, is_hidden=is_hidden)
        self._tokens = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._display)
            self._stack = stack.pop_all()
        self._began = perf_counter()
        self._show(0)  # nothing is reported before the first piece is done
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def watch(self, results: Iterator[Result]) -> Iterator[Result]:
        """Yield the results as they are."""
        for result in results:
            yield result
            self._tokens += result.outcome.tokens
            self._show(result.piece.read)

    def _show(self, read: int) -> None:
        speed = self._tokens / (perf_counter() - self._began)
        text = f"tagging  {self._tokens:,} tokens, {speed:,.0f} tokens/s"
        self._display.show("tagging", text, done=min(read, self._total or read), total=self._total, unit=BYTES)
