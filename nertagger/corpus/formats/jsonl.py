"""JSON lines and lists: texts with entities as character ranges, or tokens with tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TextIO

from nertagger.corpus.formats.label_studio import is_task, read_tasks
from nertagger.corpus.records.dialects import plain_records
from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record, json_line, read_values
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document
from nertagger.text.entities import sentence_tags
from nertagger.text.records import document_record, with_fields
from nertagger.text.schemes import TagScheme


def read_jsonl(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per object of JSON lines or of a JSON list.

    Objects have ``tokens`` and, if annotated, ``tags`` (or ``ner_tags``, ``labels``, ``ner``); or ``text`` and, if
    annotated, ``entities`` (or ``spans``, ``label``, ``labels``, ``annotations``). An entity is an object with
    ``start``, ``end`` and ``label``, or ``[start, end, label]``, with half-open character offsets, as exported by
    doccano and Prodigy. Also read are tasks of Label Studio (see `nertagger.corpus.formats.label_studio`) and the forms
    in `nertagger.corpus.records.dialects`. Tokens are aligned with the entities. Other fields of an object become the
    document's ``meta``.
    """
    values = read_values(lines, source)
    first = list(islice(values, 1))
    if any(is_task(value) for _, value in first):
        yield from read_tasks([*first, *values], source)
    else:
        for line, value in chain(first, values):
            yield from read_value(value, line, source)
    source.report()


def read_value(value: Any, line: int, source: Source) -> Iterator[Document]:
    """Yield the documents of the records in a value of JSON; a lenient source leaves out what cannot be read."""
    try:
        records = list(plain_records(value))
    except DataError as error:
        source.leave_out(line, UNREADABLE_ROWS, error)
        return
    for record in records:
        yield from read_record(record, line, source)


def write_jsonl(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one object per document, as returned by `document_record`."""
    for document in documents:
        stream.write(json_line(document_record(document)) + "\n")


def write_jsonl_tokens(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one object per sentence: tokens, tags if annotated, and the other fields of its document."""
    for document in documents:
        annotated = document.is_annotated
        for sentence, tags in sentence_tags(document, scheme):
            record: Record = {"tokens": sentence.words} | ({"tags": tags} if annotated else {})
            stream.write(json_line(with_fields(record, document)) + "\n")
