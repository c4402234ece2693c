"""Text files in an undeclared encoding: UTF-8, with cp1252 as a fallback for single lines."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.files import detect_bom, open_binary, open_text, refuse_unless_text

_FALLBACK = "lines in another encoding than UTF-8 read as cp1252 (name the encoding if it is another one)"


@contextmanager
def open_undeclared(source: Source) -> Iterator[Iterable[str]]:
    """Open a file as lines of text; each line that is not UTF-8 is read as cp1252 and counted.

    A byte order mark, or an encoding that the source names, applies to the whole file. The file is read only once, so
    it can be a pipe.

    Raises:
        DataError: as `nertagger.files.open_text`.
    """
    if source.encoding is not None:
        with open_text(source.name, encoding=source.encoding) as lines:
            yield lines
        return
    with open_binary(source.name) as stream:
        refuse_unless_text(stream, source.name)
        encoding = detect_bom(stream)
        if encoding is None:
            yield _decoded(stream, source)
            return
        text = io.TextIOWrapper(stream, encoding=encoding, newline="\n")
        try:
            yield text
        except UnicodeDecodeError as error:
            problem = f"not {encoding}, which its byte order mark says: {error.reason}"
            source.fail(1, DataError(problem, remedy="name the file's encoding"))
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
    """Decode a line as cp1252, or as latin-1 if it has one of the five bytes that cp1252 does not define."""
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
