"""The compression, the kind of archive or the text encoding that the first bytes of a file announce."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from typing import Literal

MODEL = "a model file"
"""The kind, for `archive_kind`, of the files that `nertagger.modelfile.writer` writes."""
ARCHIVE_HEAD = 265
"""The number of bytes that `archive_in` needs."""

Compression = Literal["gzip", "xz", "bzip2", "zstd"]

_GZIP, _XZ, _BZIP2, _ZSTD = b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh", b"\x28\xb5\x2f\xfd"
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")  # after the digit of the block size: a block, or the end
_ZIP, _ZIP_NAME = b"PK\x03\x04", 30  # where the name of the first member begins
_EMPTY_ZIP = b"PK\x05\x06"
_TAR, _TAR_MAGIC = b"ustar", 257  # in the header of the first member
_NO_TEXT = {
    b"%PDF-": "a PDF document",
    b"{\\rtf": "a document in rich text",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"SQLite format 3\0": "a database",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
}
_BOMS = (
    *((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")),
    *((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")),
)


def compression_of(head: bytes) -> Compression | None:
    """Return the compression that the first ten bytes of a file announce, or None."""
    if head.startswith(_GZIP):
        return "gzip"
    if head.startswith(_XZ):
        return "xz"
    if head.startswith(_BZIP2) and head[4:10] in _BZIP2_BLOCKS:
        return "bzip2"
    if head.startswith(_ZSTD):
        return "zstd"
    return None


def archive_kind(path: str | os.PathLike[str]) -> str | None:
    """Return what kind of archive a file is, `MODEL` or a phrase for others; None for other files and for streams."""
    if os.path.isfile(path):
        with suppress(OSError), open(path, "rb") as stream:
            return archive_in(stream.read(ARCHIVE_HEAD))
    return None


def archive_in(head: bytes) -> str | None:
    """Return the kind of archive, as `archive_kind` does, that begins with these bytes."""
    if head.startswith(_TAR, _TAR_MAGIC):
        return "a tar archive"
    if not head.startswith((_ZIP, _EMPTY_ZIP)):
        return None
    return MODEL if head[_ZIP_NAME:].startswith(b"manifest.json") else "a zip archive or office document"


def not_text_in(head: bytes) -> str | None:
    """Return what a file that begins with these bytes is if it is not text, as a phrase; None if it may be text."""
    return archive_in(head) or next((kind for mark, kind in _NO_TEXT.items() if head.startswith(mark)), None)


def detect_bom(stream: io.BufferedReader) -> str | None:
    """Return the encoding that a byte order mark at the stream's position announces, or None."""
    head = stream.peek(4)[:4]
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)
