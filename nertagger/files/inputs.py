"""Files and standard input opened as bytes, with their reads counted and pipes read only once."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, cast

from nertagger.errors import DataError
from nertagger.files.paths import STANDARD_STREAM, naming
from nertagger.files.remote import is_remote, open_remote

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_COUNT: ContextVar[Callable[[int], None] | None] = ContextVar("_COUNT", default=None)  # of `counting_reads`
_GIVEN: ContextVar[tuple[str, io.BufferedReader] | None] = ContextVar("_GIVEN", default=None)
_PIPES_READ: set[tuple[int, int]] = set()
"""Device and inode of the unnamed pipes that this process has read: it cannot open them a second time."""


@contextmanager
def given(path: str, stream: io.BufferedReader) -> Iterator[None]:
    """Let the block open `path` as this stream: a file inside an archive, which has no path of its own."""
    token = _GIVEN.set((path, stream))
    try:
        yield
    finally:
        _GIVEN.reset(token)


@contextmanager
def counting_reads(count: Callable[[int], None]) -> Iterator[None]:
    """Call `count` with the size of each piece that the block reads from a file, in bytes as they are on the disk."""
    token = _COUNT.set(count)
    try:
        yield
    finally:
        _COUNT.reset(token)


def open_input(path: str | Path) -> io.BufferedReader:
    """Return the bytes of a file, as they are on the disk; ``-`` is standard input, ``s3://...`` a remote file.

    Raises:
        DataError: if the file is absent, a folder, unreadable, or a pipe that was read before.
    """
    if (one := _GIVEN.get()) is not None and one[0] == path:
        return one[1]
    if is_remote(path):
        return open_remote(str(path))
    try:
        raw = _standard_input() if str(path) == STANDARD_STREAM else _opened(path)
    except IsADirectoryError as error:
        raise DataError("is a folder", path=path, expected="a file", remedy="name the file in it") from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path) from error
    if _was_read(raw, path):
        if str(path) != STANDARD_STREAM:
            raw.close()
        raise DataError("can be read once only, and was read already", path=path, remedy="save it as a file")
    return raw


class _CountedFile(io.FileIO):
    """A file that reports its reads to `counting_reads`.

    Its errors have its name: without one they would be taken for errors of the file that is being written. It has no
    `write`: one in Python would write bytes twice if Ctrl-C came between the system's write and the buffer's record of
    it.
    """

    def readinto(self, buffer: WriteableBuffer) -> int:
        with naming(str(self.name)):
            return self._counted(super().readinto(buffer))

    def readall(self) -> bytes:
        with naming(str(self.name)):
            content = super().readall()
        self._counted(len(content))
        return content

    @staticmethod
    def _counted(size: int) -> int:
        if (count := _COUNT.get()) is not None:
            count(size)
        return size


def _standard_input() -> io.BufferedReader:
    if sys.stdin is None:
        raise DataError("standard input is closed", path=STANDARD_STREAM, remedy="name a file")
    return cast(io.BufferedReader, sys.stdin.buffer)


def _opened(path: str | Path) -> io.BufferedReader:
    return cast(io.BufferedReader, io.BufferedReader(_CountedFile(path)))


def _was_read(raw: io.BufferedReader, path: str | Path) -> bool:
    """Return whether an earlier reader has consumed an unnamed pipe, which this one would find empty."""
    try:
        status = os.fstat(raw.fileno())
    except (OSError, ValueError):  # a stream in memory
        return False
    if os.path.exists(os.path.realpath(path)) or not (stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode)):
        return False
    pipe = (status.st_dev, status.st_ino)
    before = pipe in _PIPES_READ
    _PIPES_READ.add(pipe)
    return before
