"""Outputs that a killed run leaves in a state from which the next one continues: a file, or a file per input."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.outputs.encoders import packed_into
from nertagger.cli.tagging.outputs.manifest import Manifest, Progress
from nertagger.cli.tagging.outputs.rejects import RejectsFile
from nertagger.cli.tagging.outputs.tables import TableHead
from nertagger.cli.tagging.pieces import BEGINNING, Segment
from nertagger.cli.tagging.work import Result
from nertagger.files import is_remote, locked, make_folder, move_into_place, naming, not_writable, upload

logger = logging.getLogger(__name__)

PART = ".part"
MANIFEST = ".part.manifest"
"""What is added to the name of an output."""

_MANY = 8  # files whose contents are synced to the disk one by one
Finish = Callable[[Path, Path], None]
"""Turns a complete part into the output."""


@dataclass
class Kept:
    """What both kinds of output need.

    Attributes:
        manifest: how far the output has come.
        start: where it begins, None if from the beginning.
        suffix: of the compression, or empty.
        head: headers of tables.
        rejects: where bad records go.
        finish: turns a complete part into the output.
    """

    manifest: Manifest
    start: Progress | None
    suffix: str
    head: TableHead
    rejects: RejectsFile
    finish: Finish = move_into_place

    @contextmanager
    def opened(self, where: str) -> Iterator[Progress]:
        """Open manifest and rejects, which no other run can meanwhile; yield where to begin."""
        path = self.manifest.path
        try:
            path.touch()
        except OSError as error:
            raise not_writable(where, error) from error
        with locked(path):
            self.rejects.open(self.start.rejects if self.start else 0)
            if self.start is None:
                self.manifest.begin()
            else:
                self.manifest.resume()
                self.head.resume(self.start.table)
            try:
                yield self.start or Progress()
            finally:
                self.manifest.close()

    def append(self, stream: BinaryIO, segments: Sequence[Segment], encoded: BinaryIO, size: int) -> None:
        """Append `size` bytes of encoded segments to an output, after its header if it has none."""
        if beginning := self.head.of(segments, is_first=stream.tell() == 0):
            with packed_into(stream, self.suffix) as packed:
                packed.write(beginning)
        _copy(encoded, stream, size)

    def complete(self, stream: BinaryIO) -> None:
        """End an output, which is one empty part if it is empty and compressed."""
        if stream.tell() == 0 and self.suffix:
            with packed_into(stream, self.suffix):
                pass
        stream.flush()

    def told(self, kept: str, last: str) -> None:
        """Say that the run can be resumed."""
        upto = f", up to a place in {last}" if last else ""
        logger.warning("stopped; %s keeps the output so far%s; repeat the command with --resume", kept, upto)


class FileOutput:
    """One file, which appears when all is tagged."""

    def __init__(self, path: str, kept: Kept) -> None:
        self._path, self._kept = path, kept
        self._target = Path(os.path.realpath(path))
        self._part = Path(f"{self._target}{PART}")

    def write(self, results: Iterator[Result]) -> None:
        """Append the results to a part, from where it ends."""
        with self._kept.opened(self._path) as start:
            if not (start.is_finished and self._target.exists() and not self._part.exists()):
                self._append(results, start)
                self._kept.finish(self._part, self._target)
                self._part.unlink(missing_ok=True)
            self._kept.manifest.path.unlink()

    def _append(self, results: Iterator[Result], done: Progress) -> None:
        last = ""
        with naming(self._part), _opened_at(self._part, done.size) as stream:
            try:
                for result in results:
                    self._kept.append(stream, result.piece.segments, result.encoded, result.outcome.sizes[0])
                    _sync(stream)
                    rejects = self._kept.rejects.write(result.outcome.rejects)
                    size, table = stream.tell(), self._kept.head.first
                    done = Progress(result.piece.following, size=size, rejects=rejects, table=table)
                    self._kept.manifest.note(result.piece, done)
                    last = result.piece.segments[-1].source[0]
                self._kept.complete(stream)
            except BaseException:
                if done.position == BEGINNING:
                    self._part.unlink()
                    self._kept.manifest.path.unlink()
                else:
                    self._kept.told(str(self._part), last)
                raise
            _copy_mode(self._target, self._part)
        self._kept.manifest.note(None, replace(done, is_finished=True))


class FolderOutput:
    """A file per input in a folder; each appears when its input is tagged."""

    def __init__(self, path: str, names: Sequence[str], kept: Kept) -> None:
        self._path, self._names, self._kept = path, names, kept
        self._root = Path(path)

    def write(self, results: Iterator[Result]) -> None:
        """Write each input's results to its own part."""
        with ExitStack() as stack:
            if is_remote(self._path):
                self._root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nertagger-")))
                self._kept.manifest.path = self._root / self._kept.manifest.path.name
            make_folder(self._root)
            done = stack.enter_context(self._kept.opened(self._path))
            if not done.is_finished:
                self._write(results, done)

    def _write(self, results: Iterator[Result], done: Progress) -> None:
        files = _OpenFile(self._root, self._names, done)
        last = ""
        try:
            for result in results:
                finished = self._write_piece(result, files)
                if len(finished) > _MANY and hasattr(os, "sync"):
                    os.sync()
                rejects = self._kept.rejects.write(result.outcome.rejects)
                done = Progress(result.piece.following, files.name, files.sync(), rejects)
                self._kept.manifest.note(result.piece, done)
                last = result.piece.segments[-1].source[0]
            self._kept.manifest.note(None, replace(done, is_finished=True))
        except BaseException:
            if done.position == BEGINNING:
                files.remove()
                self._kept.manifest.path.unlink()
            else:
                self._kept.told(self._path, last)
            raise
        finally:
            files.close()

    def _write_piece(self, result: Result, files: _OpenFile) -> list[Path]:
        """Append the segments of a piece to their outputs; return the outputs that are complete."""
        finished = []
        for segment, size in zip(result.piece.segments, result.outcome.sizes, strict=True):
            stream = files.open(segment.file)
            with naming(files.part):
                self._kept.append(stream, [segment], result.encoded, size)
                if segment.is_last:
                    self._kept.complete(stream)
            if segment.is_last:
                part, target = files.part, files.target
                files.close()
                if len(result.piece.segments) > _MANY and self._kept.finish is move_into_place:
                    os.replace(part, target)
                else:
                    self._kept.finish(part, target)
                    part.unlink(missing_ok=True)
                finished.append(target)
                if is_remote(self._path):
                    upload(target, f"{self._path.rstrip('/')}/{target.relative_to(self._root).as_posix()}")
                    target.unlink()
        return finished


