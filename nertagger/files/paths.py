"""Paths: of folders to make, of streams that can be read only once, and the suffix that names a format."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nertagger.errors import NerTaggerError

STANDARD_STREAM = "-"
COMPRESSED_SUFFIXES = (".gz", ".xz", ".bz2", ".zst")

_ARCHIVES = (".zip", ".tar", ".tgz", ".txz", ".tbz2", ".tzst", *(f".tar{suffix}" for suffix in COMPRESSED_SUFFIXES))


def is_archive(path: str | Path) -> bool:
    """Return whether a name is that of an archive: .zip, .tar, .tar.gz, .tgz and so on."""
    return str(path).lower().endswith(_ARCHIVES)


def base_suffix(path: str | Path) -> str:
    """Return the suffix that names the format, in lower case, without compression: ``.conll`` of ``a.conll.gz``."""
    name = Path(path)
    if name.suffix.lower() in COMPRESSED_SUFFIXES:
        name = name.with_suffix("")
    return name.suffix.lower()


def plain_path(path: str | Path) -> str:
    """Return the absolute path without the suffix of a compression: ``/data/a.conll`` of ``a.conll.gz``."""
    name = Path(path)
    return os.path.abspath(name.with_suffix("") if name.suffix.lower() in COMPRESSED_SUFFIXES else name)


def make_folder(path: Path) -> None:
    """Make a folder and its parents, unless they exist.

    Raises:
        NerTaggerError: if that is not possible.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NerTaggerError(f"{path}: cannot be made a folder: {error.strerror}") from error


def not_writable(path: str | Path, error: OSError) -> NerTaggerError:
    """Return the error to raise for a file that could not be opened for writing."""
    folder = os.path.dirname(path)
    if isinstance(error, FileNotFoundError) and folder and not os.path.isdir(folder):
        return NerTaggerError(f"{path}: cannot be written: there is no folder {folder}; make it, or name another file")
    return NerTaggerError(f"{path}: cannot be written: {error.strerror}")


def is_stream(path: str | Path) -> bool:
    """Return whether a path is standard input, a pipe or a device, whose bytes can be read only once."""
    return str(path) == STANDARD_STREAM or (
        os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)
    )


def file_identity(path: str | Path) -> tuple[int, int, int] | None:
    """Return the inode, size and time of a file, one of which changes when it is replaced; None if it is no file."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def once_only(path: str | Path) -> str:
    """Return the part of an error message that says why a stream cannot be used where a file is needed."""
    name = "standard input" if str(path) == STANDARD_STREAM else "a pipe or device"
    return f"{name} can be read once only"


@contextmanager
def naming(name: str | Path) -> Iterator[None]:
    """Add a file name to operating system errors of the block that lack one, as errors of an open file do."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(name)
        raise
