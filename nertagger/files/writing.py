"""Files written as a whole or not at all, and the check that they can be written before the work begins."""

from __future__ import annotations

import glob
import io
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from nertagger.errors import NerTaggerError
from nertagger.files.compression import compressed
from nertagger.files.locking import hold, remove_unless_held
from nertagger.files.paths import STANDARD_STREAM, naming, not_writable
from nertagger.printable import PrintableStream

_PART = ".part"
_RANDOM = "?" * 8  # the characters that `tempfile.mkstemp` puts between prefix and suffix


def check_output(path: str | Path, *, inputs: Iterable[str | Path] = (), folder_is_made: bool = False) -> None:
    """Check that a file can be written, before the work whose result it is to hold.

    Args:
        path: the file.
        inputs: files that the work reads.
        folder_is_made: whether the work makes the file's folder, which need not exist yet.

    Raises:
        NerTaggerError: if it is a folder, a stream, one of the inputs, or in a folder that cannot be written.
    """
    target = Path(os.path.realpath(path))  # `Path.is_dir` and its like raise for a name that is too long
    if os.path.isdir(target) or str(path).endswith(os.sep):
        raise NerTaggerError(f"{path or '.'}: is a folder; give the name of a file")
    if str(path) == STANDARD_STREAM or (os.path.exists(target) and not os.path.isfile(target)):
        raise NerTaggerError(f"{path}: is a stream or device; give the name of a file")
    for other in inputs:
        if os.path.exists(target) and os.path.exists(other) and os.path.samefile(target, other):
            raise NerTaggerError(f"{path}: is read here, and would be lost; give the name of another file")
    if os.path.isdir(target.parent) or not folder_is_made:
        stream, temporary = _temporary_beside(target, path)
        stream.close()
        os.unlink(temporary)


@contextmanager
def atomic_write(path: str | Path) -> Iterator[BinaryIO]:
    """Open a binary stream whose bytes appear at `path` all at once when the block ends without an error.

    The bytes go to a temporary file in the same folder, which is synced and renamed, or removed after an error. Pipes
    and devices are written directly, ``-`` is standard output, and links are followed.

    Raises:
        NerTaggerError: if the folder does not exist or cannot be written.
    """
    if str(path) == STANDARD_STREAM:
        with _standard_output() as output:
            yield output
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file() and not target.is_dir():
        with naming(path), open(target, "wb") as device:
            yield device
        return
    stream, temporary = _temporary_beside(target, path)
    try:
        with naming(path), stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
        _sync_folder(target.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)


@contextmanager
def atomic_write_text(path: str | Path) -> Iterator[TextIO]:
    """Open a UTF-8 text stream over `atomic_write`, compressed as its suffix says (.gz, .xz, .bz2, .zst).

    Standard output is written exactly to a file or pipe, and printably to a terminal.
    """
    is_shown = str(path) == STANDARD_STREAM and sys.stdout is not None and sys.stdout.isatty()
    kind = PrintableStream if is_shown else io.TextIOWrapper
    with atomic_write(path) as stream:
        packed = compressed(stream, Path(path).suffix.lower())
        text = kind(cast(BinaryIO, packed), encoding="utf-8", newline="\n")
        try:
            yield text
            text.flush()
        finally:
            with suppress(OSError):  # after a broken pipe nothing can be flushed any more
                text.detach()  # or collecting `text` would close standard output
            if packed is not stream:
                packed.close()  # writes the trailer; the file below stays open to be synced


def move_into_place(part: Path, target: Path) -> None:
    """Make a complete file appear under its name, durably."""
    with naming(part), part.open("rb") as stream:
        os.fsync(stream.fileno())
    os.replace(part, target)
    _sync_folder(target.parent)


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    if sys.stdout is None:
        raise NerTaggerError(f"{STANDARD_STREAM}: standard output is closed; name a file to write")
    with naming("standard output"):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()


def _temporary_beside(target: Path, asked: str | Path) -> tuple[BinaryIO, str]:
    """Return an open temporary file in the folder of `target`, with the permissions that `target` has or would get."""
    if os.path.isdir(target):
        raise NerTaggerError(f"{asked}: is a folder; give the name of a file")
    _remove_stale(target)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=_PART)
    except OSError as error:
        raise not_writable(asked, error) from error
    if not hold(handle, name):  # another writer took it for a stale one
        os.close(handle)
        return _temporary_beside(target, asked)
    os.chmod(name, stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask())
    return os.fdopen(handle, "wb"), name


def _remove_stale(target: Path) -> None:
    """Remove the temporary files that killed writers of `target` left: those that no process holds."""
    for path in target.parent.glob(f".{glob.escape(target.name)}.{_RANDOM}{_PART}"):
        remove_unless_held(path)


def _umask() -> int:
    mask = os.umask(0o077)  # reading it is only possible by setting it
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