class _OpenFile:
    """The output of the input that is being tagged."""

    def __init__(self, root: Path, names: Sequence[str], done: Progress) -> None:
        self._root, self._names, self._done = root, names, done
        self._stream: BinaryIO | None = None
        self.name = ""

    @property
    def target(self) -> Path:
        return self._root / self.name

    @property
    def part(self) -> Path:
        return Path(f"{self.target}{PART}")

    def open(self, file: int) -> BinaryIO:
        """Return the open part of the output of a file."""
        if self._stream is None:
            self.name = self._names[file]
            make_folder(self.target.parent)
            self._stream = open(self.part, "ab")  # noqa: SIM115
            size = self._done.size if self.name == self._done.output else 0
            _expect_size(self.part, size)
            self._stream.truncate(size)
            self._stream.seek(size)
        return self._stream

    def sync(self) -> int:
        """Bring the part to the disk; return its size, 0 if none is open."""
        if self._stream is None:
            return 0
        _sync(self._stream)
        return self._stream.tell()

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        self._stream, self.name = None, ""

    def remove(self) -> None:
        """Remove the part."""
        if self._stream is not None:
            self.part.unlink(missing_ok=True)


@contextmanager
def _opened_at(part: Path, size: int) -> Iterator[BinaryIO]:
    """Open a part to append to its first `size` bytes."""
    with part.open("ab") as stream:
        _expect_size(part, size)
        stream.truncate(size)
        stream.seek(size)
        yield stream


def _expect_size(part: Path, size: int) -> None:
    """Raise UsageError if a part is shorter than its manifest says."""
    if part.stat().st_size < size:
        raise UsageError(f"{part}: the file was changed since the interruption; leave out --resume to start over")


def _sync(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    while size:
        data = source.read(min(size, shutil.COPY_BUFSIZE))  # type: ignore[attr-defined]
        target.write(data)
        size -= len(data)


def _copy_mode(target: Path, part: Path) -> None:
    """Give the part the permissions of the file that it will replace."""
    if target.exists():
        shutil.copymode(target, part)
