"""Tables of texts: one record per row, with a header; cells of entities, tags or tokens are JSON (or Python) literals.

Examples are Label Studio's CSV and TSV, and datasets written by pandas.
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
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record, as_lists, parse_json
from nertagger.corpus.records.mentions import looks_like_mentions
from nertagger.corpus.source import Source, is_tag
from nertagger.corpus.tables.csv_rows import DELIMITERS, LITERAL_QUOTES, parse_row, read_rows
from nertagger.corpus.tables.tag_columns import are_entity_tags
from nertagger.corpus.tag_forms import detect_form
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document
from nertagger.text.schemes import OUTSIDE

_SAMPLE_ROWS = 20
_WORD_NAMES = {"word", "words", "token"}
_TEXT_NAMES = {*TEXT_FIELDS, "tokens", "html"}
_OTHER_NAMES = {"tag": "tags", "ner_tag": "tags", "entity": "entities"}
_MISSING = ("", "nan", "NaN", "null", "None")
_STRING = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\"""")
_NUMBERS_OF_NUMPY = re.compile(r"\s*\[\s*-?\d{1,9}(?:\s+-?\d{1,9})*\s*\]\s*")
_STRINGS_OF_NUMPY = re.compile(rf"\s*\[\s*(?:{_STRING.pattern})(?:\s+(?:{_STRING.pattern}))*\s*\]\s*")  # no commas


def record_delimiter(sample: Sequence[str]) -> str | None:
    """Return the delimiter of a table whose rows are texts or lists of tokens; None if the rows are tokens.

    Rows are texts if the header names a column of texts and none of tags, or if some row has several words as its text
    or a list as its annotation.

    >>> record_delimiter(["id;text;label\\n", "1;Ann ran;\\n"]), record_delimiter(["text,label\\n", "Ann,B-PER\\n"])
    (';', None)
    """
    rows = list(islice((line.strip("\r\n") for line in sample if line.strip(" \t\r\n")), _SAMPLE_ROWS))
    for delimiter in DELIMITERS if rows else "":
        header, *table = ((parse_row(row, delimiter) or row.split(delimiter)) for row in rows)
        names = [_name(cell) for cell in header]
        if not set(names) & _TEXT_NAMES or _WORD_NAMES & {name.lower() for name in names}:
            continue
        if any(map(is_tag, names)) or _are_tags([cells[-1] for cells in table]):
            continue  # a table of tokens, the first of which is the word text, or whose tags have an unusual name
        if not set(names) & {*ANNOTATION_FIELDS, "tokens"}:
            return delimiter
        pairs = [pair for cells in table for pair in zip(names, cells, strict=False)]
        if any(map(_is_of_record, pairs)) and not any(map(_is_of_token, pairs)):
            return delimiter
    return None


def read_csv_records(lines: Iterator[str], source: Source, *, delimiter: str) -> Iterator[Document]:
    """Yield one document per row, with other cells as its ``meta``; an empty annotation cell means no annotation.

    Args:
        lines: a header and rows, possibly after blank lines.
        source: counts repairs.
        delimiter: as returned by `record_delimiter`.
    """
    number = 1
    while not (header := next(lines).strip("\r\n")).strip(" \t"):
        number += 1
    names = [_name(cell) for cell in parse_row(header, delimiter) or header.split(delimiter)]
    if len(set(names)) < len(names):
        error = DataError("two columns have the same name", got=", ".join(names), remedy="rename one")
        source.fail(number, error)
    for row in read_rows(chain(["\n"] * number, lines), delimiter, len(names), of_texts=True):
        if not any(row.cells):
            continue
        if row.is_literal:
            source.count(row.line, LITERAL_QUOTES)
        try:
            for record in plain_records(_record(names, row.cells, annotated=source.annotation)):
                yield from read_record(record, row.line, source)
        except _RowError as error:
            source.leave_out(row.line, UNREADABLE_ROWS, error)
    source.report()


class _RowError(DataError):
    """A row that does not match the header."""


def _is_of_record(cell: tuple[str, str]) -> bool:
    """Return whether a named cell is a text of several words, or a list of annotations or tokens."""
    name, text = cell
    return len(text.split()) > 1 if name in TEXT_FIELDS else text.lstrip(' \t"').startswith(("[", "{"))


def _are_tags(cells: Sequence[str]) -> bool:
    """Return whether the cells of a column are tags of tokens, with or without prefixes."""
    if any(len(re.split(r"[\s,]", cell)) > 1 for cell in cells):
        return False
    return are_entity_tags(cells) or (OUTSIDE in cells and detect_form(cells) is not None)


def _is_of_token(cell: tuple[str, str]) -> bool:
    """Return whether a named cell is the tag of an entity."""
    name, text = cell
    return name in ANNOTATION_FIELDS and text != OUTSIDE and is_tag(text) and not re.search(r"[\s,]", text)


def _name(cell: str) -> str:
    """Return the name of a column, in lower case if the column is read."""
    lower = cell.strip().lower()
    lower = _OTHER_NAMES.get(lower, lower)
    return lower if lower in _TEXT_NAMES or lower in ANNOTATION_FIELDS else cell.strip()


def _record(names: Sequence[str], row: Sequence[str], *, annotated: bool) -> Record:
    if len(row) != len(names):
        problem = f"row has {counted(len(row), 'cell')}"
        raise _RowError(problem, expected=f"{len(names)} as in the header", remedy="quote the cell that has more")
    return {name: _value(name, cell, annotated=annotated) for name, cell in zip(names, row, strict=True)}


def _value(name: str, cell: str, *, annotated: bool) -> Any:
    """Return the value of a cell: a list for annotation and tokens, else text; None for missing or unwanted values."""
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
            raise _RowError(f"the cell of {name} is not a list: {error.message}") from error
        return cell
    return value if is_annotation or name == "tokens" or looks_like_mentions(value) else cell


def _parsed(cell: str) -> Any:
    """Parse the value in a cell: JSON, or a list as Python or NumPy writes it, which pandas does."""
    try:
        return parse_json(cell)
    except DataError:
        if _NUMBERS_OF_NUMPY.fullmatch(cell):
            return [int(number) for number in cell.strip("[] \t\r\n").split()]
        if _STRINGS_OF_NUMPY.fullmatch(cell):
            return [ast.literal_eval(found[0]) for found in _STRING.finditer(cell)]
        try:
            with warnings.catch_warnings(action="ignore"):  # for invalid escapes in Python literals
                value = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise DataError("neither JSON nor Python") from error
    if repr(value) != cell.strip():
        raise DataError("not a list in Python's form")
    return as_lists(value)
