"""Progress of tagging: bytes of all files, and tokens per second."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from time import perf_counter
from typing import Self

from nertagger.cli.common.progress import display, size_of
from nertagger.cli.tagging.job import File, Tagged
from nertagger.files import STANDARD_STREAM, counting_reads
from nertagger.progress.display import is_terminal
from nertagger.progress.records import BYTES

_LONG = 4_000_000  # bytes that surely take longer to tag than the delay of a display


class TaggingProgress:
    """Shows how far the tagging of files is while a block runs; nothing if the output itself is on the terminal."""

    def __init__(self, chunks: Sequence[Sequence[File]], output: str) -> None:
        self._chunks = [[path for path, _ in chunk] for chunk in chunks]
        self._total = size_of([path for chunk in self._chunks for path in chunk])
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
        self._show()  # processes report nothing before the first chunk is done
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def watch(self, parts: Iterable[Iterator[Tagged]], first: int = 0) -> Iterator[Iterator[Tagged]]:
        """Yield the tagged documents of each chunk from number `first` on, as they are."""
        self._done = sum(os.path.getsize(path) for chunk in self._chunks[:first] for path in chunk)
        for part, chunk in zip(parts, self._chunks[first:], strict=True):
            self._read = 0
            yield self._shown(part) if self._display.is_live else part
            self._done += size_of(chunk) or self._read

    def _shown(self, part: Iterator[Tagged]) -> Iterator[Tagged]:
        for tagged in part:
            yield tagged
            self._tokens += sum(map(len, tagged[0].sentences))
            self._show()

    def _show(self) -> None:
        speed = self._tokens / (perf_counter() - self._began)
        text = f"tagging  {self._tokens:,} tokens, {speed:,.0f} tokens/s"
        self._display.show("tagging", text, done=self._done + self._read, total=self._total, unit=BYTES)

    def _count(self, size: int) -> None:
        self._read += size
