"""``nertagger tag``: find the entities in text files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from nertagger.cli._inputs import find_inputs
from nertagger.cli._parser import Argument, Option
from nertagger.corpus import read_documents, write_documents
from nertagger.corpus.registry import find_reader, find_writer, format_of_name
from nertagger.files import STANDARD_STREAM, atomic_write_text
from nertagger.runtime import Tagger
from nertagger.text.document import Document
from nertagger.text.schemes import TagScheme


def tag(
    model: Annotated[Path, Argument(help="the model file NAME.ner")],
    inputs: Annotated[
        list[str] | None,
        Argument(metavar="FILE|DIR|GLOB|-", help="what to tag; standard input if nothing is named"),
    ] = None,
    format: Annotated[
        str | None,
        Option(help="how to read: text, lines, conll, jsonl, ...; told from each name, else text"),
    ] = None,
    to: Annotated[
        str | None,
        Option(help="how to write: jsonl, conll, html, text, ...; told from the output's name, else jsonl"),
    ] = None,
    output: Annotated[str, Option("--output", "-o", help="the file to write; standard output if -")] = "-",
    confidence: Annotated[
        float, Option(min=0.0, max=1.0, help="leave out entities that the model is less sure of than this")
    ] = 0.0,
    scheme: Annotated[TagScheme, Option(help="how to write entities as tags")] = TagScheme.IOB2,
    encoding: Annotated[str | None, Option(help="encoding of the input; UTF-8 or its byte order mark's")] = None,
    word_column: Annotated[int | None, Option(help="column of the words, from 0, in tables")] = None,
    lenient: Annotated[bool, Option("--lenient", help="repair and count faulty rows")] = False,
    threads: Annotated[int | None, Option(min=1, help="for the network to run on; one a processor, to 4")] = None,
) -> None:
    """Find the entities in text files, folders, patterns or standard input."""
    paths = find_inputs(inputs or [STANDARD_STREAM])
    formats = [format or format_of_name(path) or "text" for path in paths]
    written = to or format_of_name(output) or "jsonl"
    for name in formats:
        find_reader(name)  # a wrong request is refused before the model is loaded or anything written
    find_writer(written)
    tagger = Tagger.load(model, threads=threads)

    def documents() -> Iterator[Document]:
        for path, name in zip(paths, formats, strict=True):
            yield from read_documents(path, format=name, encoding=encoding, word_column=word_column, lenient=lenient)

    tagged = tagger.tag_documents(documents(), min_confidence=confidence)
    with atomic_write_text(output) as stream:
        write_documents(stream, tagged, format=written, scheme=scheme)
