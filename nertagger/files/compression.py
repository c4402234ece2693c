"""Streams that decompress with a bound on what they may become, and streams that compress reproducibly."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from nertagger.errors import DataError
from nertagger.files.signatures import compression_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Packed = gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File | io.RawIOBase

_FREE_BYTES = 1 << 26
_GREATEST_RATIO = 100
_BUFFER_BYTES = 1 << 18


def unpacked_limit(packed: int) -> int:
    """Return how many bytes `packed` compressed bytes may become; text and annotations become 3 to 20 times as many."""
    return max(_FREE_BYTES, _GREATEST_RATIO * packed)


def decompressed(raw: io.BufferedReader, path: str | Path) -> io.BufferedReader:
    """Return a stream of what `raw` holds compressed, or `raw` itself if it is not compressed.

    Args:
        raw: a stream at the beginning of a file; it need not be seekable.
        path: the name of the file, for messages.

    Raises:
        DataError: while reading, if the bytes become more than `unpacked_limit` allows.
    """
    kind = compression_of(raw.peek(10)[:10])
    if kind is None:
        return raw
    counted = _CountedBytes(raw)
    source = cast(BinaryIO, counted)
    packed: Packed
    if kind == "gzip":
        packed = gzip.GzipFile(fileobj=source)
    elif kind == "xz":
        packed = lzma.LZMAFile(source)  # noqa: SIM115
    elif kind == "zstd":
        from nertagger.files.zstd import ZstdReader  # not at the top: few files need it

        packed = ZstdReader(source)
    else:
        packed = bz2.BZ2File(source)
    return io.BufferedReader(_Unpacked(packed, counted, path), _BUFFER_BYTES)


def bounded(content: io.RawIOBase, packed: int, path: str | Path) -> io.BufferedReader:
    """Return the bytes of a decompressing stream; while reading, DataError if they are too many.

    Args:
        content: the stream.
        packed: the number of its compressed bytes.
        path: the name of the file, for messages.
    """
    counted = _CountedBytes(io.BufferedReader(io.BytesIO()), packed)
    return io.BufferedReader(_Unpacked(content, counted, path), _BUFFER_BYTES)


def compressed(stream: BinaryIO, suffix: str) -> BinaryIO | Packed:
    """Return a stream that compresses into `stream` as a suffix says, or `stream` itself.

    Equal text gives equal bytes: no time stamp is written. All of these can be appended to one another.

    Raises:
        MissingExtraError: if zstandard is needed and not installed.
    """
    if suffix == ".gz":
        return gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
    if suffix == ".xz":
        return lzma.LZMAFile(stream, "wb")
    if suffix == ".bz2":
        return bz2.BZ2File(stream, "wb")
    if suffix == ".zst":
        from nertagger.files.zstd import zstd_writer

        return zstd_writer(stream)
    return stream


class _CountedBytes:
    """Reads from a stream, which need not know its position, and counts the bytes."""

    def __init__(self, raw: io.BufferedReader, size: int = 0) -> None:
        self._raw = raw
        self.size = size

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size)
        self.size += len(data)
        return data


class _Unpacked(io.RawIOBase):
    """The bytes of a decompressor, bounded.

    Text streams ask for ``closed`` once per line: here, unlike in `gzip.GzipFile`, that is not a call into Python.
    """

    def __init__(self, packed: Packed, counted: _CountedBytes, path: str | Path) -> None:
        self._packed, self._counted, self._path = packed, counted, path
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        size = self._packed.readinto(buffer) or 0
        self._size += size
        if self._size > unpacked_limit(self._counted.size):
            before = self._size - size
            problem = f"{self._counted.size:,} compressed bytes become more than {before:,}, which no text does"
            raise DataError(problem, path=self._path, remedy="decompress it first if it is sound")
        return size
