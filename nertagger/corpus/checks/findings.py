"""What a check finds: kinds of faults with their severity and remedy, counted, with the places of the first ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_PLACES_KEPT = 10


class Severity(StrEnum):
    """How much a finding matters: errors make wrong models or scores, warnings may, notes say what is there."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: its name for programs, how bad it is, what it is, and what to do."""

    code: str
    severity: Severity
    title: str
    remedy: str

    @classmethod
    def error(cls, code: str, title: str, remedy: str) -> Kind:
        """A kind that makes wrong models or scores."""
        return cls(code, Severity.ERROR, title, remedy)

    @classmethod
    def warning(cls, code: str, title: str, remedy: str) -> Kind:
        """A kind that may make them."""
        return cls(code, Severity.WARNING, title, remedy)

    @classmethod
    def note(cls, code: str, title: str, remedy: str) -> Kind:
        """A kind of what is worth to know."""
        return cls(code, Severity.NOTE, title, remedy)


@dataclass(slots=True)
class Finding:
    """All faults of a kind in a file.

    Attributes:
        kind: what was found.
        file: where, or the first of two files that do not fit.
        count: how often.
        places: the first ones, as ``(line, detail)``; the line is 1 where it is the file as a whole.
    """

    kind: Kind
    file: str
    count: int = 0
    places: list[tuple[int, str]] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line of the first."""
        return self.places[0][0]

    def to_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
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
    """Collects faults as they are found."""

    def __init__(self) -> None:
        self._found: dict[tuple[Kind, str], Finding] = {}

    def add(self, kind: Kind, file: str, line: int = 1, detail: str = "", *, count: int = 1) -> None:
        """Count a fault of this kind in a file."""
        finding = self._found.setdefault((kind, file), Finding(kind, file))
        finding.count += count
        if len(finding.places) < _PLACES_KEPT:
            finding.places.append((line, detail))

    def __iter__(self) -> Iterator[Finding]:
        """The findings, errors first, in each severity in the order of files and lines."""
        order = list(Severity)
        files = list(dict.fromkeys(file for _, file in self._found))
        found = self._found.values()
        return iter(sorted(found, key=lambda f: (order.index(f.kind.severity), files.index(f.file), f.line)))

    def number_of(self, severity: Severity) -> int:
        """How many faults are of this severity."""
        return sum(f.count for f in self._found.values() if f.kind.severity is severity)
