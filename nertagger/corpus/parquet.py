"""Parquet through pandas: one row a sentence, with the columns text, tokens, starts, tags and document.

Tables of Hugging Face datasets (``tokens``, ``ner_tags``) are read too, numbered tags by the names in their metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from nertagger.corpus.annotating import is_annotated
from nertagger.corpus.json_values import Record
from nertagger.corpus.records import read_record
from nertagger.corpus.source import Source
from nertagger.errors import DataError, requires_extra
from nertagger.files import atomic_write, open_binary
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.schemes import TagScheme

if TYPE_CHECKING:
    from types import ModuleType

_COLUMNS = ("document", "text", "tokens", "starts", "tags")
_FIRST_ROW = 1


def read_parquet(path: str, source: Source) -> Iterator[Document]:
    """The documents of a table; rows are counted from 1 in messages. The table is held in memory.

    Raises:
        MissingExtraError: if pyarrow is not installed.
        DataError: if the file is no Parquet, or its columns are not those of tokens or of texts with entities.
    """
    rows, names = _table(path)
    if rows and set(_COLUMNS) <= rows[0].keys():
        for _, group in groupby(enumerate(rows, _FIRST_ROW), key=lambda pair: pair[1]["document"]):
            yield _document(list(group), source)
        return
    for number, record in enumerate(rows, _FIRST_ROW):
        yield from read_record(_named(record, names), number, source)
    source.report()


def write_parquet(path: str, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one row a sentence; ``text`` is the part of its document's text from its beginning to the next one's."""
    _pyarrow()
    import pandas as pd

    frame = pd.DataFrame(list(_rows(documents, scheme)), columns=list(_COLUMNS))
    with atomic_write(path) as stream:
        frame.to_parquet(stream, index=False)


def _rows(documents: Iterable[Document], scheme: TagScheme | None) -> Iterator[tuple[object, ...]]:
    """The cells of `_COLUMNS` for each sentence, and for each document that has none."""
    for number, document in enumerate(documents):
        pairs = list(sentence_tags(document, scheme))
        annotated = is_annotated(document)
        begins = [0, *(sentence.starts[0] for sentence, _ in pairs[1:]), len(document.text)]
        if not pairs:
            yield number, document.text, [], [], []
        for (sentence, tags), begin, end in zip(pairs, begins, begins[1:], strict=False):
            starts = [start - begin for start in sentence.starts]
            yield number, document.text[begin:end], list(sentence.words), starts, list(tags) if annotated else None


def _document(rows: list[tuple[int, Record]], source: Source) -> Document:
    """The rows of one document as such."""
    sentences, text = [], ""
    for number, row in rows:
        if row["tokens"]:
            starts = tuple(len(text) + start for start in row["starts"])
            tags = None if row["tags"] is None else tuple(row["tags"])
            sentences.append(Sentence(tuple(row["tokens"]), starts, tags, f"{source.name}:{number}"))
        text += row["text"]
    return Document(text, tuple(sentences), source=source.name)


def _table(path: str) -> tuple[list[Record], dict[str, list[str]]]:
    """The rows, and the names of the columns' numbers where Hugging Face's metadata give them."""
    pyarrow = _pyarrow()
    from pyarrow import parquet

    try:
        with open_binary(path) as stream:
            table = parquet.read_table(pyarrow.BufferReader(stream.read()))
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"{path}: not a Parquet file: {error}") from error
    metadata = json.loads((table.schema.metadata or {}).get(b"huggingface", b"{}"))
    features: Record = metadata.get("info", {}).get("features", {})
    return table.to_pylist(), {name: _class_names(feature) for name, feature in features.items()}


def _class_names(feature: Any) -> list[str]:
    """The names of a feature's numbers, or of those in its lists; none if it has no numbers with names."""
    if not isinstance(feature, dict):
        return []
    names: list[str] = feature.get("names") or _class_names(feature.get("feature"))
    return names


def _named(record: Record, names: dict[str, list[str]]) -> Record:
    """The row with names in place of the numbers of tags."""
    named = dict(record)
    for column, classes in names.items():
        if classes and isinstance(record.get(column), list):
            named[column] = [classes[index] for index in record[column]]
    return named


def _pyarrow() -> ModuleType:
    with requires_extra("the format parquet", "parquet"):
        import pyarrow
    module: ModuleType = pyarrow
    return module
