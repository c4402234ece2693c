"""Parquet: one row per sentence, with the columns text, tokens, starts, tags, document and meta.

Tables of Hugging Face datasets (``tokens``, ``ner_tags``) are read too; their metadata give the names of numbered tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from nertagger.corpus.binary.parquet_table import import_pyarrow, open_table
from nertagger.corpus.projection import UNANNOTATED_SENTENCES, annotated_tags
from nertagger.corpus.records.dialects import plain_records
from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.hugging_face import read_features, with_names
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record, described, json_line, parse_json
from nertagger.corpus.source import Source, is_tag
from nertagger.errors import DataError
from nertagger.files import atomic_write
from nertagger.grouping import batches_of
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import TagScheme, split_tag

_COLUMNS = ("document", "text", "tokens", "starts", "tags")
_META = "meta"  # of the document, as JSON; missing in files of earlier versions
_ROWS_PER_GROUP = 10_000
_TYPE_NAMES = {str: "strings", int: "whole numbers"}


def read_parquet(path: str, source: Source) -> Iterator[Document]:
    """Yield the documents of a table, which is read in batches; messages count rows from 1.

    Raises:
        MissingExtraError: if pyarrow is not installed.
        DataError: if the file is not Parquet, or its columns are not those of tokens or of texts with entities.
    """
    with open_table(path, source) as table:
        if set(_COLUMNS) <= set(table.columns):
            for column in set(table.columns) - {*_COLUMNS, _META}:
                source.count(1, f"columns not read ({column})")
            for _, group in groupby(table.rows, key=lambda pair: pair[1]["document"]):
                yield from _documents(group, source)
        else:
            features = read_features(table.metadata, source)
            for number, row in table.rows:
                yield from _read_row(row, features, number, source)
    source.report()


def write_parquet(path: str, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one row per sentence; its ``text`` is the document's text up to the beginning of the next sentence."""
    pyarrow = import_pyarrow()
    from pyarrow import parquet

    texts = pyarrow.list_(pyarrow.string())
    numbers = pyarrow.list_(pyarrow.int64())
    types = (pyarrow.int64(), pyarrow.string(), texts, numbers, texts, pyarrow.string())
    schema = pyarrow.schema(list(zip((*_COLUMNS, _META), types, strict=True)))
    with atomic_write(path) as stream, parquet.ParquetWriter(stream, schema) as table:
        for group in batches_of(_rows(documents, scheme), _ROWS_PER_GROUP):
            table.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def _rows(documents: Iterable[Document], scheme: TagScheme | None) -> Iterator[Record]:
    """Yield a row for each sentence, and for each document without sentences."""
    for number, document in enumerate(documents):
        pairs = list(annotated_tags(document, scheme))
        meta = {_META: json_line(document.meta) if document.meta else None}
        begins = [0, *(sentence.starts[0] for sentence, _ in pairs[1:]), len(document.text)]
        if not pairs:
            yield {"document": number, "text": document.text, "tokens": [], "starts": [], "tags": [], **meta}
        for (sentence, tags), begin, end in zip(pairs, begins, begins[1:], strict=False):
            yield {
                "document": number,
                "text": document.text[begin:end],
                "tokens": list(sentence.words),
                "starts": [start - begin for start in sentence.starts],
                "tags": None if tags is None else list(tags),
                **meta,
            }


def _read_row(row: Record, features: dict[str, Any], number: int, source: Source) -> Iterator[Document]:
    """Yield the document of a row that another tool has written."""
    try:
        records = list(plain_records(with_names(row, features)))
    except DataError as error:
        source.leave_out(number, UNREADABLE_ROWS, error)
        return
    for one in records:
        for document in read_record(one, number, source):
            _count_unread_tags(one, document, number, source)
            yield document


