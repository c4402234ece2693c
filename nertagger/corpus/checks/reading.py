"""Reading a file for a check: everything that a reader would reject or repair becomes a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.projection import JOINED_SENTENCES, OVERLAPPING_ENTITIES, SPLIT_TOKENS, TRIMMED_ENTITIES
from nertagger.corpus.source import BLANK_TOKENS, MISSING_TAGS, RAGGED_ROWS, UNKNOWN_TAGS, Source, place_of
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence

UNREADABLE = Kind.error("unreadable", "the file cannot be read", "fix the problem, or name another format")
EMPTY = Kind.error("empty", "no sentence in the file", "give a file with annotated sentences")
UNANNOTATED = Kind.error("unannotated", "sentences without tags", "annotate them, or name the tags' column")
NO_ENTITY = Kind.warning("no-entity", "no entity in the whole file", "check whether this is the right column")

_FAULTY = Kind.error("faulty-row", "rows that do not follow the format", "fix the rows")
_CHANGED = Kind.warning("changed", "changes that the reader makes", "edit the file to avoid them")
_KINDS = {
    RAGGED_ROWS: Kind.error("ragged-row", "rows with more or fewer columns than most", "fix the rows"),
    UNKNOWN_TAGS: Kind.error(
        "unknown-tag", "tags that are neither O nor prefix-label", "fix the tags: O, B-PER, I-PER, ..."
    ),
    MISSING_TAGS: Kind.error("missing-tag", "words without a tag although others have tags", "give them tags: O, ..."),
    OVERLAPPING_ENTITIES: Kind.error(
        "overlap", "entities that overlap; the first and longest is kept", "keep one of them"
    ),
    SPLIT_TOKENS: Kind.warning(
        "off-token", SPLIT_TOKENS, "check the offsets; give the tokens in the file to avoid splitting"
    ),
    JOINED_SENTENCES: Kind.warning("across-sentences", JOINED_SENTENCES, "check the offsets"),
    TRIMMED_ENTITIES: Kind.warning("edge-space", "entities with white space at their edges", "move their offsets"),
    BLANK_TOKENS: Kind.warning("blank-token", "rows whose token is blank", "remove the rows or insert their token"),
}


@dataclass
class RecordingSource(Source):
    """A lenient source that records repairs as findings.

    Attributes:
        findings: receives the findings.
    """

    findings: Findings = field(default_factory=Findings)

    def repair(self, line: int, kind: str, error: DataError) -> None:
        """Record an error that lenient reading repairs."""
        self.findings.add(_KINDS.get(kind, _FAULTY), self.name, line, error.message)

    def refuse(self, line: int, kind: str, error: DataError) -> None:
        """Record an error that cannot be repaired."""
        self.repair(line, kind, error)

    def leave_out(self, line: int, kind: str, error: DataError) -> None:
        """Record an error whose data lenient reading leaves out."""
        self.repair(line, kind, error)

    def count(self, line: int, kind: str, number: int = 1, *, example: str = "") -> None:
        """Record changes that are made whether or not the source is lenient."""
        known = _KINDS.get(kind, _CHANGED)
        self.findings.add(known, self.name, line, example or (kind if known is _CHANGED else ""), count=number)

    def report(self) -> None:
        """Log nothing, as everything is in the findings."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was read for a check.

    Attributes:
        name: its path.
        split: ``train``, ``dev``, ``test``, or empty.
        documents: its records, after repairs.
        rows: whether each token is on a line of its own.
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
        """Return the line of a token of a sentence, or 1 if it is unknown."""
        _, line = place_of(sentence)
        return 1 if line is None else line + (token if self.rows else 0)
