"""Text in an encoding that nobody names: UTF-8, but for the lines that are not."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nertagger.corpus.source import Source
from nertagger.files import detect_bom, open_binary, open_text

_FALLBACK = "lines that are not UTF-8 read as cp1252 (name the encoding if it is another)"


@contextmanager
def open_undeclared(source: Source) -> Iterator[Iterable[str]]:
    """The lines of a file, read once, so that it may be a pipe; each that is not UTF-8 is read as cp1252 and counted.

    A byte order mark, or an encoding that the source names, decides for the whole file.

    Raises:
        DataError: as `nertagger.files.open_text`.
    """
    if source.encoding is not None:
        with open_text(source.name, encoding=source.encoding) as lines:
            yield lines
        return
    with open_binary(source.name) as stream:
        encoding = detect_bom(stream)
        if encoding is None:
            yield _decoded(stream, source)
            return
        text = io.TextIOWrapper(stream, encoding=encoding, newline="\n")
        try:
            yield text
        except UnicodeDecodeError as error:
            source.fail(1, f"not {encoding}, which its byte order mark says: {error.reason}; name the file's encoding")
        finally:
            if not stream.closed:
                text.detach()  # or collecting `text` would close standard input


def _decoded(lines: Iterable[bytes], source: Source) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            source.count(number, _FALLBACK)
            text = _as_cp1252(line)
        yield text


def _as_cp1252(line: bytes) -> str:
    """The line as cp1252; as latin-1 where it has one of the five bytes that cp1252 has no character for."""
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