def _count_unread_tags(row: Record, document: Document, number: int, source: Source) -> None:
    """Count rows of tokens without annotation, and columns that look like annotation but are not read."""
    if document.is_annotated:
        return
    tokens = row.get("tokens")
    if isinstance(tokens, list) and tokens and source.annotation:
        source.count(number, UNANNOTATED_SENTENCES)
    for column, value in row.items():
        if column != "tokens" and isinstance(value, list) and _look_like_tags(value, tokens):
            source.count(number, f"rows whose column {column!r} looks like tags and is not read")


def _look_like_tags(values: list[Any], tokens: Any) -> bool:
    """Return whether the values are strings, one for each token; `read_record` has counted columns of tags."""
    if not values or not all(isinstance(value, str) for value in values):
        return False
    return isinstance(tokens, list) and len(values) == len(tokens) and not all(map(is_tag, values))


def _documents(rows: Iterable[tuple[int, Record]], source: Source) -> Iterator[Document]:
    """Yield the document of these rows, unless none of them can be read."""
    sentences, text, meta, is_empty = [], "", {}, True
    for number, row in rows:
        try:
            meta = _meta(row)
            sentence = _sentence(row, len(text), f"{source.name}:{number}")
        except DataError as error:
            source.leave_out(number, UNREADABLE_ROWS, error)
            continue
        if sentence.words:
            sentences.append(sentence)
            if sentence.tags is None and source.annotation:
                source.count(number, UNANNOTATED_SENTENCES)
        text += row["text"]
        is_empty = False
    if not is_empty:
        yield Document(text, tuple(sentences), source=source.name, meta=meta)


def _meta(row: Record) -> Record:
    """Return the other fields of the document, from the column ``meta``.

    Raises:
        DataError: if it is not a JSON object.
    """
    text = row.get(_META)
    meta = {} if text is None else parse_json(text) if isinstance(text, str) else text
    if not isinstance(meta, dict):
        raise DataError(got=f"{described(meta)} in the column {_META}", expected="a JSON object", remedy="fix the row")
    return meta


def _sentence(row: Record, offset: int, place: str) -> Sentence:
    """Return the sentence of a row, whose text begins at `offset` in its document.

    Raises:
        DataError: if the row's values are of the wrong type or contradict one another.
    """
    text, tokens, starts, tags = (row[column] for column in _COLUMNS[1:])
    _check_types(text, tokens, starts, tags)
    if not len(tokens) == len(starts) == len(tokens if tags is None else tags):
        found = len(tokens if tags is None else tags)
        got = f"{counted(len(tokens), 'token')}, {counted(len(starts), 'start')} and {counted(found, 'tag')}"
        raise DataError(got=got, expected="one start and one tag for each token", remedy="fix the row")
    end = 0
    for token, start in zip(tokens, starts, strict=True):
        if not token or start < end or text[start : start + len(token)] != token:
            got = f"the token {token[:40]!r} at {start}, which the text does not have there"
            raise DataError(got=got, remedy="fix the starts")
        end = start + len(token)
    for tag in tags or ():
        split_tag(tag)
    offsets = tuple(offset + start for start in starts)
    return Sentence(tuple(tokens), offsets, None if tags is None else tuple(tags), place)


def _check_types(text: Any, tokens: Any, starts: Any, tags: Any) -> None:
    """Raise DataError unless the values of a row have the types of their columns."""
    if not isinstance(text, str):
        got = "null" if text is None else f"a text of type {type(text).__name__}"
        raise DataError(got=f"{got} in the column text", expected="a string", remedy="fix the row")
    _check_list(tokens, str, "tokens")
    _check_list(starts, int, "starts")
    if tags is not None:
        _check_list(tags, str, "tags")


def _check_list(values: Any, wanted: type, name: str) -> None:
    """Raise DataError unless the value is a list of this type."""
    is_list = isinstance(values, list)
    if not is_list or not all(isinstance(value, wanted) and not isinstance(value, bool) for value in values):
        kinds = sorted({type(value).__name__ for value in values}) if is_list else [type(values).__name__]
        got = ", ".join(kinds).replace("NoneType", "null")
        expected = f"a list of {_TYPE_NAMES[wanted]}"
        raise DataError(got=f"{name} of type {got}", expected=expected, remedy="fix the row")
