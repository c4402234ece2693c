"""Sentences and documents read from files and written to them, whatever the format."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO, cast

from nertagger.corpus.encoding import open_undeclared
from nertagger.corpus.formats.builtin import detect_format, register_formats
from nertagger.corpus.formats.lines import read_text
from nertagger.corpus.line_ends import split_lines
from nertagger.corpus.registry import FORMATS, find_reader, find_writer, format_of_name
from nertagger.corpus.source import Column, Reader, Segmenter, Source
from nertagger.errors import DataError
from nertagger.files import STANDARD_STREAM, atomic_write_text, head, open_text
from nertagger.text.arguments import check_several, checked
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import TagScheme

logger = logging.getLogger(__name__)

register_formats()


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
    """The sentences of an annotated file, with their tags as they stand there.

    Args:
        path: the file, plain or compressed; ``-`` is standard input.
        format: a name in `FORMATS`; None to tell it from the file's name, else from its beginning.
        word_column: the words' column, for tables that are not as usual: its index, or its name in the header.
        tag_column: the tags' column, likewise (-1: the last; GermEval's nested tags: 3).
        encoding: None for UTF-8, or what a byte order mark says; in CSV, lines that are not UTF-8 are read as cp1252.
        lenient: repair what is wrong, count it and log the counts, rather than raise.
        segment: splits running text; None for `nertagger.text.segment.segment`.

    Raises:
        DataError: if a row is not as the others, a tag is none, or a sentence is without tags (with ``file:line``).
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
    """The sentences of the documents of a file.

    Raises:
        DataError: if one has no tags; leniently those are left out and counted, unless all are such.
    """
    sentences = [sentence for document in documents for sentence in document.sentences]
    bare = [sentence for sentence in sentences if sentence.tags is None]
    if bare and (not lenient or len(bare) == len(sentences)):
        problem = f"{bare[0].source or path}: no tags beside the words, expected annotated sentences"
        raise DataError(f"{problem}; name the tags' column or give an annotated file")
    if bare:
        logger.warning("%s: %d sentences without tags left out, first at %s", path, len(bare), bare[0].source)
    return [sentence for sentence in sentences if sentence.tags is not None]


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
    """The records of a file one at a time, annotated or not, in constant memory but for CSV; arguments as of `read`.

    Args:
        segment: splits running text; None for `nertagger.text.segment.segment`.
        annotation: False where the annotation of records is not wanted, and all texts are, as to tag them.
    """
    source = Source(str(path), word_column, tag_column, lenient, segment, encoding, annotation=annotation)
    return open_source(source, format)


def open_source(source: Source, format: str | None = None) -> Iterator[Document]:
    """The records of the file that the source names, as `read_documents` gives them."""
    name = format or format_of_name(source.name)
    entry = find_reader(name) if name else None
    if entry and entry.read_file:
        return entry.read_file(source.name, source)
    opened = open_undeclared(source) if name == "csv" else open_text(source.name, encoding=source.encoding)
    return _documents(source, entry.read if entry else None, opened)


def _documents(
    source: Source, reader: Reader | None, opened: AbstractContextManager[Iterable[str]]
) -> Iterator[Document]:
    """The records of the file, its format told from its beginning where no reader is given."""
    with opened as text:
        if reader is None:
            reader = find_reader(detect_format(list(split_lines(head(cast(TextIO, text)))))).read
        if reader:
            # An open file can be read by parts of a line, which a reader of running text does: a file may be one line.
            yield from reader(iter(text) if reader is read_text else split_lines(text), source)


def write(
    path: str | Path, sentences: Iterable[Sentence], *, format: str | None = None, scheme: TagScheme | None = None
) -> None:
    """Write sentences as a file that appears whole or not at all; compressed if the name ends in .gz, .xz or .bz2.

    Args:
        path: the file; ``-`` is standard output.
        sentences: in order; each becomes a record of its own, its words joined by single spaces.
        format: a name in `FORMATS`; None to tell it from the file's name.
        scheme: how to write entities as tags; None to leave tags as they are.

    Raises:
        DataError: if the name tells no format, this format cannot be written, or something is no `Sentence`.
    """
    remedy = "make one of words and tags: Sentence.from_words(words, tags=tags)"
    check_several(sentences, "sentences", remedy=remedy)
    each = checked(sentences, Sentence, "sentence", remedy=remedy)
    alone = (Sentence.from_words(one.words, tags=one.tags, source=one.source) for one in each)
    save_documents(path, map(Document.from_sentence, alone), format=format, scheme=scheme)


def save_documents(
    path: str | Path, documents: Iterable[Document], *, format: str | None = None, scheme: TagScheme | None = None
) -> None:
    """Write documents as `write` writes sentences; any format that can be written."""
    name = format or format_of_name(path)
    if name is None:
        raise DataError(f"{path}: the name tells no format; name one of {', '.join(FORMATS)}")
    entry = find_writer(name)  # before anything is created
    if entry.write_file:
        if str(path) == STANDARD_STREAM:
            raise DataError(f"the format {name} is files, not a stream of text; name the file to write")
        entry.write_file(str(path), documents, scheme)
    elif entry.write:
        with atomic_write_text(path) as stream:
            entry.write(stream, documents, scheme)


def write_documents(
    stream: TextIO, documents: Iterable[Document], *, format: str, scheme: TagScheme | None = None
) -> None:
    """Write documents one at a time on an open text stream, in a format of `FORMATS` that is a stream of text.

    Raises:
        DataError: if there is no such format, or it is not a stream of text.
    """
    writer = find_writer(format).write
    if writer is None:
        raise DataError(f"the format {format} is not a stream of text; write jsonl, then run: nertagger convert")
    writer(stream, documents, scheme)
