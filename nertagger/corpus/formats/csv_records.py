"""Tables of texts: one row a record, the header its names; entities, tags or tokens as JSON (or Python) in a cell.

Label Studio's CSV and TSV are such tables, and what pandas writes of a data set.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from nertagger.corpus.records.dialects import TEXT_FIELDS, plain_records
from nertagger.corpus.records.documents import ANNOTATION_FIELDS, read_record
from nertagger.corpus.records.json_values import UNREADABLE, Record, parse
from nertagger.corpus.records.mentions import looks_like_mentions
from nertagger.corpus.source import Source, is_tag
from nertagger.corpus.tables.csv_rows import DELIMITERS, read_rows
from nertagger.corpus.tables.csv_rows import parse as parse_row
from nertagger.errors import DataError
from nertagger.text.document import Document
from nertagger.text.schemes import OUTSIDE

_SAMPLE_ROWS = 20
_WORD_NAMES = {"word", "words", "token"}
_TEXT_NAMES = {*TEXT_FIELDS, "tokens", "html"}
_OTHER_NAMES = {"tag": "tags", "ner_tag": "tags", "entity": "entities"}
_MISSING = ("", "nan", "NaN", "null", "None")
_LITERAL = "rows whose quotation marks were read as they stand"


def record_delimiter(sample: Sequence[str]) -> str | None:
    """What parts the cells of a table whose rows are texts or lists of tokens; None if its rows are tokens.

    Rows are texts where the header names these and nothing beside them that may be a tag, or where a row has several
    words as its text or a list as its annotation.

    >>> record_delimiter(["id;text;label\\n", "1;Ann ran;\\n"]), record_delimiter(["text,label\\n", "Ann,B-PER\\n"])
    (';', None)
    """
    rows = list(islice((line.strip("\r\n") for line in sample if line.strip(" \t\r\n")), _SAMPLE_ROWS))
    for delimiter in DELIMITERS if rows else "":
        header, *table = ((parse_row(row, delimiter) or row.split(delimiter)) for row in rows)
        names = [_name(cell) for cell in header]
        if not set(names) & _TEXT_NAMES or _WORD_NAMES & {name.lower() for name in names}:
            continue
        if not set(names) & {*ANNOTATION_FIELDS, "tokens"}:
            return delimiter
        pairs = [pair for cells in table for pair in zip(names, cells, strict=False)]
        if any(map(_is_of_record, pairs)) and not any(map(_is_of_token, pairs)):
            return delimiter
    return None


def read_csv_records(lines: Iterator[str], source: Source, *, delimiter: str) -> Iterator[Document]:
    """One document a row, its other cells the document's ``meta``; an empty cell of annotation is none.

    Args:
        lines: of which one at least is not blank: the header.
        source: counts what is repaired.
        delimiter: as `record_delimiter` finds it.
    """
    number = 1
    while not (header := next(lines).strip("\r\n")).strip(" \t"):
        number += 1
    names = [_name(cell) for cell in parse_row(header, delimiter) or header.split(delimiter)]
    if len(set(names)) < len(names):
        source.fail(number, f"two columns have the same name, got {', '.join(names)}; rename one")
    for row in read_rows(chain(["\n"] * number, lines), delimiter, len(names), lambda _: True):
        if not any(row.cells):
            continue
        if row.is_literal:
            source.count(row.line, _LITERAL)
        try:
            for record in plain_records(_record(names, row.cells, annotated=source.annotation)):
                yield from read_record(record, row.line, source)
        except _RowError as error:
            source.leave_out(row.line, UNREADABLE, str(error))
    source.report()


class _RowError(DataError):
    """A row that is not as the header says."""


def _is_of_record(cell: tuple[str, str]) -> bool:
    """Whether a named cell is a text of several words, or a list where the annotation or the tokens should be."""
    name, text = cell
    return len(text.split()) > 1 if name in TEXT_FIELDS else text.lstrip().startswith(("[", "{"))


def _is_of_token(cell: tuple[str, str]) -> bool:
    """Whether a named cell is the tag of an entity."""
    name, text = cell
    return name in ANNOTATION_FIELDS and text != OUTSIDE and is_tag(text) and not re.search(r"\s", text)


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
            with warnings.catch_warnings(action="ignore"):  # of escapes that Python does not know
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
