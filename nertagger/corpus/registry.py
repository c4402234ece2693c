"""The formats by name, and which of them a file is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nertagger.corpus.conll import read_conll, write_conll
from nertagger.corpus.gmb_csv import read_csv, write_csv
from nertagger.corpus.html import write_html
from nertagger.corpus.jsonl import read_jsonl, write_jsonl, write_jsonl_tokens
from nertagger.corpus.layout import detect_layout, is_document_start
from nertagger.corpus.lines import read_lines, read_text
from nertagger.corpus.marks import write_marks
from nertagger.corpus.source import Reader, Writer
from nertagger.errors import DataError
from nertagger.files import base_suffix


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name on the command line, what it is in one line, and how it is read and written."""

    name: str
    description: str
    suffixes: tuple[str, ...] = ()
    read: Reader | None = None
    write: Writer | None = None


FORMATS = {
    entry.name: entry
    for entry in (
        Format(
            "conll",
            "one token a row, 1-5 columns, blank line between sentences (CoNLL, .iob2, GermEval)",
            (".conll", ".iob2", ".iob", ".bio", ".conllu", ".tsv"),
            read_conll,
            write_conll,
        ),
        Format(
            "jsonl",
            "one JSON object a line: text with entities by character, or (to read) tokens with tags",
            (".jsonl", ".ndjson"),
            read_jsonl,
            write_jsonl,
        ),
        Format("jsonl-tokens", "one JSON object a sentence: tokens and tags", (), read_jsonl, write_jsonl_tokens),
        Format("csv", "Sentence #,Word,POS,Tag as in the GMB corpus", (".csv",), read_csv, write_csv),
        Format("lines", "one sentence a line, words apart by spaces", (), read_lines),
        Format("text", "running text; written with marks: [Ann|PER] ran", (), read_text, write_marks),
        Format("html", "a page with coloured entities", (".html", ".htm"), None, write_html),
    )
}

_BY_SUFFIX = {suffix: entry.name for entry in FORMATS.values() for suffix in entry.suffixes}
_CSV_HEADER = re.compile(r'"?(sentence|word|token|text)[^,]*,', re.IGNORECASE)


def format_of_name(path: str | Path) -> str | None:
    """The format that the file's suffix announces, if any."""
    return _BY_SUFFIX.get(base_suffix(path))


def detect_format(sample: Sequence[str]) -> str:
    """The format that the first lines of a file look like; running text if none.

    >>> detect_format(["EU\\tB-ORG\\n", "rejects\\tO\\n"])
    'conll'
    """
    rows = [row for line in sample if (row := line.strip(" \t\r\n"))]
    if not rows:
        return "text"
    if rows[0].startswith("{"):
        return "jsonl"
    if _CSV_HEADER.match(rows[0]) and all("," in row for row in rows):
        return "csv"
    layout = detect_layout(sample)
    is_table = layout.separator == "\t" or layout.tag is not None or any(map(is_document_start, rows))
    return "conll" if is_table else "text"


def find_reader(name: str) -> Reader:
    """The reader of the named format.

    Raises:
        DataError: if there is no such format, or it cannot be read.
    """
    reader = FORMATS[name].read if name in FORMATS else None
    if reader is None:
        readable = ", ".join(entry.name for entry in FORMATS.values() if entry.read)
        raise DataError(f"no format {name!r} that can be read; there are: {readable}")
    return reader


def find_writer(name: str) -> Writer:
    """The writer of the named format.

    Raises:
        DataError: if there is no such format, or it cannot be written.
    """
    writer = FORMATS[name].write if name in FORMATS else None
    if writer is None:
        writable = ", ".join(entry.name for entry in FORMATS.values() if entry.write)
        raise DataError(f"no format {name!r} that can be written; there are: {writable}")
    return writer
