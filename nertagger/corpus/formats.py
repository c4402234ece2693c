"""The formats that there are, and which of them a file's beginning looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from typing import Any

from nertagger.corpus.conll import read_conll, write_conll, write_conllu
from nertagger.corpus.jsonl import read_jsonl, write_jsonl, write_jsonl_tokens
from nertagger.corpus.layout import detect_layout, is_document_start
from nertagger.corpus.lines import read_lines, read_text
from nertagger.corpus.marks import write_marks
from nertagger.corpus.registry import Format, Holds, format_of_name, register
from nertagger.files import open_text

SAMPLE_LINES = 200
_CSV_HEADER = re.compile(r'"?(sentence|word|token|text)[^,]*,', re.IGNORECASE)
_ROWS = Holds.RECORDS | Holds.TOKENS | Holds.SENTENCES
_OBJECTS = Holds.RECORDS | Holds.TEXT | Holds.PASSAGES | Holds.BLANKS


def _later(name: str) -> Any:
    """The function of a module of this package, imported when it is called: `nertagger tag` needs but one or two."""
    module, _, function = name.partition(".")

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"nertagger.corpus.{module}"), function)(*arguments)

    return call


def register_formats() -> None:
    """Put the formats of this package into the registry."""
    for entry in _formats():
        register(entry)


def _formats() -> tuple[Format, ...]:
    return (
        Format(
            "conll",
            "one token a row, 1-5 columns, blank line between sentences (CoNLL, .iob2, GermEval)",
            (".conll", ".iob2", ".iob", ".bio", ".tsv"),
            read_conll,
            write_conll,
            holds=_ROWS | Holds.OPENINGS,
        ),
        Format(
            "conllu",
            "as conll with numbered tokens below the sentence's text",
            (".conllu",),
            read_conll,
            write_conllu,
            holds=_ROWS | Holds.OPENINGS | Holds.TEXT,
        ),
        Format(
            "jsonl",
            "one JSON object a line: text with entities by character, or (to read) tokens with tags",
            (".jsonl", ".ndjson"),
            read_jsonl,
            write_jsonl,
            holds=_OBJECTS | Holds.CONFIDENCE,
        ),
        Format(
            "jsonl-tokens",
            "one JSON object a sentence: tokens and tags",
            (),
            read_jsonl,
            write_jsonl_tokens,
            holds=_ROWS | Holds.BLANKS,
        ),
        Format(
            "doccano",
            "JSON lines of doccano: text and label",
            (),
            read_jsonl,
            _later("exports.write_doccano"),
            holds=_OBJECTS,
        ),
        Format(
            "prodigy",
            "JSON lines of Prodigy: text, tokens and spans",
            (),
            read_jsonl,
            _later("exports.write_prodigy"),
            holds=_OBJECTS | Holds.TOKENS,
        ),
        Format(
            "label-studio",
            "JSON of Label Studio: tasks with annotations",
            (".json",),
            _later("exports.read_label_studio"),
            _later("exports.write_label_studio"),
            holds=_OBJECTS,
        ),
        Format(
            "csv",
            "Sentence #,Word,POS,Tag as in the GMB corpus",
            (".csv",),
            _later("gmb_csv.read_csv"),
            _later("gmb_csv.write_csv"),
            holds=_ROWS | Holds.BLANKS,
        ),
        Format("lines", "one sentence a line, words apart by spaces", (), read_lines),
        Format("text", "running text; written with marks: [Ann|PER] ran", (), read_text, write_marks, holds=_OBJECTS),
        Format(
            "html", "a page with coloured entities", (".html", ".htm"), None, _later("html.write_html"), holds=_OBJECTS
        ),
        Format(
            "brat",
            "standoff of brat: NAME.ann beside NAME.txt, or a folder of them",
            (".ann",),
            read_file=_later("brat.read_brat"),
            write_file=_later("brat.write_brat"),
            holds=_OBJECTS & ~Holds.RECORDS,
        ),
        Format(
            "parquet",
            "Parquet: a row a sentence with text, tokens, starts, tags",
            (".parquet",),
            read_file=_later("parquet.read_parquet"),
            write_file=_later("parquet.write_parquet"),
            holds=_ROWS | _OBJECTS | Holds.UNANNOTATED,
        ),
        Format(
            "docbin",
            "DocBin of spaCy",
            (".spacy",),
            read_file=_later("docbin.read_docbin"),
            write_file=_later("docbin.write_docbin"),
            holds=_ROWS | _OBJECTS | Holds.UNANNOTATED,
        ),
    )


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


def detect_format_of_file(path: str, *, encoding: str | None = None) -> str:
    """The format that a file's name tells, else that its beginning looks like.

    Raises:
        DataError: if the name tells none and the file cannot be read.
    """
    name = format_of_name(path)
    if name is None:
        with open_text(path, encoding=encoding) as lines:
            name = detect_format(list(islice(lines, SAMPLE_LINES)))
    return name
