"""The format of a file, detected from its name or from its first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nertagger.corpus.announced import announced_format
from nertagger.corpus.announced.inline_tags import inline_separator
from nertagger.corpus.formats.csv_records import record_delimiter
from nertagger.corpus.formats.gmb_csv import is_csv
from nertagger.corpus.line_ends import split_lines
from nertagger.corpus.marked.bracket_forms import bracket_form, has_doubtful_marks
from nertagger.corpus.marked.opennlp import is_opennlp
from nertagger.corpus.marked.tags import has_elements, tag_kind
from nertagger.corpus.registry import format_of_name
from nertagger.corpus.source import Source
from nertagger.corpus.tables.layout import EDGE, detect_layout, is_comment, is_document_start
from nertagger.corpus.tag_forms import TagReader
from nertagger.errors import DataError
from nertagger.files import base_suffix, head, open_text

_MIN_REGULAR_ROWS = 0.9  # fraction of rows with the same structure in a table
_MARKUP = re.compile(r"\s*(<\?xml\b|<!doctype\b|<html\b|<[A-Za-z][\w.-]*( [^<>]*)?>.*</)", re.IGNORECASE)
_MAIL = re.compile(r"content-transfer-encoding:\s*(quoted-printable|base64)\b", re.IGNORECASE)
_INLINE_LINES = 100
_JSON_START = re.compile(r'\{\s*"|\[\s*(\{\s*"|\[\s*"|"[^"]*",\s*\{)')  # of an object, or a list of objects or rows


def detect_format(sample: Sequence[str]) -> str:
    """Return the name of the format that the first lines of a file look like; ``text`` if no other.

    >>> detect_format(["EU\\tB-ORG\\n", "rejects\\tO\\n"])
    'conll'
    """
    rows = [row for line in sample if (row := line.strip(" \t\r\n"))]
    if not rows:
        return "text"
    if announced := announced_format(sample):
        return announced
    if _JSON_START.match("\n".join(rows)):
        return "jsonl"
    if inline_separator(sample[:_INLINE_LINES]):
        return "inline-tags"
    if is_csv(sample) or _is_table_of_texts(rows):
        return "csv"
    if any(map(is_document_start, rows)) or _is_table_of_tokens(sample):
        return "conll"
    return _marked_format(sample) or "text"


def _marked_format(sample: Sequence[str]) -> str | None:
    """Return the name of the format of running text in which entities are marked; None if nothing marks them."""
    if is_opennlp(sample):
        return "opennlp"
    text = "".join(sample)
    return "inline-xml" if tag_kind(text) else "marked-text" if bracket_form(text) else None


def format_of_content(sample: Sequence[str], source: Source) -> str:
    """Return the name of the format that the first lines of a source look like.

    Markup and encoded mails that are read as text are counted.

    Args:
        sample: the first lines.
        source: the file of these lines.

    Raises:
        DataError: if the lines were read in the wrong encoding, are binary or a configuration.
    """
    source.check_sample(sample)
    name = detect_format(sample)
    _refuse_configuration(source.name, name)
    text = "".join(sample)
    if name == "text" and (_MARKUP.match(text) or has_elements(text)):
        remedy = "save as plain text, or name the format inline-xml if elements are entities"
        source.count(1, f"texts with XML or HTML markup, which is read as words, annotation too ({remedy})")
    elif name == "text" and has_doubtful_marks(text):
        source.count(
            1, "texts with brackets that are read as words (name the format marked-text if they mark entities)"
        )
    if name == "text" and (found := next(filter(None, map(_MAIL.match, sample)), None)):
        source.count(1, f"mails in {found[1]}, which is read as it is (save the text)")
    return name


def _refuse_configuration(path: str, format: str) -> None:
    """Raise DataError if a file without a format of its own is a configuration by its name."""
    if format == "text" and base_suffix(path) == ".toml":
        remedy = f"nertagger train {path} trains with it; to read it as it is name the format text"
        raise DataError("is a configuration", path=path, expected="text or annotated sentences", remedy=remedy)


def detect_format_of_file(path: str, *, encoding: str | None = None) -> str:
    """Return the name of the format of a file, detected from its suffix, else from its first lines.

    Raises:
        DataError: if the suffix is unknown and the file cannot be read, or is a configuration.
    """
    name = format_of_name(path)
    if name is None or name == "conll":
        with open_text(path, encoding=encoding) as lines:
            sample = list(split_lines(head(lines)))
        name = announced_format(sample) or name or detect_format(sample)
        _refuse_configuration(path, name)
    return name


def _is_table_of_texts(rows: Sequence[str]) -> bool:
    """Return whether the first row is a header of texts, with stripped names, and most rows have several cells."""
    delimiter = record_delimiter(rows)
    if delimiter is None or any(cell != cell.strip() for cell in rows[0].split(delimiter)):
        return False
    return 2 * sum(delimiter in row for row in rows) > len(rows)


def _is_table_of_tokens(sample: Sequence[str]) -> bool:
    """Return whether nearly all lines have the same number of cells and, if separated by spaces, end in tags."""
    layout = detect_layout(sample)
    rows = [layout.row(line) for line in sample if line.strip(EDGE)]
    rows = [row for row in rows if row != layout.header and not layout.is_comment(row) and not is_comment(row)]
    if layout.separator == "\t":
        if layout.tag is None and layout.header is None and not layout.numbered:
            return False  # running text with tabs would lose all columns but one
        cells = [layout.cells(row) for row in rows]
        regular = sum(len(one) == layout.columns and one[layout.word] != "" for one in cells)
        return regular >= _MIN_REGULAR_ROWS * len(rows)
    reader = TagReader()
    reader.fit(layout.tag_cells(sample))
    tags = [cell for cell in layout.tag_cells(sample) if reader.read(cell) is not None]
    return len(rows) > 1 and len(tags) >= _MIN_REGULAR_ROWS * len(rows)
