"""Text files opened for reading whatever their compression, and files written whole or not at all."""

from __future__ import annotations

import bz2
import codecs
import glob
import gzip
import io
import lzma
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from nertagger.errors import DataError, NerTaggerError
from nertagger.printable import PrintableStream

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_STREAM = "-"
MODEL = "a model file"
"""What `archive_kind` calls the files that `nertagger.modelfile.model_file` writes."""
_PART = ".part"
COMPRESSED_SUFFIXES = (".gz", ".xz", ".bz2")
_GZIP, _XZ, _BZIP2 = b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh"
_ZIP, _ARCHIVE_HEAD = b"PK\x03\x04", 64
_BZIP2_BLOCK = b"1AY&SY"
_PIPES_READ: set[tuple[int, int]] = set()  # by device and inode; those that a process was given cannot be had anew
_FREE_BYTES = 1 << 26
_GREATEST_RATIO = 100
_COUNT: ContextVar[Callable[[int], None] | None] = ContextVar("_COUNT", default=None)  # of `counting_reads`
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def base_suffix(path: str | Path) -> str:
    """The suffix that tells the format, in lower case, without that of a compression: ``.conll`` of ``a.conll.gz``."""
    name = Path(path)
    if name.suffix.lower() in COMPRESSED_SUFFIXES:
        name = name.with_suffix("")
    return name.suffix.lower()


def unpacked_limit(packed: int) -> int:
    """How many bytes this many compressed ones may become: text and annotations become 3 to 20 times as many."""
    return max(_FREE_BYTES, _GREATEST_RATIO * packed)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises:
        NerTaggerError: if that cannot be done.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NerTaggerError(f"{path}: cannot be made a folder: {error.strerror}") from error


def is_stream(path: str | Path) -> bool:
    """Whether a path is standard input, a pipe or a device, whose bytes can be read once only."""
    return str(path) == STANDARD_STREAM or (
        os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)
    )


def once_only(path: str | Path) -> str:
    """What to say of a stream where a file is needed."""
    name = "standard input" if str(path) == STANDARD_STREAM else "a pipe or device"
    return f"{name} can be read once only"


def check_output(path: str | Path, *, inputs: Iterable[str | Path] = ()) -> None:
    """Check that a file can be written, before the work whose result it is to hold; its folder may be missing still.

    Args:
        path: the file.
        inputs: files that the work reads.

    Raises:
        NerTaggerError: if it is a folder, a stream, one of the inputs, or in a folder that cannot be written.
    """
    target = Path(os.path.realpath(path))  # and no method of it: those raise for a name that is too long
    if os.path.isdir(target) or str(path).endswith(os.sep):
        raise NerTaggerError(f"{path or '.'}: is a folder; give the name of a file")
    if str(path) == STANDARD_STREAM or (os.path.exists(target) and not os.path.isfile(target)):
        raise NerTaggerError(f"{path}: is a stream or device; give the name of a file")
    for other in inputs:
        if os.path.exists(target) and os.path.exists(other) and os.path.samefile(target, other):
            raise NerTaggerError(f"{path}: is read here, and would be lost; give the name of another file")
    if os.path.isdir(target.parent):
        stream, temporary = _temporary_beside(target, path)
        stream.close()
        os.unlink(temporary)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """A file or folder for one block of code at a time, in all processes; the lock dies with its process.

    Raises:
        NerTaggerError: if another one has it.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            problem = f"{path}: another run is at work here"
            raise NerTaggerError(f"{problem}; wait until it is over, or name another place") from error
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(handle)


@contextmanager
def open_binary(path: str | Path) -> Iterator[io.BufferedReader]:
    """A file's bytes, decompressed where its first bytes are those of gzip, xz or bzip2; ``-`` is standard input.

    Raises:
        DataError: if the file is absent, a folder, unreadable, damaged, cut short, compressed better than any text,
            or a pipe that was read before.
    """
    raw = _open_input(path)
    try:
        yield _decompressed(raw, path)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise DataError(f"damaged or cut short: {error}", path=path, remedy="fetch or compress it again") from error
    except OSError as error:
        if error.errno is None:  # bzip2's way of saying that the data is damaged
            raise DataError(f"damaged or cut short: {error}", path=path, remedy="fetch or compress it again") from error
        raise
    finally:
        if str(path) != STANDARD_STREAM:
            raw.close()


@contextmanager
def open_text(path: str | Path, *, encoding: str | None = None) -> Iterator[TextIO]:
    """A file's text, decompressed, without its byte order mark, line ends as they are; ``-`` is standard input.

    Only ``\\n`` ends a line: a carriage return stays, for the reader to strip or to count.

    Args:
        path: the file, or ``-``.
        encoding: None for what the byte order mark says, else UTF-8.

    Raises:
        DataError: as `open_binary`, and if the bytes are not text in this encoding (with the line).
    """
    with open_binary(path) as stream:
        if kind := _archive(stream.peek(_ARCHIVE_HEAD)):
            remedy = None if kind == MODEL else "unpack it first"
            raise DataError(f"is {kind}", path=path, expected="text", remedy=remedy)
        chosen = encoding or detect_bom(stream) or "utf-8"
        if chosen.lower().replace("_", "-") in ("utf-8", "utf8"):
            chosen = "utf-8-sig"
        try:
            text = io.TextIOWrapper(stream, encoding=chosen, newline="\n")
        except LookupError as error:
            remedy = "try utf-8, cp1252 or latin-1"
            raise DataError(f"no encoding is called {encoding!r}", path=path, remedy=remedy) from error
        try:
            yield text
        except UnicodeDecodeError as error:
            raise _decoding_error(path, chosen.removesuffix("-sig"), error) from error
        finally:
            if not stream.closed:
                text.detach()  # or collecting `text` would close standard input


def archive_kind(path: str | os.PathLike[str]) -> str | None:
    """What a file is, if it begins as `MODEL` files or other archives do; what can be read only once is left alone."""
    if os.path.isfile(path):
        with suppress(OSError), open(path, "rb") as stream:
            return _archive(stream.read(_ARCHIVE_HEAD))
    return None


def _archive(head: bytes) -> str | None:
    if not head.startswith(_ZIP):
        return None
    return MODEL if head[30:].startswith(b"manifest.json") else "a zip archive or office document"


def detect_bom(stream: io.BufferedReader) -> str | None:
    """The encoding that a byte order mark at the stream's place announces, else None."""
    head = stream.peek(3)[:3]
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)


