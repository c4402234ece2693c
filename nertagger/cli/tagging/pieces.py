"""Pieces of the input, each of them tagged by one process.

Large files are cut into parts, small files are gathered. Where pieces begin and end depends on the files alone: which
sentences share a batch, which affects the last bits of a number, is then the same for any number of processes and
after an interruption.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nertagger.cli.tagging.job import File, Job
from nertagger.cli.tagging.sharding import Shard
from nertagger.corpus.cutting.contents import Content, Documents
from nertagger.files import (
    COMPRESSED_SUFFIXES,
    counting_reads,
    is_archive,
    is_of_this_process,
    is_remote,
    remote_size,
)
from nertagger.runtime import Tagger

PIECE_BYTES = 1 << 19
_RATIO = 4  # of the sizes of a text and of its compressed file, at least


Repairs = dict[str, dict[str, tuple[int, str]]]
"""For each file, the number of repairs of each kind and the place of the first."""


class Position(NamedTuple):
    """The beginning of a piece: the number of a file, and how many of its parts are before the piece."""

    file: int = 0
    part: int = 0


BEGINNING = Position()


@dataclass(frozen=True)
class Segment:
    """A file, or a part of one.

    Attributes:
        file: the number of the file.
        source: the file and its format.
        content: the part; None for the whole file, which is then read where it is tagged.
        is_last: whether this is the last part of the file.
    """

    file: int
    source: File
    content: Content | None
    is_last: bool


@dataclass(frozen=True)
class Piece:
    """Consecutive segments.

    Attributes:
        following: the beginning of the next piece.
        read: how many bytes of the input have been read up to its end.
    """

    segments: Sequence[Segment]
    following: Position
    read: int


@dataclass
class Cutter:
    """Cuts files into pieces.

    Attributes:
        files: the input.
        job: how to read it.
        tagger: splits texts into sentences and tokens.
        shard: the part of the input that is asked for.
        read: how many bytes have been read.
        repairs: what the readers of formats that are read here have repaired.
    """

    files: Sequence[File]
    job: Job
    tagger: Tagger
    shard: Shard | None = None
    read: int = 0
    repairs: Repairs = field(default_factory=dict)
    _held: list[Segment] = field(default_factory=list)

    def pieces(self, start: Position) -> Iterator[Piece]:
        """Yield the pieces from `start` on, where one must begin."""
        size = 0
        for file in range(start.file, len(self.files)):
            if self.shard is not None and not self.shard.has_part_of(file):
                continue
            for segment, number, added in self._segments(file, start.part if file == start.file else 0):
                self._held.append(segment)
                size += added
                if size >= PIECE_BYTES:
                    yield self._piece(Position(file + 1) if segment.is_last else Position(file, number + 1))
                    size = 0
        if self._held:
            yield self._piece(Position(len(self.files)))

    def _piece(self, following: Position) -> Piece:
        piece = Piece(tuple(self._held), following, self.read)
        self._held.clear()
        return piece

    def _segments(self, file: int, skip: int) -> Iterator[tuple[Segment, int, int]]:
        """Yield the segments of a file after the first `skip`, with their numbers and sizes."""
        source = self.files[file]
        begins_here = self.shard is None or self.shard.has(file, 0)
        if (size := self._size_if_small(source)) is not None:
            if not begins_here:
                return
            self.read += size
            yield Segment(file, source, None, is_last=True), 0, size
            return
        parts = self._parts(file)
        held = next(parts, None)
        if held is None and begins_here:
            yield Segment(file, source, Documents(source[0], 0, 0, ()), is_last=True), 0, 0
        while held is not None:
            following = next(parts, None)
            number, content = held
            if number >= skip:
                yield Segment(file, source, content, is_last=following is None), number, content.size
            held = following

    def _parts(self, file: int) -> Iterator[tuple[int, Content]]:
        """Yield the parts of a file that belong to the shard, with their numbers."""
        path, format = self.files[file]
        source = self.job.source(path, self.tagger)
        contents = self.job.cut(source, format, size=PIECE_BYTES)
        number = 0
        while True:
            with counting_reads(self._count):
                content = next(contents, None)
            if content is None or (self.shard and self.shard.is_behind(file, content.start)):
                break
            if self.shard is None or self.shard.has(file, content.start):
                yield number, content
            number += 1
        merge_repairs(self.repairs, {path: source.repairs})

    def _size_if_small(self, source: File) -> int | None:
        """Return the size of a file that any process can read as a whole; None for others."""
        path = source[0]
        if self.job.columns is not None or is_archive(path):
            return None
        if is_remote(path):
            size = None if is_of_this_process(path) else remote_size(path)
        else:
            size = os.path.getsize(path) if os.path.isfile(path) else None
        most = PIECE_BYTES // (_RATIO if path.lower().endswith(COMPRESSED_SUFFIXES) else 1)
        return size if size is not None and size <= most else None

    def _count(self, size: int) -> None:
        self.read += size


def merge_repairs(total: Repairs, found: Repairs) -> None:
    """Add the repairs of later parts of files."""
    for path, repairs in found.items():
        of_path = total.setdefault(path, {}) if repairs else {}
        for kind, (number, first) in repairs.items():
            before, earliest = of_path.get(kind, (0, first))
            of_path[kind] = before + number, earliest
