"""Interrupted runs of `nertagger tag -o NAME`: what they keep, and their continuation.

Beside the output, ``NAME.part`` gets the records that were written completely, and ``NAME.part.json`` the position in
the input where they end and what was asked for. The network runs again on the look-ahead window in which they end, so
that the same sentences share a batch as without the interruption.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import copyfileobj
from time import monotonic
from typing import Any, NamedTuple, TextIO

from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.job import File, Job, Tagged
from nertagger.cli.tagging.rules import RuleOptions
from nertagger.files import COMPRESSED_SUFFIXES, atomic_write, atomic_write_text, is_stream
from nertagger.modelfile.model_file import ModelFile

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_MARKS = 0.5  # marking a position takes a tenth of the time that a short document takes
_APPENDED = ("jsonl", "jsonl-tokens", "doccano", "prodigy", "conll", "conllu", "text")
_KINDS = {"job": "options", "rules": "rules", "to": "format or scheme", "model": "model", "files": "input files"}

Parts = Iterable[Iterator[Tagged]]
"""The tagged documents of each chunk of files."""
Request = Mapping[str, Any]
"""A request, as `describe_request` returns it."""


class Position(NamedTuple):
    """The position of a run: chunks of files that are done, documents of the next chunk, bytes written."""

    chunks: int = 0
    documents: int = 0
    size: int = 0


def is_resumable(output: str, format: str) -> bool:
    """Return whether an output is a file to which records can be appended."""
    return format in _APPENDED and not is_stream(output) and not output.lower().endswith(COMPRESSED_SUFFIXES)


def describe_request(
    job: Job, files: Sequence[File], to: Sequence[str], model: ModelFile, rules: RuleOptions
) -> Request:
    """Return a description, ready for JSON, of what is asked for; equal descriptions have equal outputs."""
    states = [(path, format, *_state(path)) for path, format in files]
    values = {"job": asdict(job), "to": to, "model": dict(model.hashes), "files": states, "rules": rules.describe()}
    described: dict[str, Any] = json.loads(json.dumps(values))
    return described


def _state(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns


def find_position(output: str, request: Request) -> Position:
    """Return how far the interrupted run of this output was.

    Raises:
        UsageError: if there is none, or something else was asked of it.
    """
    part, state = _paths(output)
    try:
        found = json.loads(state.read_text(encoding="utf-8"))
        position, before = Position(*found["place"]), found["request"]
        size = part.stat().st_size
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{part}: there is no interrupted run to continue; leave out --resume") from error
    changed = [words for key, words in _KINDS.items() if before.get(key) != request[key]]
    if changed or size != position.size:
        what = f"{' and '.join(changed)} differ" if changed else "the file was changed"
        raise UsageError(f"{part}: {what} since the interruption; leave out --resume to start over")
    return position


@dataclass
class _Progress:
    """The records that have been written completely."""

    stream: TextIO
    position: Position
    last: str = ""

    def watch(self, parts: Parts) -> Iterator[Tagged]:
        """Yield the tagged documents; a caller that asks for the next document has written the one before."""
        given = written = self.position[:2]  # chunks and documents of the next; one name each, so changed at once
        marked = monotonic()
        try:
            for part in parts:
                for tagged in part:
                    given = (written[0], written[1] + 1)
                    yield tagged
                    written, self.last = given, tagged[0].source
                    if monotonic() - marked > _SECONDS_BETWEEN_MARKS:
                        self.position, marked = Position(*written, self.stream.tell()), monotonic()
                given = written = (written[0] + 1, 0)
        except KeyboardInterrupt:
            if given == written:  # else it came between two of the lines above, and the last mark holds
                self.position = Position(*written, self.stream.tell())
            raise

    def keep(self, output: str, request: Request) -> None:
        """Copy what has been written to where `find_position` finds it."""
        part, state = _paths(output)
        self.stream.flush()
        with atomic_write(part) as target, open(os.dup(self.stream.fileno()), "rb") as written:
            written.seek(0)
            copyfileobj(written, target)
            target.truncate(self.position.size)
        with atomic_write_text(state) as text:
            json.dump({"place": self.position, "request": request}, text)
        upto = f", up to a place in {self.last}" if self.last else ""
        logger.warning("stopped; %s keeps the output so far%s; repeat the command with --resume", part, upto)


def write_resumable(
    output: str,
    parts: Parts,
    write: Callable[[TextIO, Iterator[Tagged]], None],
    *,
    start: Position,
    request: Request,
) -> None:
    """Write an output from `start` on, after what an earlier run has kept; if interrupted, keep what is written.

    Args:
        output: the file.
        parts: the tagged documents from `start` on.
        write: writes them to a stream.
        start: where an earlier run stopped, the beginning without one.
        request: what is asked for, to be compared when the run is resumed.
    """
    part, state = _paths(output)
    with atomic_write_text(output) as stream:
        if start.size:
            with part.open(encoding="utf-8", newline="") as kept:
                copyfileobj(kept, stream)
        progress = _Progress(stream, start._replace(size=stream.tell()))
        try:
            write(stream, progress.watch(parts))
        except KeyboardInterrupt:
            if progress.position.size:
                progress.keep(output, request)
            raise
    if start.size:
        part.unlink(missing_ok=True)
        state.unlink(missing_ok=True)


def _paths(output: str) -> tuple[Path, Path]:
    return Path(f"{output}.part"), Path(f"{output}.part.json")
