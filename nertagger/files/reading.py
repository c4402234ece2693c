"""Files opened for reading as bytes or text, whatever their compression and byte order mark."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

from nertagger.errors import DataError
from nertagger.files.compression import decompressed
from nertagger.files.inputs import open_input
from nertagger.files.paths import STANDARD_STREAM
from nertagger.files.signatures import ARCHIVE_HEAD, MODEL, archive_in, detect_bom, not_text_in


@contextmanager
def open_binary(path: str | Path) -> Iterator[io.BufferedReader]:
    """Open a file's bytes, decompressed if it begins as gzip, xz, bzip2 or Zstandard files do; ``-`` is standard input.

    Raises:
        DataError: if the file is absent, a folder, unreadable, damaged, cut short, compressed better than any text,
            or a pipe that was read before.
    """
    raw = open_input(path)
    try:
        yield decompressed(raw, path)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise _damaged(path, error) from error
    except OSError as error:
        if error.errno is None:  # bzip2's way of saying that the data is damaged
            raise _damaged(path, error) from error
        raise
    finally:
        if str(path) != STANDARD_STREAM:
            raw.close()


@contextmanager
def open_text(path: str | Path, *, encoding: str | None = None) -> Iterator[TextIO]:
    """Open a file's text, decompressed, without its byte order mark, line ends as they are; ``-`` is standard input.

    Only ``\\n`` ends a line: a carriage return stays, for the reader to strip or to count.

    Args:
        path: the file, or ``-``.
        encoding: None for what the byte order mark says, else UTF-8.

    Raises:
        DataError: as `open_binary`, and if the bytes are not text in this encoding (with the line).
    """
    with open_binary(path) as stream:
        refuse_unless_text(stream, path)
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


def refuse_unless_text(stream: io.BufferedReader, path: str | Path) -> None:
    """Raise DataError if the bytes at the position of a stream begin an archive, a document or an image."""
    head = stream.peek(ARCHIVE_HEAD)
    if kind := not_text_in(head):
        remedy = None if kind == MODEL else "unpack it, or save" if archive_in(head) else "save"
        raise DataError(f"is {kind}", path=path, expected="text", remedy=remedy and f"{remedy} the document as text")


def head(text: TextIO) -> list[str]:
    """Return the first lines of an open text of which nothing has been read, without reading them.

    They are the first bytes that a file has ready: thousands, or fewer of a pipe that has not written more. A last line
    that is incomplete is left out, unless it is the only one.
    """
    stream = cast(io.BufferedReader, text.buffer)
    decoder = codecs.getincrementaldecoder(text.encoding)(errors="replace")
    lines = io.StringIO(decoder.decode(stream.peek()), newline="\n").readlines()
    return lines if len(lines) < 2 or lines[-1].endswith("\n") else lines[:-1]


def _damaged(path: str | Path, error: Exception) -> DataError:
    return DataError(f"damaged or cut short: {error}", path=path, remedy="fetch or compress it again")


def _decoding_error(path: str | Path, encoding: str, error: UnicodeDecodeError) -> DataError:
    """Return the error for bytes that cannot be decoded, with their line if the file can be read a second time."""
    line = None
    if encoding == "utf-8" and os.path.isfile(path):
        with open_binary(path) as stream:
            if b"\0" in stream.peek():
                got = "zero bytes, as in UTF-16 or a binary file"
                return DataError(path=path, got=got, expected="text", remedy="name the encoding (--encoding utf-16-le)")
            line = next((number for number, line in enumerate(stream, 1) if not _is_utf8(line)), None)
    problem = f"byte 0x{error.object[error.start : error.start + 1].hex()} is not {encoding}"
    return DataError(problem, path=path, line=line, remedy="name the file's encoding (cp1252, latin-1, ...)")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
