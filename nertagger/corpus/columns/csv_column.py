"""A column of a CSV or TSV file: cells can have line ends, and any of ``,;|`` or a tab may separate them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from nertagger.corpus.columns.rows import Columns, entities_of, row_document, row_of
from nertagger.corpus.cutting.rejects import BulkSource, Reject
from nertagger.corpus.encoding import open_undeclared
from nertagger.corpus.line_ends import split_lines
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, json_line
from nertagger.corpus.tables.csv_rows import DELIMITERS, LITERAL_QUOTES, Row, is_separator_line, parse_row, read_rows
from nertagger.errors import DataError
from nertagger.grouping import blocks_of
from nertagger.printable import counted
from nertagger.text.document import Document

_BLANK_ROWS = "blank lines left out"


@dataclass(frozen=True)
class CsvRows:
    """Rows of one table, each with as many cells as its header.

    Attributes:
        names: the cells of the header.
        delimiter: what separates cells.
        line_end: what ends a row.
        rows: the cells of each row; a `Reject` for one that has more or fewer.
    """

    name: str
    start: int
    size: int
    names: Sequence[str]
    delimiter: str
    line_end: str
    columns: Columns
    rows: Sequence[list[str] | Reject]

    @property
    def signature(self) -> str:
        """The names of the columns."""
        return "columns " + ", ".join(self.names)

    def documents(self, source: BulkSource) -> Iterator[Document]:
        """Yield one document per row."""
        source.name = self.name
        at = self.names.index(self.columns.text)
        for row in self.rows:
            if isinstance(row, Reject):
                assert source.rejects is not None
                source.rejects.append(row)
            else:
                yield row_document(source, row[at], row)

    def header(self, to: str) -> bytes:
        """Return the header with the new column."""
        return b"" if to == "jsonl" else self._line([*self.names, self.columns.entities], to)

    def write(self, stream: BinaryIO, documents: Iterable[Document], to: str) -> None:
        """Write the rows as CSV, TSV or JSON lines."""
        for document in documents:
            cells, entities = cast("list[str]", row_of(document)), entities_of(document)
            if to == "jsonl":
                record = dict(zip(self.names, cells, strict=True)) | {self.columns.entities: entities}
                stream.write(f"{json_line(record)}\n".encode())
            else:
                stream.write(self._line([*cells, json_line(entities)], to))

    def _line(self, cells: Sequence[str], to: str) -> bytes:
        """Return a row; all cells are quoted if one has a carriage return, which Python before 3.13 does not quote."""
        delimiter = "\t" if to == "tsv" else "," if self.delimiter == "\t" else self.delimiter
        line = io.StringIO(newline="")
        if self.line_end == "\n" and any("\r" in cell for cell in cells):
            csv.writer(line, delimiter=delimiter, lineterminator=self.line_end, quoting=csv.QUOTE_ALL).writerow(cells)
        else:
            csv.writer(line, delimiter=delimiter, lineterminator=self.line_end).writerow(cells)
        return line.getvalue().encode(errors="surrogatepass")


def cut_csv(source: BulkSource, columns: Columns, size: int, *, is_tabbed: bool) -> Iterator[CsvRows]:
    """Yield parts of a table of at least `size` characters each, except the last.

    Raises:
        DataError: if there is no such column, or a row has too many or too few cells and bad rows are errors.
    """
    with open_undeclared(source) as text:
        lines = split_lines(text)
        above, header = 0, ""
        for header in lines:
            if header.strip(" \t\r\n") and not is_separator_line(header):
                break
            above += 1
        if not header.strip(" \t\r\n"):
            return  # an empty file
        delimiter, names = _header(header.rstrip("\r\n"), columns.text, is_tabbed=is_tabbed)
        columns.check(names, source.name, above + 1)
        if len(set(names)) < len(names):
            problem = f"two columns have the same name: {', '.join(names)}"
            source.fail(above + 1, DataError(problem, remedy="rename one"))
        line_end = "\r\n" if header.endswith("\r\n") else "\n"

        def part(start: int, held: list[list[str] | Reject], characters: int) -> CsvRows:
            return CsvRows(source.name, start, characters, names, delimiter, line_end, columns, held)

        rows = read_rows(lines, delimiter, len(names), of_texts=True)
        start, is_empty = 0, True
        checked = _checked(rows, above + 1, len(names), delimiter, source)
        for held, characters in blocks_of(checked, size, _characters):
            yield part(start, held, characters)
            start, is_empty = start + characters, False
        if is_empty:
            yield part(0, [], 0)


def _characters(row: list[str] | Reject) -> int:
    return sum(map(len, row)) if isinstance(row, list) else 0


def _header(line: str, column: str, *, is_tabbed: bool) -> tuple[str, list[str]]:
    """Return the delimiter by which a header names the column, else the most frequent one, and the names."""
    delimiters = "\t" if is_tabbed else DELIMITERS
    split = {one: parse_row(line, one) or line.split(one) for one in delimiters}
    named = (one for one in delimiters if column in split[one])
    delimiter = next(named, max(delimiters, key=line.count))
    return delimiter, split[delimiter]


def _checked(
    rows: Iterable[Row], above: int, columns: int, delimiter: str, source: BulkSource
) -> Iterator[list[str] | Reject]:
    """Yield the cells of each row that has the right number; a row of another number is an error or a reject."""
    for row in rows:
        line = row.line + above
        if row.is_literal:
            source.count(line, LITERAL_QUOTES)
        if len(row.cells) == columns:
            yield row.cells
        elif row.cells == [""]:
            source.count(line, _BLANK_ROWS)
        else:
            error = DataError(f"row has {counted(len(row.cells), 'cell')}", expected=f"{columns} as in the header")
            source.leave_out(line, UNREADABLE_ROWS, error)
            if source.rejects:
                yield source.rejects.pop()._replace(record=delimiter.join(row.cells))
