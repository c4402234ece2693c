"""The formats that there are, and which of them a file's beginning looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from nertagger.corpus.formats.conll import read_conll, write_conll, write_conllu
from nertagger.corpus.formats.csv_records import record_delimiter
from nertagger.corpus.formats.gmb_csv import is_csv
from nertagger.corpus.formats.jsonl import read_jsonl, write_jsonl, write_jsonl_tokens
from nertagger.corpus.formats.lines import read_lines, read_text
from nertagger.corpus.formats.marks import write_marks
from nertagger.corpus.line_ends import split_lines
from nertagger.corpus.registry import Format, Holds, format_of_name, register
from nertagger.corpus.tables.layout import EDGE, detect_layout, is_comment, is_document_start
from nertagger.corpus.tag_forms import TagReader
from nertagger.files import head, open_text

_TABLE = 0.9  # of the rows, at least, that are alike in what looks like a table
_JSON_BEGINNING = re.compile(r'\{\s*"|\[\s*(\{\s*"|\[\s*"|"[^"]*",\s*\{)')  # of an object, of a list of objects or rows
_ROWS = Holds.RECORDS | Holds.TOKENS | Holds.SENTENCES
_OBJECTS = Holds.RECORDS | Holds.TEXT | Holds.PASSAGES | Holds.BLANKS
_WHOLE = _ROWS | _OBJECTS | Holds.UNANNOTATED | Holds.PARTS
_TOKEN_ROWS = _ROWS | Holds.BLANKS | Holds.UNANNOTATED | Holds.META
_JSON = _OBJECTS | Holds.UNANNOTATED | Holds.META


def _later(name: str) -> Any:
    """The function of a module of this package, imported when it is called: `nertagger tag` needs but one or two."""
    module, _, function = name.partition(".")

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"nertagger.corpus.formats.{module}"), function)(*arguments)

    return call


def register_formats() -> None:
    """Put the formats of this package into the registry."""
    for entry in (*_tables(), *_objects(), *_texts(), *_files()):
        register(entry)


def _tables() -> Iterator[Format]:
    """Formats with a token a row."""
    yield Format(
        "conll",
        "one token a row, blank line between sentences, with or without header (CoNLL, .iob2, GermEval, HIPE)",
        (".conll", ".iob2", ".iob", ".bio", ".tsv"),
        read_conll,
        write_conll,
        holds=_ROWS | Holds.OPENINGS,
    )
    yield Format(
        "conllu",
        "as conll with numbered tokens below the sentence's text",
        (".conllu",),
        read_conll,
        write_conllu,
        holds=_ROWS | Holds.OPENINGS | Holds.TEXT,
    )
    yield Format(
        "csv",
        "Sentence #,Word,POS,Tag as in the GMB corpus; also apart by ; or | or tabs",
        (".csv",),
        _later("gmb_csv.read_csv"),
        _later("gmb_csv.write_csv"),
        holds=_ROWS | Holds.BLANKS,
    )


def _objects() -> Iterator[Format]:
    """Formats of JSON."""
    yield Format(
        "jsonl",
        "one JSON object a line: text with entities by character, or (to read) tokens with tags",
        (".jsonl", ".ndjson"),
        read_jsonl,
        write_jsonl,
        holds=_JSON | Holds.CONFIDENCE,
    )
    for name, description, writer, holds in (
        ("jsonl-tokens", "one JSON object a sentence: tokens and tags", write_jsonl_tokens, _TOKEN_ROWS),
        ("doccano", "JSON lines of doccano: text and label", _later("exports.write_doccano"), _JSON),
        (
            "prodigy",
            "JSON lines of Prodigy: text, tokens and spans",
            _later("exports.write_prodigy"),
            _JSON | Holds.TOKENS | Holds.CONFIDENCE,
        ),
    ):
        yield Format(name, description, (), read_jsonl, writer, holds=holds)
    yield Format(
        "label-studio",
        "a JSON list: tasks of Label Studio or, to read, any objects that jsonl reads",
        (".json",),
        read_jsonl,
        _later("label_studio.write_label_studio"),
        holds=_JSON | Holds.CONFIDENCE,
    )

    yield Format(
        "label-studio-predictions",
        "the same list, read for its predictions in the place of annotations",
        (),
        _later("label_studio.read_predictions"),
        holds=_JSON | Holds.CONFIDENCE,
    )


def _texts() -> Iterator[Format]:
    """Running text, and pages."""
    yield Format("lines", "one sentence a line, words apart by spaces", (), read_lines)
    marked = "running text; written with marks: [Ann|PER] ran"
    yield Format("text", marked, (), read_text, write_marks, holds=_OBJECTS)
    writer = _later("html.write_html")
    yield Format("html", "a page with coloured entities", (".html", ".htm"), None, writer, holds=_OBJECTS)


def _files() -> Iterator[Format]:
    """Formats that are no streams of text, each a module of its own: its name, what it is, its suffix."""
    for name, description, suffix, holds in (
        (
            "brat",
            "standoff of brat: NAME.ann beside NAME.txt, or a folder of them",
            ".ann",
            _OBJECTS & ~Holds.RECORDS,
        ),
        (
            "parquet",
            "Parquet: one row per sentence with text, tokens, starts, tags, meta",
            ".parquet",
            _WHOLE | Holds.META,
        ),
        ("docbin", "DocBin of spaCy", ".spacy", _WHOLE),
    ):
        reader, writer = _later(f"{name}.read_{name}"), _later(f"{name}.write_{name}")
        yield Format(name, description, (suffix,), read_file=reader, write_file=writer, holds=holds)


def detect_format(sample: Sequence[str]) -> str:
    """The format that the first lines of a file look like; running text if none.

    >>> detect_format(["EU\\tB-ORG\\n", "rejects\\tO\\n"])
    'conll'
    """
    rows = [row for line in sample if (row := line.strip(" \t\r\n"))]
    if not rows:
        return "text"
    if _JSON_BEGINNING.match("\n".join(rows)):
        return "jsonl"
    if is_csv(sample) or _is_records(rows):
        return "csv"
    return "conll" if any(map(is_document_start, rows)) or _is_table(sample) else "text"


def _is_records(rows: Sequence[str]) -> bool:
    """Whether the first row names the columns of texts, without blanks at their edges, and most rows have such."""
    delimiter = record_delimiter(rows)
    if delimiter is None or any(cell != cell.strip() for cell in rows[0].split(delimiter)):
        return False
    return 2 * sum(delimiter in row for row in rows) > len(rows)


def _is_table(sample: Sequence[str]) -> bool:
    """Whether the lines are rows of tokens: alike in number of cells and, apart by spaces, several that end in tags."""
    layout = detect_layout(sample)
    rows = [layout.row(line) for line in sample if line.strip(EDGE)]
    rows = [row for row in rows if row != layout.header and not layout.is_comment(row) and not is_comment(row)]
    if layout.separator == "\t":
        if layout.tag is None and layout.header is None and not layout.numbered:
            return False  # of running text with tabs all but a column would be lost
        cells = [layout.cells(row) for row in rows]
        return sum(len(one) == layout.columns and one[layout.word] != "" for one in cells) >= _TABLE * len(rows)
    reader = TagReader()
    reader.learn(layout.tag_cells(sample))
    tags = [cell for cell in layout.tag_cells(sample) if reader.read(cell) is not None]
    return len(rows) > 1 and len(tags) >= _TABLE * len(rows)


def detect_format_of_file(path: str, *, encoding: str | None = None) -> str:
    """The format that a file's name tells, else that its beginning looks like.

    Raises:
        DataError: if the name tells none and the file cannot be read.
    """
    name = format_of_name(path)
    if name is None:
        with open_text(path, encoding=encoding) as lines:
            name = detect_format(list(split_lines(head(lines))))
    return name
