"""Any file or archive cut into parts of whole records, in constant memory."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TextIO, cast

from nertagger.corpus.cutting.contents import Content, Documents, Lines, Passages
from nertagger.corpus.cutting.rejects import BulkSource, Reject
from nertagger.corpus.detection import format_of_content
from nertagger.corpus.io import open_source
from nertagger.corpus.line_ends import split_lines
from nertagger.corpus.records.json_values import spans_lines
from nertagger.corpus.registry import find_reader, format_of_name
from nertagger.errors import DataError
from nertagger.files import detect_bom, given, head, is_archive, open_text
from nertagger.grouping import blocks_of
from nertagger.text.document import Document
from nertagger.text.passages import read_passages

_JSON_FORMATS = ("jsonl", "jsonl-tokens", "doccano", "prodigy")
_LINE_FORMATS = ("lines", "text-lines", *_JSON_FORMATS)
SPLIT_FORMATS = ("text", *_LINE_FORMATS)
"""The formats in which the place of a part depends on the text before it alone, and not on how it is stored."""


def cut(source: BulkSource, format: str | None, *, size: int) -> Iterator[Content]:
    """Yield the parts of a file, or of the files in an archive, each of at least `size` characters except the last.

    Where the parts end depends on the file alone.

    Args:
        source: the file and how to read it.
        format: a name in `FORMATS`; None to detect it from the file's suffix, else from its first lines.
        size: characters of a part.

    Raises:
        DataError: if the file cannot be read and bad records are errors; else the last part says so.
    """
    try:
        if is_archive(source.name):
            yield from _of_archive(source, format, size)
        else:
            yield from _of_file(source, format or format_of_name(source.name), size)
    except DataError as error:
        if source.rejects is None:
            raise
        yield Documents(source.name, 0, 0, (), [*_drained(source), source.reject_rest(error)])


def _of_archive(source: BulkSource, format: str | None, size: int) -> Iterator[Content]:
    from nertagger.files.archives import open_members  # not at the top: few runs read archives

    for name, stream in open_members(source.name):
        if is_archive(name):
            source.leave_out(1, "archives inside archives", DataError("is an archive in an archive", path=name))
            continue
        with given(name, stream):
            yield from cut(replace(source, name=name), format, size=size)


def _of_file(source: BulkSource, name: str | None, size: int) -> Iterator[Content]:
    if name is not None and name not in SPLIT_FORMATS:
        yield from _of_documents(open_source(source, name), source, size)
        return
    with open_text(source.name, encoding=source.encoding) as text:
        first = head(text)
        name = name or format_of_content(list(split_lines(first)), source)
        if name == "text":
            yield from _of_text(text, source, size)
        elif name in _LINE_FORMATS and not (name in _JSON_FORMATS and _is_one_value(first)):
            yield from _of_lines(
                split_lines(text) if source.rejects is None else _decoded(text, source), source, name, size
            )
        else:
            read = find_reader(name).read
            assert read is not None
            yield from _of_documents(read(split_lines(text), source), source, size)


def _is_one_value(first: Iterable[str]) -> bool:
    """Return whether a file that begins with these lines is JSON in any layout, not JSON lines."""
    return any(spans_lines(line) for line in [line for line in first if line.strip(" \t\r\n")][:1])


def _of_text(text: TextIO, source: BulkSource, size: int) -> Iterator[Content]:
    start = 0
    for held, characters in blocks_of(read_passages(text), size, lambda placed: len(placed[1])):
        yield Passages(source.name, start, characters, held)
        start += sum(len(passage.encode(errors="replace")) for _, passage in held)


def _of_lines(lines: Iterable[str | Reject], source: BulkSource, format: str, size: int) -> Iterator[Content]:
    number, offset, start = 1, 0, 0
    for held, characters in blocks_of(lines, size, lambda line: len(line) if isinstance(line, str) else 0):
        yield Lines(source.name, start, characters, format, held, number, offset)
        start += sum(len(line.encode(errors="replace")) for line in held if isinstance(line, str))
        number, offset = number + len(held), offset + characters


def _decoded(text: TextIO, source: BulkSource) -> Iterator[str | Reject]:
    """Yield the lines of an open file; a `Reject` for one that is not UTF-8, if the file should be UTF-8."""
    if not text.encoding.startswith("utf-8"):
        yield from split_lines(text)
        return
    stream = cast(io.BufferedReader, text.buffer)
    if detect_bom(stream):
        stream.read(3)
    number = 1
    for raw in stream:
        try:
            for line in split_lines([raw.decode()]):
                yield line
                number += 1
        except UnicodeDecodeError as error:
            reason = f"byte 0x{raw[error.start : error.start + 1].hex()} is not utf-8"
            yield Reject(source.name, number, reason, raw.decode(errors="backslashreplace").rstrip("\r\n"))
            number += 1


def _of_documents(documents: Iterable[Document], source: BulkSource, size: int) -> Iterator[Content]:
    start = 0
    for held, characters in blocks_of(documents, size, lambda document: len(document.text) + 1):
        yield Documents(source.name, start, characters, held, _drained(source))
        start += characters
    if rejects := _drained(source):
        yield Documents(source.name, start, 0, [], rejects)


def _drained(source: BulkSource) -> list[Reject]:
    """Return and remove what the source has collected."""
    rejects = list(source.rejects or ())
    if source.rejects:
        source.rejects.clear()
    return rejects
