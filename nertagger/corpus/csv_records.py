"""Tables of texts: one row a record, the header its names; entities, tags or tokens as JSON (or Python) in a cell.

Label Studio's CSV and TSV are such tables, and what pandas writes of a data set.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator, Sequence
from typing import Any

from nertagger.corpus.json_values import UNREADABLE, Record, parse
from nertagger.corpus.mentions import looks_like_mentions
from nertagger.corpus.records import ANNOTATION_FIELDS, read_record
from nertagger.corpus.shapes import TEXT_FIELDS, plain_records
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_DELIMITERS = ",;\t"
_WORD_NAMES = {"word", "words", "token"}
_TEXT_NAMES = {*TEXT_FIELDS, "tokens", "html"}
_OTHER_NAMES = {"tag": "tags", "ner_tag": "tags", "entity": "entities", "annotations_json": "annotations"}
_CELL = 1 << 24  # characters; Python's own bound is 2 ** 17, and an article may be longer
_MISSING = ("", "nan", "NaN", "null", "None")


def record_delimiter(header: str) -> str | None:
    """What parts the cells of a header, if the rows below it are texts or lists of tokens; None if they are tokens.

    >>> record_delimiter("id;text;label")
    ';'
    """
    for delimiter in _DELIMITERS:
        names = {name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])}
        if len(names) > 1 and names & _TEXT_NAMES and not names & _WORD_NAMES:
            return delimiter
    return "," if header.strip(" \t\r\n\"'").lower() == "text" else None


def read_csv_records(lines: Iterator[str], source: Source, *, delimiter: str) -> Iterator[Document]:
    """One document a row, its other cells the document's ``meta``; an empty cell of annotation is none."""
    rows = _rows(lines, source, delimiter)
    _, header = next(rows, (1, []))
    names = [_name(cell) for cell in header]
    if len(set(names)) < len(names):
        source.fail(1, f"two columns have the same name, got {', '.join(names)}; rename one")
    for line, row in rows:
        try:
            for record in plain_records(_record(names, row, annotated=source.annotation)):
                yield from read_record(record, line, source)
        except _RowError as error:
            source.leave_out(line, UNREADABLE, str(error))
    source.report()


class _RowError(DataError):
    """A row that is not as the header says."""


def _rows(lines: Iterator[str], source: Source, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with the lines that they begin in."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        before = csv.field_size_limit(_CELL)
        try:
            row = next(reader, None)
        except csv.Error as error:
            source.fail(line, f"not a table: {error}; double the quotes inside a quoted cell, and close it")
        finally:
            csv.field_size_limit(before)
        if row is None:
            return
        if any(row):
            yield line, row


def _name(cell: str) -> str:
    """The name of a column: those that are read in lower case, others as they are."""
    lower = cell.strip().lower()
    lower = _OTHER_NAMES.get(lower, lower)
    return lower if lower in _TEXT_NAMES or lower in ANNOTATION_FIELDS else cell.strip()


def _record(names: Sequence[str], row: Sequence[str], *, annotated: bool) -> Record:
    if len(row) != len(names):
        raise _RowError(
            f"row has {len(row)} cells, expected {len(names)} as in the header; quote the cell that has more"
        )
    return {name: _value(name, cell, annotated=annotated) for name, cell in zip(names, row, strict=True)}


def _value(name: str, cell: str, *, annotated: bool) -> Any:
    """What a cell holds: of annotation, if it is wanted, the list that it spells, else its text."""
    is_annotation = name in ANNOTATION_FIELDS
    if is_annotation and cell.strip() in _MISSING:
        return None
    if not cell.lstrip().startswith(("[", "{")) or name in TEXT_FIELDS:
        return cell
    if is_annotation and not annotated:
        return None
    try:
        value = _parsed(cell)
    except DataError as error:
        if is_annotation or name == "tokens":
            raise _RowError(f"the cell of {name} is no list: {error}") from error
        return cell
    return value if is_annotation or name == "tokens" or looks_like_mentions(value) else cell


def _parsed(cell: str) -> Any:
    """The value that a cell spells in JSON or, as pandas writes lists, in Python."""
    try:
        return parse(cell)
    except DataError:
        try:
            value = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise DataError("neither JSON nor Python") from error
    if repr(value) != cell.strip():  # NumPy writes arrays without commas: Python joins their strings
        raise DataError("not as Python writes lists")
    return _as_lists(value)


def _as_lists(value: Any) -> Any:
    """The value with lists for tuples."""
    if isinstance(value, dict):
        return {name: _as_lists(part) for name, part in value.items()}
    return [_as_lists(part) for part in value] if isinstance(value, list | tuple) else value
