"""Zstandard streams, which need the package zstandard."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from nertagger.errors import requires_extra

if TYPE_CHECKING:
    from types import ModuleType

    from _typeshed import WriteableBuffer

_READ_BYTES = 1 << 13  # a block of some bytes can become 128 kB, all of them at once


class ZstdReader(io.RawIOBase):
    """The bytes of one Zstandard frame after another; the reader of the package takes a file cut short for a whole one.

    Raises:
        MissingExtraError: if zstandard is not installed.
        EOFError: while reading, if the last frame is incomplete or damaged.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._zstandard = source, _zstandard()
        self._frame = self._zstandard.ZstdDecompressor().decompressobj()
        self._has_begun, self._rest, self._ready = False, b"", memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._ready and self._advance():
            pass
        size = min(len(view), len(self._ready))
        view[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _advance(self) -> bool:
        """Decompress some more bytes; return False after the last."""
        data = self._rest or self._source.read(_READ_BYTES)
        if not data:
            if self._has_begun:
                raise EOFError("the last Zstandard frame has no end")
            return False
        try:
            self._ready = memoryview(self._frame.decompress(data))
        except self._zstandard.ZstdError as error:
            raise EOFError(str(error)) from error
        self._has_begun, self._rest = True, b""
        if self._frame.eof:
            self._has_begun, self._rest = False, self._frame.unused_data
            self._frame = self._zstandard.ZstdDecompressor().decompressobj()
        return True


def zstd_writer(stream: BinaryIO) -> BinaryIO:
    """Return a stream that compresses into `stream`, which stays open.

    Raises:
        MissingExtraError: if zstandard is not installed.
    """
    return cast(BinaryIO, _zstandard().ZstdCompressor().stream_writer(stream, closefd=False))


def _zstandard() -> ModuleType:
    with requires_extra("the compression .zst", "zstd"):
        import zstandard
    module: ModuleType = zstandard
    return module
