"""The manifest of a run: what is asked for, and after each piece how far the output has come, a line of JSON each.

A line is written when the output of its piece is on the disk. A process that is killed at any moment therefore leaves
an output of which the last line says how much is complete.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.job import File, Job
from nertagger.cli.tagging.pieces import BEGINNING, Piece, Position
from nertagger.cli.tagging.rules import RuleOptions
from nertagger.modelfile.model_file import ModelFile

Request = Mapping[str, Any]
"""What is asked for, ready for JSON; equal requests have equal outputs for equal files."""

_KINDS = {
    "job": "options",
    "rules": "rules",
    "to": "format or scheme",
    "model": "model",
    "shard": "shard",
    "root": "folder of the input",
}
_START_OVER = "leave out --resume to start over"


def describe_request(
    job: Job, rules: RuleOptions, to: Sequence[object], model: ModelFile, shard: object, root: str
) -> Request:
    """Return a description of what is asked for, except the files."""
    values = {"job": asdict(job), "to": to, "model": dict(model.hashes), "shard": shard, "root": root}
    values["rules"] = rules.describe()
    described: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return described


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes:
        position: the beginning of the next piece.
        output: the name of the output that is being written.
        size: its bytes that are complete.
        rejects: the bytes of the file of rejects that are complete.
        table: the first table in the output and its columns.
        is_finished: whether everything is tagged.
    """

    position: Position = BEGINNING
    output: str = ""
    size: int = 0
    rejects: int = 0
    table: Sequence[str] | None = None
    is_finished: bool = False


@dataclass
class Manifest:
    """The manifest at a path.

    Attributes:
        path: the file.
        request: what is asked for.
        files: the input.
    """

    path: Path
    request: Request
    files: Sequence[File]
    _stream: BinaryIO | None = None
    _noted: int = field(default=0)

    def find(self) -> Progress | None:
        """Return how far the interrupted run of this request has come, None if there was none.

        Raises:
            UsageError: if something else was asked of it, or a file that it has read was changed.
        """
        lines = _lines(self.path)
        if not lines:
            return None
        if changed := [words for key, words in _KINDS.items() if lines[0].get(key) != self.request[key]]:
            raise UsageError(f"{self.path}: {' and '.join(changed)} differ since the interruption; {_START_OVER}")
        noted = [state for line in lines[1:] for state in line["inputs"]]
        self._check_files(noted)
        self._noted = len(noted)
        if len(lines) == 1:
            return Progress()
        fields = {key: value for key, value in lines[-1].items() if key != "inputs"}
        return Progress(**{**fields, "position": Position(*fields["position"])})

    def _check_files(self, noted: Sequence[Sequence[Any]]) -> None:
        """Raise UsageError unless the files that were read are the first of the input, and unchanged."""
        for number, (path, *state) in enumerate(noted):
            if number >= len(self.files) or self.files[number][0] != path:
                problem = "is no longer part of the input" if os.path.exists(path) else "has vanished"
                before = {path for path, *_ in noted}
                new = next((name for name, _ in self.files[: number + 1] if name not in before), None)
                if os.path.exists(path) and new is not None:
                    path, problem = new, "is new, and comes before files that are tagged already"
            elif state != _state(path):
                problem = "was changed"
            else:
                continue
            raise UsageError(f"{path}: {problem} since the interruption; {_START_OVER}")

    def begin(self) -> None:
        """Write the request, in place of an earlier manifest."""
        self._stream = self.path.open("wb")
        self._noted = 0
        self._write(self.request)

    def resume(self) -> None:
        """Remove an incomplete last line, in order to append others."""
        self._stream = self.path.open("r+b")
        end = self._stream.read().rfind(b"\n") + 1
        self._stream.seek(end)
        self._stream.truncate()

    def note(self, piece: Piece | None, progress: Progress) -> None:
        """Write how far the run is after a piece."""
        until = self._noted
        if piece is not None:
            until = max(until, piece.segments[-1].file + 1)
        states = [[path, *_state(path)] for path, _ in self.files[self._noted : until]]
        self._noted = until
        self._write({**asdict(progress), "inputs": states})

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()

    def _write(self, value: Mapping[str, Any]) -> None:
        assert self._stream is not None
        self._stream.write(json.dumps(value).encode() + b"\n")
        self._stream.flush()
        os.fsync(self._stream.fileno())


def _lines(path: Path) -> list[dict[str, Any]]:
    """Return the complete lines of a manifest, none if it does not exist."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    complete = content[: content.rfind(b"\n") + 1]
    try:
        lines = [json.loads(line) for line in complete.splitlines()]
        if all(isinstance(line, dict) for line in lines) and all("inputs" in line for line in lines[1:]):
            return lines
    except ValueError:
        pass
    raise UsageError(f"{path}: is no manifest of an interrupted run; {_START_OVER}")


def _state(path: str) -> list[int]:
    """Return the size and time of a file; empty if it is remote or has vanished."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns]
