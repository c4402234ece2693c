"""Parts of files that processes exchange: lines, passages of running text, or documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from nertagger.corpus.cutting.rejects import BulkSource, Reject
from nertagger.corpus.registry import find_reader
from nertagger.text.document import Document


class Content(Protocol):
    """A part of a file, of whole records."""

    @property
    def name(self) -> str:
        """The file, or the file inside an archive."""

    @property
    def start(self) -> int:
        """Where the part begins, in bytes if the file is UTF-8: the same in every run."""

    @property
    def size(self) -> int:
        """How large it is, in characters or bytes."""

    def documents(self, source: BulkSource) -> Iterator[Document]:
        """Yield its documents, read as `source` says, which collects bad records."""


@dataclass(frozen=True)
class Passages:
    """Passages of running text with their offsets in characters."""

    name: str
    start: int
    size: int
    passages: Sequence[tuple[int, str]]

    def documents(self, source: BulkSource) -> Iterator[Document]:
        """Yield one document per passage."""
        source.name = self.name
        return (source.segmented(text, offset) for offset, text in self.passages)


@dataclass(frozen=True)
class Lines:
    """Lines with their ends, in a format whose records are lines; None for a line that is not text.

    Attributes:
        format: the name of the format.
        first_line: the number of the first.
        first_offset: how many characters of the file are before it.
    """

    name: str
    start: int
    size: int
    format: str
    lines: Sequence[str | Reject]
    first_line: int = 1
    first_offset: int = 0

    def documents(self, source: BulkSource) -> Iterator[Document]:
        """Yield the documents that the format's reader finds in the lines."""
        read = find_reader(self.format).read
        assert read is not None
        number, offset = self.first_line, self.first_offset
        for is_bad, group in groupby(self.lines, key=lambda line: isinstance(line, Reject)):
            if is_bad:
                bad = [line for line in group if isinstance(line, Reject)]
                assert source.rejects is not None
                source.rejects.extend(bad)
                number += len(bad)
                continue
            lines = [line for line in group if isinstance(line, str)]
            here = replace(source, name=self.name, lines=lines, first_line=number, first_offset=offset)
            yield from read(iter(lines), here)
            number += len(lines)
            offset += sum(map(len, lines))


@dataclass(frozen=True)
class Documents:
    """Documents that have been read, and what could not be read between them."""

    name: str
    start: int
    size: int
    read: Sequence[Document]
    rejects: Sequence[Reject] = ()

    def documents(self, source: BulkSource) -> Iterator[Document]:
        """Yield the documents."""
        if source.rejects is not None:
            source.rejects.extend(self.rejects)
        return iter(self.read)