def head(text: TextIO) -> list[str]:
    """The lines at the beginning of an open text of which nothing was read yet, without reading them.

    They are the first bytes that a file has ready, thousands, or fewer of a pipe that has not written more; a line that
    they hold a part of is left out unless it is the only one.
    """
    stream = cast(io.BufferedReader, text.buffer)
    decoder = codecs.getincrementaldecoder(text.encoding)(errors="replace")
    lines = io.StringIO(decoder.decode(stream.peek()), newline="\n").readlines()
    return lines if len(lines) < 2 or lines[-1].endswith("\n") else lines[:-1]


@contextmanager
def atomic_write(path: str | Path) -> Iterator[BinaryIO]:
    """A binary stream whose bytes appear at `path` all at once when the block ends without an error, else not at all.

    The bytes go to a temporary name in the same folder, are synced and renamed. Pipes and devices are written directly,
    ``-`` is standard output, and a link is followed.

    Raises:
        NerTaggerError: if the folder does not exist or cannot be written.
    """
    if str(path) == STANDARD_STREAM:
        if sys.stdout is None:
            raise NerTaggerError(f"{STANDARD_STREAM}: standard output is closed; name a file to write")
        with naming("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
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
    """A UTF-8 text stream over `atomic_write`, compressed as the suffix says: ``.gz``, ``.xz`` or ``.bz2``.

    Standard output is exact as a file or pipe, and printable as a terminal.
    """
    is_shown = str(path) == STANDARD_STREAM and sys.stdout is not None and sys.stdout.isatty()
    kind = PrintableStream if is_shown else io.TextIOWrapper
    with atomic_write(path) as stream:
        packed = _compressed(stream, Path(path).suffix.lower())
        text = kind(cast(BinaryIO, packed), encoding="utf-8", newline="\n")
        try:
            yield text
            text.flush()
        finally:
            with suppress(OSError):  # after a broken pipe nothing can be flushed any more
                text.detach()  # or collecting `text` would close standard output
            if packed is not stream:
                packed.close()  # writes the trailer; the file below stays open to be synced


@contextmanager
def counting_reads(count: Callable[[int], None]) -> Iterator[None]:
    """Call `count` with the size of each piece that the block reads of a file, in bytes as they are on the disk."""
    token = _COUNT.set(count)
    try:
        yield
    finally:
        _COUNT.reset(token)


@contextmanager
def naming(name: str | Path) -> Iterator[None]:
    """Put a name into errors of the system that lack one: it does not tell which open file could not be written."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(name)
        raise


class _Input(io.FileIO):
    """A file whose reads `counting_reads` tells of.

    Its errors bear its name, that they may not be taken for those of the file that is being written.

    (A `write` in Python would not do: Ctrl-C after the system has written, and before the buffer above is told, would
    make it write the same again.)
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


def _open_input(path: str | Path) -> io.BufferedReader:
    """The bytes of a file or of standard input."""
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


def _standard_input() -> io.BufferedReader:
    if sys.stdin is None:
        raise DataError("standard input is closed", path=STANDARD_STREAM, remedy="name a file")
    return cast(io.BufferedReader, sys.stdin.buffer)


def _opened(path: str | Path) -> io.BufferedReader:
    return cast(io.BufferedReader, io.BufferedReader(_Input(path)))


def _was_read(raw: io.BufferedReader, path: str | Path) -> bool:
    """Whether an earlier reader has taken what an unnamed pipe held; this one would find it empty."""
    try:
        status = os.fstat(raw.fileno())
    except (OSError, ValueError):  # a stream of Python alone
        return False
    if os.path.exists(os.path.realpath(path)) or not (stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode)):
        return False
    pipe = (status.st_dev, status.st_ino)
    before = pipe in _PIPES_READ
    _PIPES_READ.add(pipe)
    return before


