"""JSON lines and lists: a text with its entities as ranges of characters, or tokens with their tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TextIO

from nertagger.corpus.formats.label_studio import is_task, read_tasks
from nertagger.corpus.projection import is_annotated
from nertagger.corpus.records.dialects import plain_records
from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.json_values import UNREADABLE, Record, json_line, read_values
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document
from nertagger.text.entities import sentence_tags
from nertagger.text.records import document_record, with_fields
from nertagger.text.schemes import TagScheme


def read_jsonl(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """One document for each object of JSON lines or of a JSON list, whichever the file is.

    Objects have ``tokens`` and, if annotated, ``tags`` (or ``ner_tags``, ``labels``, ``ner``); or ``text`` and, if
    annotated, ``entities`` (or ``spans``, ``label``, ``labels``, ``annotations``), each an object with ``start``,
    ``end`` and ``label`` or ``[start, end, label]``, in characters, half-open: what doccano and Prodigy export. Tasks
    of Label Studio are read as `nertagger.corpus.formats.label_studio` says, and the forms that
    `nertagger.corpus.records.dialects` names too. Tokens are made to agree with entities. Whatever else is in an object
    becomes the document's ``meta``.
    """
    values = read_values(lines, source)
    first = list(islice(values, 1))
    if any(is_task(value) for _, value in first):
        yield from read_tasks([*first, *values], source)
    else:
        for line, value in chain(first, values):
            yield from _read_value(value, line, source)
    source.report()


def _read_value(value: Any, line: int, source: Source) -> Iterator[Document]:
    try:
        records = list(plain_records(value))
    except DataError as error:
        source.leave_out(line, UNREADABLE, str(error))
        return
    for record in records:
        yield from read_record(record, line, source)


def write_jsonl(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one object a document, as `document_record` makes it."""
    for document in documents:
        stream.write(json_line(document_record(document)) + "\n")


def write_jsonl_tokens(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write each sentence as tokens and, if annotated, tags, with the other fields of its document."""
    for document in documents:
        annotated = is_annotated(document)
        for sentence, tags in sentence_tags(document, scheme):
            record: Record = {"tokens": sentence.words} | ({"tags": tags} if annotated else {})
            stream.write(json_line(with_fields(record, document)) + "\n")
