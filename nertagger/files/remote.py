"""Files on object stores and other remote file systems, named ``s3://bucket/name``, through fsspec."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from nertagger.errors import DataError, NerTaggerError, one_line, requires_extra

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_OF_THIS_PROCESS = "memory://"
_BUFFER_BYTES = 1 << 20


def is_remote(path: str | Path) -> bool:
    """Return whether a path names a file system, as in ``s3://bucket/name``."""
    return isinstance(path, str) and _SCHEME.match(path) is not None


def is_of_this_process(path: str) -> bool:
    """Return whether only this process has the file: other processes have another memory."""
    return path.startswith(_OF_THIS_PROCESS)


def open_remote(path: str) -> io.BufferedReader:
    """Return the bytes of a remote file.

    Raises:
        DataError: if it cannot be read.
        MissingExtraError: if fsspec is not installed.
    """
    with _reported(path, "read"):
        system, name = _located(path)
        return io.BufferedReader(cast(io.RawIOBase, _Read(system.open(name, "rb"), path)), _BUFFER_BYTES)


def find_remote(path: str) -> list[str]:
    """Return the files that a remote path names, sorted: a file, all files in a folder, or the matches of a pattern.

    Raises:
        DataError: if there is none.
    """
    with _reported(path, "read"):
        system, name = _located(path)
        if system.isfile(name):
            return [path]
        names = system.find(name) if system.isdir(name) else [one for one in system.glob(name) if system.isfile(one)]
        found = sorted(names)
    if not found:
        raise DataError("there is no such file or folder", path=path)
    return [system.unstrip_protocol(one) for one in found]


def remote_size(path: str) -> int | None:
    """Return the size of a remote file in bytes, or None if its file system does not say."""
    with _reported(path, "read"):
        system, name = _located(path)
        size = system.info(name).get("size")
    return size if isinstance(size, int) else None


def upload(local: Path, path: str) -> None:
    """Copy a local file to a remote path, where it appears as a whole on object stores.

    Raises:
        NerTaggerError: if it cannot be written.
    """
    with _reported(path, "written"):
        system, name = _located(path)
        if name.startswith("/"):  # else it begins with a bucket of an object store, which has no folders to make
            system.makedirs(system._parent(name), exist_ok=True)
        system.put_file(str(local), name)


class _Read(io.RawIOBase):
    """A remote file whose errors have its name."""

    def __init__(self, file: Any, path: str) -> None:
        self._file, self._path = file, path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:
        with _reported(self._path, "read"):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _located(path: str) -> tuple[Any, str]:
    """Return the file system of a path, and the path in it."""
    with requires_extra("a path with ://", "remote"):
        from fsspec.core import url_to_fs
    system, name = url_to_fs(path)
    return system, name


@contextmanager
def _reported(path: str, verb: str) -> Iterator[None]:
    """Turn what file systems raise, which can be of any class, into a DataError with the path."""
    try:
        yield
    except (NerTaggerError, BrokenPipeError):
        raise
    except ImportError as error:
        scheme = path.partition("://")[0]
        raise DataError(f"the package for {scheme}:// is not installed: {one_line(error)}", path=path) from error
    except Exception as error:
        raise DataError(f"cannot be {verb}: {one_line(error)}", path=path) from error
