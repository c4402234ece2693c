"""Records that cannot be read, collected with the reason while the reading continues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.printable import printable


class Reject(NamedTuple):
    """A record that could not be read.

    Attributes:
        path: the file.
        line: the line or row where it begins, None if the rest of the file is meant.
        reason: what is wrong with it.
        record: the record as it is in the file, None if that is not known.
    """

    path: str
    line: int | None
    reason: str
    record: str | None = None


@dataclass
class BulkSource(Source):
    """A part of a file: what is repaired is counted for the whole file to be reported, and bad records are collected.

    Attributes:
        rejects: the bad records so far; None if a bad record is an error.
        lines: the lines of this part, to quote bad records from.
    """

    rejects: list[Reject] | None = None
    lines: Sequence[str] = ()

    def report(self) -> None:
        """Do nothing: the parts of a file are reported together."""

    def leave_out(self, line: int, kind: str, error: DataError) -> None:
        """Collect a bad record, if they are collected."""
        if self.rejects is None:
            super().leave_out(line, kind, error)
        else:
            at = line - self.first_line
            record = self.lines[at].rstrip("\r\n") if 0 <= at < len(self.lines) else None
            self.rejects.append(Reject(self.name, line, printable(error.message), record))

    def repair(self, line: int, kind: str, error: DataError) -> None:
        """Count a repair if the source is lenient, else raise the error, which its record is left out for."""
        if self.rejects is None or self.lenient:
            super().repair(line, kind, error)
        else:
            raise error

    def reject_rest(self, error: DataError) -> Reject:
        """Return what says that this file could not be read to its end."""
        line = error.line if error.path == self.name else None
        place = "" if error.path in (self.name, None) else f"{error.path}: "
        return Reject(self.name, line, f"{place}{error.message}; the rest of the file was not read")
