"""A file read for checking: whatever a strict reading would refuse or repair becomes a finding with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.projection import JOINED, OVERLAPPING, SPLIT, TRIMMED
from nertagger.corpus.source import MISSING_TAGS, RAGGED_ROWS, UNKNOWN_TAGS, Source
from nertagger.text.document import Document, Sentence

UNREADABLE = Kind.error("unreadable", "the file cannot be read", "fix what the message says, or the format")
EMPTY = Kind.error("empty", "no sentence in the file", "give a file with annotated sentences")
UNANNOTATED = Kind.error("unannotated", "sentences without tags", "annotate them, or name the tags' column")
NO_ENTITY = Kind.warning("no-entity", "no entity in the whole file", "see whether this is the right column")

_FAULTY = Kind.error("faulty-row", "rows that are not as the format says", "fix the rows")
_CHANGED = Kind.warning("changed", "what the reader changed", "fix it in the file to have it your way")
_KINDS = {
    RAGGED_ROWS: Kind.error("ragged-row", "rows with more or fewer columns than most", "fix the rows"),
    UNKNOWN_TAGS: Kind.error(
        "unknown-tag", "tags that are neither O nor prefix-label", "fix the tags: O, B-PER, I-PER, ..."
    ),
    MISSING_TAGS: Kind.error("missing-tag", "words without a tag beside others with tags", "give them tags: O, ..."),
    OVERLAPPING: Kind.error("overlap", "entities that overlap; the first and longest is kept", "keep one of them"),
    SPLIT: Kind.warning(
        "off-token",
        "entities with an edge inside a token, which was split there",
        "see whether the offsets are right; give the tokens in the file to have others",
    ),
    JOINED: Kind.warning(
        "across-sentences",
        "entities across a sentence end, whose sentences were joined",
        "see whether the offsets are right",
    ),
    TRIMMED: Kind.warning("edge-space", "entities with white space at their edges", "move their offsets"),
}
_BLANK = Kind.warning("blank-token", "rows whose token is blank", "remove the rows or put their token back")


@dataclass
class Watched(Source):
    """A lenient source whose repairs are findings.

    Attributes:
        findings: where they go.
    """

    findings: Findings = field(default_factory=Findings)

    def repair(self, line: int, kind: str, problem: str, number: int = 1) -> None:
        """Note what strict reading refuses."""
        self.findings.add(_KINDS.get(kind, _FAULTY), self.name, line, problem)

    def refuse(self, line: int, kind: str, problem: str) -> None:
        """Note what no reading repairs."""
        self.repair(line, kind, problem)

    def leave_out(self, line: int, kind: str, problem: str) -> None:
        """Note what strict reading refuses and lenient reading leaves out."""
        self.repair(line, kind, problem)

    def count(self, line: int, kind: str, number: int = 1, *, example: str = "") -> None:
        """Note what every reading changes."""
        known = _BLANK if kind.startswith("blank tokens") else _KINDS.get(kind, _CHANGED)
        self.findings.add(known, self.name, line, example or (kind if known is _CHANGED else ""), count=number)

    def report(self) -> None:
        """Nothing: it is all in the findings."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was read.

    Attributes:
        name: its path.
        split: ``train``, ``dev``, ``test``, or nothing.
        documents: its records, repaired.
        rows: whether each token has a line of its own.
    """

    name: str
    split: str
    documents: tuple[Document, ...]
    rows: bool

    @property
    def sentences(self) -> Iterator[Sentence]:
        """All sentences, in order."""
        return (sentence for document in self.documents for sentence in document.sentences)

    def line(self, sentence: Sentence, token: int = 0) -> int:
        """The line that a token of a sentence is in, 1 if it is not known."""
        _, _, number = sentence.source.rpartition(":")
        return int(number) + (token if self.rows else 0) if number.isdigit() else 1
