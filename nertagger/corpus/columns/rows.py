"""The rows of a table as documents: what the parts of all kinds of tables have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from nertagger.corpus.cutting.contents import Content
from nertagger.corpus.cutting.rejects import BulkSource
from nertagger.errors import DataError
from nertagger.text.document import Document
from nertagger.text.records import Record, entity_record

_ROW = "row"
_MISSING = "missing"


@dataclass(frozen=True)
class Columns:
    """The column that is tagged, and the new one.

    Attributes:
        text: the name of the first.
        entities: the name of the second.
        has_rules: whether entities can have been found by a rule, which they then name.
    """

    text: str
    entities: str = "entities"
    has_rules: bool = False

    def check(self, names: Sequence[str], path: str, line: int | None = 1) -> None:
        """Raise DataError unless a table has the first column and not the second."""
        if self.text not in names:
            shown = ", ".join(names) or "(none)"
            raise DataError(f"there is no column {self.text!r}; there are {shown}", path=path, line=line)
        if self.entities in names:
            problem = f"there is a column {self.entities!r} already"
            raise DataError(problem, path=path, line=line, remedy="name the new one with --entities-column")


class Rows(Content, Protocol):
    """A part of a table."""

    @property
    def signature(self) -> str:
        """What the tables in one output must have in common."""

    def header(self, to: str) -> bytes:
        """Return the beginning of a table of the kind `to`."""

    def write(self, stream: BinaryIO, documents: Iterable[Document], to: str) -> None:
        """Write the rows of the documents, in order, each with its entities."""


def row_document(source: BulkSource, text: str | None, row: object = None) -> Document:
    """Return the document of a row, which holds the row; of a missing text it is empty."""
    document = source.segmented(text or "")
    meta: Record = {_ROW: row} | ({_MISSING: True} if text is None else {})
    return Document(document.text, document.sentences, source=source.name, meta=meta)


def row_of(document: Document) -> object:
    """Return the row that `row_document` was given."""
    return document.meta[_ROW]


def entities_of(document: Document) -> list[Record] | None:
    """Return the entities as JSON can hold them; None if the text is missing."""
    return None if _MISSING in document.meta else [entity_record(entity) for entity in document.entities]