def _decompressed(raw: io.BufferedReader, path: str | Path) -> io.BufferedReader:
    """The stream itself, or what it holds compressed."""
    head = raw.peek(10)[:10]
    packed: gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File
    tally = _Tally(raw)
    source = cast(BinaryIO, tally)
    if head.startswith(_GZIP):
        packed = gzip.GzipFile(fileobj=source)
    elif head.startswith(_XZ):
        packed = lzma.LZMAFile(source)  # noqa: SIM115
    elif head.startswith(_BZIP2) and head[4:] == _BZIP2_BLOCK:
        packed = bz2.BZ2File(source)
    else:
        return raw
    return io.BufferedReader(_Unpacked(packed, tally, path), 1 << 18)


class _Tally:
    """Reads from a stream, which need not tell its place, and counts the bytes."""

    def __init__(self, raw: io.BufferedReader) -> None:
        self._raw = raw
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size)
        self.size += len(data)
        return data


class _Unpacked(io.RawIOBase):
    """The bytes of a decompressor. Text streams ask for ``closed`` once a line: here that is not a call into Python."""

    def __init__(self, packed: gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File, tally: _Tally, path: str | Path) -> None:
        self._packed, self._tally, self._path = packed, tally, path
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        size = self._packed.readinto(buffer)
        self._size += size
        if self._size > unpacked_limit(self._tally.size):
            problem = (
                f"{self._tally.size:,} compressed bytes become more than {self._size - size:,}, which no text does"
            )
            raise DataError(problem, path=self._path, remedy="decompress it first if it is sound")
        return size


def _compressed(stream: BinaryIO, suffix: str) -> BinaryIO | gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File:
    """The stream itself, or one that compresses into it; no time stamp, so that equal text gives equal bytes."""
    if suffix == ".gz":
        return gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
    if suffix == ".xz":
        return lzma.LZMAFile(stream, "wb")
    if suffix == ".bz2":
        return bz2.BZ2File(stream, "wb")
    return stream


def _decoding_error(path: str | Path, encoding: str, error: UnicodeDecodeError) -> DataError:
    """The error for bytes that cannot be decoded, with their line if the file can be read a second time."""
    line = None
    if encoding == "utf-8" and not is_stream(path):
        with open_binary(path) as stream:
            line = next((number for number, line in enumerate(stream, 1) if not _is_utf8(line)), None)
    problem = f"byte 0x{error.object[error.start : error.start + 1].hex()} is not {encoding}"
    return DataError(problem, path=path, line=line, remedy="name the file's encoding (cp1252, latin-1, ...)")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _temporary_beside(target: Path, asked: str | Path) -> tuple[BinaryIO, str]:
    """An open temporary file in the folder of `target`, with the permissions that `target` has or would get."""
    if os.path.isdir(target):
        raise NerTaggerError(f"{asked}: is a folder; give the name of a file")
    _remove_stale(target)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=_PART)
    except OSError as error:
        raise NerTaggerError(f"{asked}: cannot be written: {error.strerror}") from error
    if not _hold(handle, name):
        os.close(handle)
        return _temporary_beside(target, asked)
    os.chmod(name, stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask())
    return os.fdopen(handle, "wb"), name


def _hold(handle: int, name: str) -> bool:
    """Lock a temporary file for as long as it is open; False if another writer took it for a stale one before that."""
    if sys.platform != "win32":
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
    return os.path.exists(name)


def _remove_stale(target: Path) -> None:
    """Remove the temporary files of writers of `target` that were killed: those that no process holds locked."""
    if sys.platform == "win32":
        return
    for path in target.parent.glob(f".{glob.escape(target.name)}.{'?' * 8}{_PART}"):
        with suppress(OSError), path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


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
