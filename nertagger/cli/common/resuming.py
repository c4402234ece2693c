"""What an interrupted `nertagger tag -o NAME` keeps, and how another run goes on from there.

Beside the output, ``NAME.part`` gets the records that were written whole, and ``NAME.part.json`` says where in the
input they end and what was asked for. The network runs again on the look-ahead in which they end, so that the same
sentences are in a batch together as without the interruption.
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
from nertagger.cli.common.tagging import File, Found, Job
from nertagger.files import COMPRESSED_SUFFIXES, atomic_write, atomic_write_text, is_stream
from nertagger.modelfile.model_file import ModelFile

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_MARKS = 0.5  # to mark a place costs a tenth of the time that a short document takes
_APPENDED = ("jsonl", "jsonl-tokens", "doccano", "prodigy", "conll", "conllu", "text")
_KINDS = {"job": "options", "to": "format or scheme", "model": "model", "files": "input files"}

Parts = Iterable[Iterator[Found]]
"""What is found in each share of the files."""


class Place(NamedTuple):
    """Where a run stands: the shares of files that are done, the documents of the next one, the bytes written."""

    shares: int = 0
    documents: int = 0
    size: int = 0


def is_resumable(output: str, format: str) -> bool:
    """Whether an output is a file to which records can be appended."""
    return format in _APPENDED and not is_stream(output) and not output.lower().endswith(COMPRESSED_SUFFIXES)


def describe(job: Job, files: Sequence[File], to: Sequence[str], model: ModelFile) -> dict[str, Any]:
    """What is asked for, such that equal descriptions have equal outputs."""
    states = [(path, name, *_state(path)) for path, name in files]
    values = {"job": asdict(job), "to": to, "model": dict(model.hashes), "files": states}
    described: dict[str, Any] = json.loads(json.dumps(values))
    return described


def _state(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns


def find_place(output: str, request: Mapping[str, Any]) -> Place:
    """Where the interrupted run of this output stopped.

    Raises:
        UsageError: if there is none, or something else was asked of it.
    """
    part, state = _paths(output)
    try:
        found = json.loads(state.read_text(encoding="utf-8"))
        place, before = Place(*found["place"]), found["request"]
        size = part.stat().st_size
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{part}: there is no interrupted run to go on with; leave out --resume") from error
    changed = [words for key, words in _KINDS.items() if before.get(key) != request[key]]
    if changed or size != place.size:
        what = f"{' and '.join(changed)} differ" if changed else "the file was changed"
        raise UsageError(f"{part}: {what} since the interruption; leave out --resume to begin anew")
    return place


@dataclass
class _Progress:
    """The records that have been written whole."""

    stream: TextIO
    place: Place
    last: str = ""

    def watch(self, parts: Parts) -> Iterator[Found]:
        """What is found, in order; whoever asks for the next one has written the one before."""
        given = written = self.place[:2]  # shares and documents of the next one; one name each, changed at once
        marked = monotonic()
        try:
            for part in parts:
                for found in part:
                    given = (written[0], written[1] + 1)
                    yield found
                    written, self.last = given, found[0].source
                    if monotonic() - marked > _SECONDS_BETWEEN_MARKS:
                        self.place, marked = Place(*written, self.stream.tell()), monotonic()
                given = written = (written[0] + 1, 0)
        except KeyboardInterrupt:
            if given == written:  # else it came between two of the lines above: the last mark holds
                self.place = Place(*written, self.stream.tell())
            raise

    def keep(self, output: str, request: Mapping[str, Any]) -> None:
        """Copy what has been written to where `find_place` finds it."""
        part, state = _paths(output)
        self.stream.flush()
        with atomic_write(part) as target, open(os.dup(self.stream.fileno()), "rb") as written:
            written.seek(0)
            copyfileobj(written, target)
            target.truncate(self.place.size)
        with atomic_write_text(state) as text:
            json.dump({"place": self.place, "request": request}, text)
        upto = f", up to a place in {self.last}" if self.last else ""
        logger.warning("stopped; %s keeps the output so far%s; go on with the same command and --resume", part, upto)


def write_resumable(
    output: str,
    parts: Parts,
    write: Callable[[TextIO, Iterator[Found]], None],
    *,
    start: Place,
    request: Mapping[str, Any],
) -> None:
    """Write what is found from `start` on below what an earlier run has kept, or keep it if this one is interrupted."""
    part, state = _paths(output)
    with atomic_write_text(output) as stream:
        if start.size:
            with part.open(encoding="utf-8", newline="") as kept:
                copyfileobj(kept, stream)
        progress = _Progress(stream, start._replace(size=stream.tell()))
        try:
            write(stream, progress.watch(parts))
        except KeyboardInterrupt:
            if progress.place.size:
                progress.keep(output, request)
            raise
    if start.size:
        part.unlink(missing_ok=True)
        state.unlink(missing_ok=True)


def _paths(output: str) -> tuple[Path, Path]:
    return Path(f"{output}.part"), Path(f"{output}.part.json")
