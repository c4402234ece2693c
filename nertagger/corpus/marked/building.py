"""The record of a text that is built from pieces, some of which marks make entities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.json_values import Record
from nertagger.corpus.records.mentions import UNREADABLE_ENTITIES
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_SHOWN = 60  # characters of a mark in a message
_UNREAD = "marks of entities removed from the text"


class MarkedText:
    """A text and its entities while a reader goes through the marks.

    Args:
        number: the line where it begins, for messages.
        source: the file.
        fields: other fields of the record.
        edges: white space that is removed where the text begins and ends.
    """

    def __init__(self, number: int, source: Source, fields: Record | None = None, *, edges: str = " \t\r\n") -> None:
        self._number, self._source, self._fields, self._edges = number, source, fields or {}, edges
        self._pieces: list[str] = []
        self._length = 0
        self._entities: list[Record] = []
        self._failed = False
        self._opened: list[tuple[str, str, int, str]] = []  # name, label, start and mark of each open one

    def add(self, piece: str) -> None:
        """Append characters."""
        self._pieces.append(piece)
        self._length += len(piece)

    def open(self, name: str, label: str, mark: str) -> None:
        """Begin an entity; `name` is that by which it is closed, `mark` what messages show."""
        self._opened.append((name, label, self._length, mark))

    def mark(self, text: str, label: str) -> None:
        """Append the characters of an entity."""
        start = self._length
        self.add(text)
        self._entities.append({"start": start, "end": self._length, "label": label})

    def close(self, name: str) -> bool:
        """End the last open entity of this name; return False if there is none."""
        for place, (opened, label, start, _) in reversed(list(enumerate(self._opened))):
            if opened == name:
                del self._opened[place]
                self._entities.append({"start": start, "end": self._length, "label": label})
                return True
        return False

    def fail(self, problem: str) -> None:
        """Raise an error about a mark, or count it if the source is lenient."""
        self._failed = True
        if self._source.annotation:
            error = DataError(problem, remedy="fix it, or name the format text to read marks as words")
            self._source.leave_out(self._number, UNREADABLE_ENTITIES, error)

    def count(self, kind: str, example: str) -> None:
        """Count what is not read."""
        self._source.count(self._number, kind, example=example[:_SHOWN])

    def documents(self, *, opens: bool = False) -> Iterator[Document]:
        """Yield the document, without white space at its edges; nothing if it has no other characters.

        Raises:
            DataError: if a mark is not closed, or an entity is empty or overlaps another.
        """
        for *_, mark in self._opened:
            self.fail(f"the mark {mark!r} is not closed")
        whole = "".join(self._pieces)
        before, text = len(whole) - len(whole.lstrip(self._edges)), whole.strip(self._edges)
        if not text and not self._entities:
            return
        entities = [placed for entity in self._entities if (placed := self._placed(entity, text, before))]
        if entities and not self._source.annotation:
            self._source.count(self._number, _UNREAD, len(entities))
        are_known = entities or not self._failed  # else those of the text are unknown
        record = {**self._fields, "text": text} | ({"entities": entities} if are_known else {})
        for document in read_record(record, self._number, self._source):
            yield replace(document, opens=True) if opens else document

    def _placed(self, entity: Record, text: str, before: int) -> Record | None:
        """Return the entity with offsets in the text, which begins after some characters; None if it is empty."""
        start, end = (min(max(entity[name] - before, 0), len(text)) for name in ("start", "end"))
        if not text[start:end].strip():
            self.fail(f"a mark of {entity['label']} without text")
            return None
        return {**entity, "start": start, "end": end, "text": text[start:end]}
