"""Where tagged pieces go: a stream, a file or a file per input that can be resumed, or a format written as a whole."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO

from nertagger.cli.tagging.job import Tagged
from nertagger.cli.tagging.outputs.encoders import packed_into, read_pickled
from nertagger.cli.tagging.outputs.rejects import RejectsFile
from nertagger.cli.tagging.outputs.tables import TableHead
from nertagger.cli.tagging.work import Result
from nertagger.files import STANDARD_STREAM, atomic_write, atomic_write_text, is_remote, upload


class Output(Protocol):
    """Takes the results of all pieces."""

    def write(self, results: Iterator[Result]) -> None:
        """Write them, in order."""


class StreamOutput:
    """Standard output, a device, or a file that appears when all is tagged."""

    def __init__(self, path: str, suffix: str, head: TableHead, rejects: RejectsFile) -> None:
        self._path, self._suffix, self._head, self._rejects = path, suffix, head, rejects

    def write(self, results: Iterator[Result]) -> None:
        """Write the results as they come."""
        self._rejects.open(0)
        with _opened(self._path) as target:
            is_empty = True
            for result in results:
                beginning = self._head.of(result.piece.segments, is_first=is_empty)
                with packed_into(target, self._suffix if beginning else "") as packed:
                    packed.write(beginning)
                shutil.copyfileobj(result.encoded, target)
                target.flush()
                is_empty = is_empty and not beginning and not sum(result.outcome.sizes)
                self._rejects.write(result.outcome.rejects)
            if is_empty and self._suffix:
                with packed_into(target, self._suffix):
                    pass


class WholeOutput:
    """A format that is written as a whole."""

    def __init__(self, path: str, save: Callable[[str, Iterator[Tagged]], None], rejects: RejectsFile) -> None:
        self._path, self._save, self._rejects = path, save, rejects

    def write(self, results: Iterator[Result]) -> None:
        """Write the documents of all results."""
        self._rejects.open(0)
        self._save(self._path, chain.from_iterable(self._documents(results)))

    def _documents(self, results: Iterable[Result]) -> Iterator[Iterator[Tagged]]:
        for result in results:
            yield read_pickled(result.encoded)
            self._rejects.write(result.outcome.rejects)


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """Open an output for bytes; a terminal shows control characters escaped."""
    if path == STANDARD_STREAM and sys.stdout is not None and sys.stdout.isatty():
        with atomic_write_text(path) as text:
            yield io.BufferedWriter(_Printed(text))
        return
    with atomic_write(path) as stream:
        yield stream


@contextmanager
def uploaded(path: str) -> Iterator[str]:
    """Yield the path, or that of a temporary file which is copied to a remote path when the block ends."""
    if not is_remote(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="nertagger-") as folder:
        local = os.path.join(folder, path.rpartition("/")[2] or "output")
        yield local
        upload(Path(local), path)


class _Printed(io.RawIOBase):
    """Bytes of complete UTF-8 records, written to a stream of text."""

    def __init__(self, text: TextIO) -> None:
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        content = bytes(data)  # type: ignore[call-overload]
        self._text.write(content.decode(errors="replace"))
        self._text.flush()
        return len(content)
