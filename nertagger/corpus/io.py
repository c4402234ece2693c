"""Read sentences and documents from files in any format, and write them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TextIO, cast

from nertagger.corpus.encoding import open_undeclared
from nertagger.corpus.interface import Format
from nertagger.corpus.line_ends import split_lines
from nertagger.corpus.registry import find_reader, find_writer, format_of_name, writable_names
from nertagger.corpus.source import Column, Segmenter, Source, place_of
from nertagger.errors import DataError
from nertagger.files import STANDARD_STREAM, atomic_write_text, head, open_text
from nertagger.printable import counted
from nertagger.text.arguments import check_path, check_several, checked
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import TagScheme

logger = logging.getLogger(__name__)

Row = Mapping[str, Any] | tuple[str, Mapping[str, Any]]
"""A record of a text or of tokens, or a text and the other fields of its record."""


def read(
    path: str | Path,
    *,
    format: str | None = None,
    word_column: Column | None = None,
    tag_column: Column | None = None,
    encoding: str | None = None,
    lenient: bool = False,
    segment: Segmenter | None = None,
) -> list[Sentence]:
    """Return the sentences of an annotated file, with their tags in the file's own scheme.

    Args:
        path: the file, plain or compressed; ``-`` is standard input.
        format: a name in `FORMATS`; None to detect it from the file's suffix, else from its first lines.
        word_column: index or header name of the column of words, for unusual tables; None to detect it.
        tag_column: index or header name of the column of tags (-1 is the last; 3 for GermEval's nested tags).
        encoding: None for UTF-8 or the encoding of a byte order mark; in CSV, lines that are not UTF-8 are read as
            cp1252.
        lenient: repair errors, and log how many, instead of raising.
        segment: splits running text; None for `nertagger.text.segment.segment`.

    Raises:
        DataError: if a row is malformed, a tag is invalid, or a sentence has no tags (with ``file:line``).
    """
    documents = read_documents(
        path,
        format=format,
        word_column=word_column,
        tag_column=tag_column,
        encoding=encoding,
        lenient=lenient,
        segment=segment,
    )
    return annotated_sentences(documents, path, lenient=lenient)


def annotated_sentences(documents: Iterable[Document], path: str | Path, *, lenient: bool = False) -> list[Sentence]:
    """Return the sentences of the documents of a file.

    Raises:
        DataError: if a sentence has no tags. If `lenient`, such sentences are left out and counted, unless no sentence
            has tags.
    """
    sentences = [sentence for document in documents for sentence in document.sentences]
    untagged = [sentence for sentence in sentences if sentence.tags is None]
    if untagged and len(untagged) == len(sentences):
        raise _unannotated(
            "the words have no tags", untagged[0], path, "name the tags' column or give an annotated file"
        )
    if untagged and not lenient:
        problem = f"the words have no tags, as in {len(untagged):,} of {counted(len(sentences), 'sentence')}"
        remedy = "annotate them, or leave them out (train and evaluate: --lenient)"
        raise _unannotated(problem, untagged[0], path, remedy)
    if untagged:
        logger.warning(
            "%s: %s without tags left out, first at %s", path, counted(len(untagged), "sentence"), untagged[0].source
        )
    return [sentence for sentence in sentences if sentence.tags is not None]


def _unannotated(problem: str, sentence: Sentence, path: str | Path, remedy: str) -> DataError:
    name, line = place_of(sentence)
    return DataError(problem, path=name or path, line=line, expected="annotated sentences", remedy=remedy)


def read_documents(
    path: str | Path,
    *,
    format: str | None = None,
    word_column: Column | None = None,
    tag_column: Column | None = None,
    encoding: str | None = None,
    lenient: bool = False,
    segment: Segmenter | None = None,
    annotation: bool = True,
) -> Iterator[Document]:
    """Yield the records of a file one at a time, annotated or not, in constant memory (except for CSV).

    Args:
        path, format, word_column, tag_column, encoding, lenient, segment: as in `read`.
        annotation: False to read all texts and ignore their annotation, in order to tag them.

    Raises:
        DataError: while iterating, if the file cannot be read, a record is malformed or a tag is invalid (with
            ``file:line``); records without tags are returned.
    """
    check_path(path)
    source = Source(str(path), word_column, tag_column, lenient, segment, encoding, annotation=annotation)
    return open_source(source, format)


def read_rows(rows: Iterable[Row], *, place: str = "rows", segment: Segmenter | None = None) -> list[Document]:
    """Return the documents of rows that a program holds, each read as a line of a file of JSON lines.

    Args:
        rows: dicts of a text or tokens with their annotation, or pairs of a text and a dict of its entities.
        place: what messages call the rows.
        segment: splits running text; None for `nertagger.text.segment.segment`.

    Raises:
        DataError: as for a file, with the number of the row in place of a line.

    >>> read_rows([("Ann ran", {"entities": [(0, 3, "PER")]})])[0].sentences[0].tags
    ('B-PER', 'O')
    """
    from nertagger.corpus.formats.jsonl import read_jsonl  # not at the top, as formats are imported when needed
    from nertagger.corpus.records.json_values import json_line

    check_several(rows, "rows", remedy="give dicts, or pairs of a text and a dict of its entities")
    return list(read_jsonl(map(json_line, rows), Source(place, segment=segment)))


def open_source(source: Source, format: str | None = None) -> Iterator[Document]:
    """Yield the records of the file that the source names, as `read_documents` does."""
    name = format or format_of_name(source.name)
    try:
        entry = find_reader(name) if name else None
    except DataError as error:
        raise error if format_of_name(source.name) != name else error.at(source.name) from None
    if entry and entry.read_file:
        return entry.read_file(source.name, source)
    opened = open_undeclared(source) if name == "csv" else open_text(source.name, encoding=source.encoding)
    return _documents(source, entry, opened)


def _documents(
    source: Source, entry: Format | None, opened: AbstractContextManager[Iterable[str]]
) -> Iterator[Document]:
    """Yield the records of an open file, whose format is detected from its first lines unless given."""
    with opened as text:
        if entry is None:
            from nertagger.corpus.detection import format_of_content  # not at the top: it imports several formats

            entry = find_reader(format_of_content(list(split_lines(head(cast(TextIO, text)))), source))
        if entry.read:
            # `iter` of an open file is the file itself, of which a reader can take a part of a very long line.
            yield from entry.read(iter(text) if entry.reads_pieces else split_lines(text), source)


def write(
    path: str | Path,
    sentences: Iterable[Sentence | Document],
    *,
    format: str | None = None,
    scheme: TagScheme | None = None,
) -> None:
    """Write sentences to a file, which appears complete or not at all; compressed if its name ends in .gz, .xz or .bz2.

    Args:
        path: the file; ``-`` is standard output.
        sentences: sentences, each of which becomes a record of its own, its words joined by single spaces; or
            documents, such as those that a tagger returns.
        format: a name in `FORMATS`; None to detect it from the file's suffix.
        scheme: the scheme of the written tags; None to leave tags as they are.

    Raises:
        DataError: if the suffix is unknown, the format cannot be written, or an item is something else.
    """
    remedy = "make one of words and tags: Sentence.from_words(words, tags=tags)"
    check_several(sentences, "sentences", remedy=remedy)
    each: Iterator[Sentence | Document] = checked(sentences, Sentence, Document, what="sentence", remedy=remedy)
    save_documents(path, map(_as_document, each), format=format, scheme=scheme)


def _as_document(item: Sentence | Document) -> Document:
    if isinstance(item, Document):
        return item
    return Document.from_sentence(Sentence.from_words(item.words, tags=item.tags, source=item.source))


def save_documents(
    path: str | Path, documents: Iterable[Document], *, format: str | None = None, scheme: TagScheme | None = None
) -> None:
    """Write documents to a file as `write` does sentences, in any format that can be written."""
    check_path(path)
    name = format or format_of_name(path)
    if name is None:
        raise DataError("the name tells no format", path=path, remedy=f"name one of {', '.join(writable_names())}")
    entry = find_writer(name)  # before anything is created
    if entry.write_file:
        if str(path) == STANDARD_STREAM:
            raise DataError(f"the format {name} is files, not a stream of text", remedy="name the file to write")
        entry.write_file(str(path), documents, scheme)
    elif entry.write:
        with atomic_write_text(path) as stream:
            entry.write(stream, documents, scheme)


def write_documents(
    stream: TextIO, documents: Iterable[Document], *, format: str, scheme: TagScheme | None = None
) -> None:
    """Write documents one at a time to an open text stream.

    Raises:
        DataError: if there is no such format, or it is not a stream of text.
    """
    writer = find_writer(format).write
    if writer is None:
        remedy = "write jsonl, then run: nertagger convert"
        raise DataError(f"the format {format} is not a stream of text", remedy=remedy)
    writer(stream, documents, scheme)
