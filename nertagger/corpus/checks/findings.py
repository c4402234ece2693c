"""Findings of a check: kinds of faults with severity and remedy, their counts, and the places of the first ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_MAX_PLACES = 10


class Severity(StrEnum):
    """Severity of a finding: errors lead to wrong models or scores, warnings may do so, notes are information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    Attributes:
        code: its name for programs.
        severity: how much it matters.
        title: what is wrong, in the plural.
        remedy: what to do about it.
    """

    code: str
    severity: Severity
    title: str
    remedy: str

    @classmethod
    def error(cls, code: str, title: str, remedy: str) -> Kind:
        """Return a kind of fault that leads to wrong models or scores."""
        return cls(code, Severity.ERROR, title, remedy)

    @classmethod
    def warning(cls, code: str, title: str, remedy: str) -> Kind:
        """Return a kind of fault that may lead to wrong models or scores."""
        return cls(code, Severity.WARNING, title, remedy)

    @classmethod
    def note(cls, code: str, title: str, remedy: str) -> Kind:
        """Return a kind of information."""
        return cls(code, Severity.NOTE, title, remedy)


@dataclass(slots=True)
class Finding:
    """All faults of one kind in a file.

    Attributes:
        kind: the kind of fault.
        file: path of the file.
        count: number of faults.
        places: line and detail of the first ones; the line is 1 if the whole file is meant.
    """

    kind: Kind
    file: str
    count: int = 0
    places: list[tuple[int, str]] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line of the first fault."""
        return self.places[0][0]

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``nertagger check --json`` prints."""
        return {
            "code": self.kind.code,
            "severity": self.kind.severity.value,
            "file": self.file,
            "line": self.line,
            "count": self.count,
            "title": self.kind.title,
            "remedy": self.kind.remedy,
            "places": [{"line": line, "detail": detail} for line, detail in self.places],
        }


class Findings:
    """A collection of findings, by kind and file."""

    def __init__(self) -> None:
        self._found: dict[tuple[Kind, str], Finding] = {}

    def add(self, kind: Kind, file: str, line: int = 1, detail: str = "", *, count: int = 1) -> None:
        """Add faults of this kind in a file."""
        finding = self._found.setdefault((kind, file), Finding(kind, file))
        finding.count += count
        if len(finding.places) < _MAX_PLACES:
            finding.places.append((line, detail))

    def __iter__(self) -> Iterator[Finding]:
        """Iterate over the findings by severity (errors first), file and line."""
        order = list(Severity)
        files = list(dict.fromkeys(file for _, file in self._found))
        found = self._found.values()
        return iter(sorted(found, key=lambda f: (order.index(f.kind.severity), files.index(f.file), f.line)))

    def number_of(self, severity: Severity) -> int:
        """Return the number of faults of this severity."""
        return sum(f.count for f in self._found.values() if f.kind.severity is severity)
