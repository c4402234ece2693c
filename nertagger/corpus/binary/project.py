"""The decided sentences of an annotation project, which `nertagger annotate` makes: a folder with an SQLite file.

A text of which all sentences are decided is one record, with the other fields that it was read with. Of other texts
each decided sentence is a record, so that no sentence without a decision looks like one without entities.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nertagger.companions import PROJECT_FILE
from nertagger.corpus.source import Source
from nertagger.errors import DataError, one_line
from nertagger.text.document import Document, Sentence, Span
from nertagger.text.entities import entities_of
from nertagger.text.schemes import write_tags

_ROWS = """
    SELECT text_id, text, source, texts.start AS start, opens, meta, tokens, gold.entities AS entities
    FROM texts JOIN sentences ON text_id = texts.id LEFT JOIN gold ON sentence_id = sentences.id
    ORDER BY text_id, sentences.number
"""


def read_project(path: str, source: Source) -> Iterator[Document]:
    """Yield the decided sentences of the project in a folder or database; all texts if no annotation is wanted."""
    file = Path(path) / PROJECT_FILE if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise DataError("is not a project", path=path, expected=f"a folder with {PROJECT_FILE}")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            for _, rows in groupby(connection.execute(_ROWS), key=lambda row: row["text_id"]):
                yield from _documents(list(rows), annotation=source.annotation)
    except sqlite3.DatabaseError as error:
        raise DataError(f"cannot be read as a project: {one_line(error)}", path=path) from error


def _documents(rows: list[sqlite3.Row], *, annotation: bool) -> Iterator[Document]:
    """Yield the records of one text."""
    head = rows[0]
    sentences = [_sentence(row, annotation=annotation) for row in rows]
    if not annotation or all(sentence.tags is not None for sentence in sentences):
        yield _document(head, head["text"], tuple(sentences), head["start"])
        return
    for sentence in sentences:
        if sentence.tags is not None:
            start = sentence.starts[0]
            end = sentence.starts[-1] + len(sentence.words[-1])
            moved = replace(sentence, starts=tuple(one - start for one in sentence.starts))
            yield _document(head, head["text"][start:end], (moved,), head["start"] + start)


def _document(row: sqlite3.Row, text: str, sentences: tuple[Sentence, ...], offset: int) -> Document:
    entities = tuple(entity for sentence in sentences for entity in entities_of(sentence, text))
    meta: dict[str, Any] = json.loads(row["meta"])
    is_first = offset == row["start"]
    return Document(text, sentences, entities, row["source"], offset, bool(row["opens"]) and is_first, meta)


def _sentence(row: sqlite3.Row, *, annotation: bool) -> Sentence:
    text, ranges = row["text"], json.loads(row["tokens"])
    words = tuple(text[start:end] for start, end in ranges)
    tags = None
    if annotation and row["entities"] is not None:
        tags = tuple(write_tags([Span(*one) for one in json.loads(row["entities"])], len(words)))
    return Sentence(words, tuple(start for start, _ in ranges), tags)
