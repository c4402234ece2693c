"""Which columns a table of tokens has: told from a sample of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nertagger.corpus.source import is_tag
from nertagger.errors import DataError

DOCUMENT_START = "-DOCSTART-"
EDGE = " \t\r\n"
_COMMENT = re.compile(r"# (\S+ = |newdoc\b|newpar\b|id \S+$)")
_MULTICONER_COMMENT = re.compile(r"# id \S+[ \t]+domain=\S+$")  # may have as many columns as the table
_SPACES = re.compile("[ \t]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a table of tokens are read.

    Attributes:
        separator: a tab, a space (runs of spaces and tabs count as one), or None where the whole row is the word.
        columns: how many cells a row has.
        word: index of the word, from the left.
        tag: index of the tag, from the left; None for words without tags.
        numbered: whether the first column numbers the tokens, as in CoNLL-U; then ``#`` begins a comment.
    """

    separator: str | None
    columns: int
    word: int
    tag: int | None
    numbered: bool = False

    def cells(self, row: str) -> list[str]:
        """The cells of a row whose right edge is stripped."""
        if self.separator is None:
            return [row]
        cells = row.split(self.separator)
        if self.separator == " " and (len(cells) != self.columns or "\t" in row):
            cells = _SPACES.split(row.lstrip(EDGE))
        return cells

    def is_comment(self, row: str) -> bool:
        """Whether the row is a comment: any ``#`` row if numbered, else ``# key = value`` without the columns."""
        if self.numbered:
            return row.startswith("#")
        if _MULTICONER_COMMENT.match(row):
            return True
        return is_comment(row) and len(self.cells(row)) != self.columns


def detect_layout(lines: Iterable[str], *, word: int | None = None, tag: int | None = None) -> Layout:
    """The layout that most of the rows have.

    A table is split at tabs if most rows hold one (tokens may then contain spaces), else at spaces. The word is in the
    first column, or in the second if the first numbers the tokens. The tag is in the last column, or beside the word if
    the tokens are numbered; a last column in which nothing looks like a tag makes a table without tags.

    Args:
        lines: a sample of the file, from its beginning.
        word: index of the words' column, negative from the right; None to detect it.
        tag: index of the tags' column, negative from the right; None to detect it.

    Raises:
        DataError: if there is no such column.
    """
    rows = [row for line in lines if (row := line.rstrip(EDGE)) and not is_document_start(row) and not is_comment(row)]
    separator = _separator(rows)
    table = [Layout(separator, 0, 0, None).cells(row) for row in rows]
    numbered = separator == "\t" and _is_numbered(table)
    if numbered:
        table = [cells for cells in table if not cells[0].startswith("#")]
    columns = Counter(map(len, table)).most_common(1)[0][0] if table else 1
    table = [cells for cells in table if len(cells) == columns]
    word = int(numbered) if word is None else _index(word, columns, "word")
    if tag is not None:
        return Layout(separator, columns, word, _index(tag, columns, "tag"), numbered)
    return Layout(separator, columns, word, _tag_column(table, word, columns, numbered), numbered)


def is_document_start(row: str) -> bool:
    """Whether the row is ``-DOCSTART-``, with or without further columns."""
    return row.startswith(DOCUMENT_START) and row[len(DOCUMENT_START) : len(DOCUMENT_START) + 1] in ("", " ", "\t")


def is_comment(row: str) -> bool:
    """Whether the row looks like a comment of CoNLL-U or of MultiCoNER: ``# key = value``, ``# id 17 domain=en``."""
    if not row.startswith("# "):
        return False
    return bool(_MULTICONER_COMMENT.match(row) or ("\t" not in row and _COMMENT.match(row)))


def _separator(rows: Sequence[str]) -> str | None:
    for separator in "\t ":
        if 2 * sum(separator in row for row in rows) > len(rows):
            return separator
    return None


def _is_numbered(table: Sequence[Sequence[str]]) -> bool:
    """Whether the first column counts the tokens: numbers only, from 1 (or 0), beside a word and a tag."""
    numbers = [cells[0] for cells in table if len(cells) > 2 and not cells[0].startswith("#")]
    return bool(numbers) and numbers[0].split("-")[0] in ("0", "1") and all(n[:1].isdigit() for n in numbers)


def _tag_column(table: Sequence[Sequence[str]], word: int, columns: int, numbered: bool) -> int | None:
    candidates = range(word + 1, columns) if numbered else range(columns - 1, max(word, columns - 2), -1)
    return next((column for column in candidates if any(is_tag(cells[column]) for cells in table)), None)


def _index(column: int, columns: int, what: str) -> int:
    """The column counted from the left."""
    if not -columns <= column < columns:
        raise DataError(f"there is no {what} column {column}: the rows have {columns}, counted from 0 (-1 is the last)")
    return column % columns
