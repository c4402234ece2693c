"""A field of JSON lines; what else a line holds is written as it was read, character by character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from nertagger.corpus.columns.rows import Columns, entities_of, row_document, row_of
from nertagger.corpus.cutting.contents import Lines
from nertagger.corpus.cutting.files import cut
from nertagger.corpus.cutting.rejects import BulkSource, Reject
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, described, json_line, parse_json
from nertagger.errors import DataError
from nertagger.text.document import Document


@dataclass(frozen=True)
class JsonRows:
    """JSON lines; a `Reject` for a line that is not text."""

    name: str
    start: int
    size: int
    columns: Columns
    lines: Sequence[str | Reject]
    first_line: int

    @property
    def signature(self) -> str:
        """Nothing: objects can differ."""
        return ""

    def documents(self, source: BulkSource) -> Iterator[Document]:
        """Yield one document per object."""
        lines = [line if isinstance(line, str) else "" for line in self.lines]
        here = replace(source, name=self.name, lines=lines, first_line=self.first_line)
        for number, line in enumerate(self.lines, self.first_line):
            if isinstance(line, Reject):
                assert here.rejects is not None
                here.rejects.append(line)
            elif row := line.strip(" \t\r\n"):
                try:
                    text = self._text(row)
                except DataError as error:
                    here.leave_out(number, UNREADABLE_ROWS, error)
                else:
                    yield row_document(here, text, row)

    def header(self, to: str) -> bytes:
        """Return nothing: JSON lines have no header."""
        return b""

    def write(self, stream: BinaryIO, documents: Iterable[Document], to: str) -> None:
        """Write each line with one more field."""
        name = json_line(self.columns.entities)
        for document in documents:
            row = cast(str, row_of(document))
            stream.write(f"{row[:-1].rstrip()}, {name}: {json_line(entities_of(document))}}}\n".encode())

    def _text(self, row: str) -> str | None:
        """Return the text of an object, None if it is null.

        Raises:
            DataError: if the line is not an object with this field, or the field is not text.
        """
        record = parse_json(row)
        if not isinstance(record, dict):
            raise DataError(got=described(record), expected="a JSON object")
        name = self.columns.text
        if name not in record:
            raise DataError(f"there is no field {name!r}; there are {', '.join(record) or '(none)'}")
        if self.columns.entities in record:
            problem = f"there is a field {self.columns.entities!r} already"
            raise DataError(problem, remedy="name the new one with --entities-column")
        text = record[name]
        if text is not None and not isinstance(text, str):
            raise DataError(got=f"{described(text)} in the field {name!r}", expected="a string or null")
        return text


def cut_jsonl(source: BulkSource, columns: Columns, size: int) -> Iterator[JsonRows]:
    """Yield parts of at least `size` characters each, except the last.

    Raises:
        DataError: if the file is one JSON value, not JSON lines.
    """
    for part in cut(source, "jsonl", size=size):
        if isinstance(part, Lines):
            yield JsonRows(part.name, part.start, part.size, columns, part.lines, part.first_line)
        elif rejects := list(getattr(part, "rejects", ())):
            yield JsonRows(part.name, part.start, part.size, columns, rejects, rejects[0].line or 1)
        else:
            problem = "is one JSON value in several lines"
            raise DataError(problem, path=part.name, expected="an object per line", remedy="convert it first")
