"""Zip and tar archives read member by member, without unpacking them to the disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from nertagger.errors import DataError, one_line
from nertagger.files.compression import bounded
from nertagger.files.inputs import open_input
from nertagger.files.paths import STANDARD_STREAM
from nertagger.files.reading import open_binary

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_DAMAGES = (zipfile.BadZipFile, tarfile.TarError, NotImplementedError, RuntimeError, EOFError, zlib.error, ValueError)


def open_members(path: str) -> Iterator[tuple[str, io.BufferedReader]]:
    """Yield the files in an archive, in its order: ``ARCHIVE/NAME`` and the bytes, to be read before the next.

    Folders, links and hidden files are left out, as are those that macOS adds.

    Raises:
        DataError: if there is none, or the archive is damaged, encrypted, or compressed better than any text.
    """
    members = _of_zip(path) if path.lower().endswith(".zip") else _of_tar(path)
    is_empty = True
    try:
        for member in members:
            is_empty = False
            yield member
    except _DAMAGES as error:
        problem = f"the archive cannot be read: {one_line(error)}"
        raise DataError(problem, path=path, remedy="unpack it first, or fetch it again") from error
    if is_empty:
        raise DataError("there is no file in this archive", path=path)


def _of_zip(path: str) -> Iterator[tuple[str, io.BufferedReader]]:
    raw = open_input(path)
    try:
        if path == STANDARD_STREAM or not raw.seekable():
            raise DataError("a zip archive cannot be read from a stream", path=path, remedy="save it as a file")
        with zipfile.ZipFile(raw) as archive:
            for member in archive.infolist():
                name = f"{path}/{member.filename}"
                if member.is_dir() or _is_hidden(member.filename):
                    continue
                with archive.open(member) as content:
                    yield name, bounded(cast(io.RawIOBase, content), member.compress_size, name)
    finally:
        raw.close()


def _of_tar(path: str) -> Iterator[tuple[str, io.BufferedReader]]:
    with open_binary(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() and not _is_hidden(member.name) else None
            if content is not None:
                yield f"{path}/{member.name}", io.BufferedReader(_Member(content))


class _Member(io.RawIOBase):
    """A file in a tar archive, read once from its beginning to its end."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._content.read(len(view))
        view[: len(data)] = data
        return len(data)


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part not in (".", "..") for part in parts) or "__MACOSX" in parts
