"""The layout of a table of tokens (separator, columns, header), detected from a sample of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nertagger.corpus.source import Column, is_tag
from nertagger.corpus.tables.header import SENTENCE_NAMES, TAG_NAMES, WORD_NAMES, find_column, is_header, named_columns
from nertagger.corpus.tag_forms import TagForm, detect_form

DOCUMENT_START = "-DOCSTART-"
EDGE = " \t\r\n"
MULTIWORD_OR_EMPTY = re.compile(r"\d+[-.]\d+")
"""Numbers of CoNLL-U's rows for multiword tokens (3-4) and empty nodes (8.1), which are not tokens."""
_COMMENT = re.compile(r"# (\S+ = |newdoc\b|newpar\b|id \S+$)")
_MULTICONER_COMMENT = re.compile(r"# id \S+[ \t]+domain=\S+$")  # may have as many columns as the table
_SPACES = re.compile("[ \t]+")
_MIN_NUMBERED = 0.8  # fraction of the rows
_MAX_DIGITS = 6  # no sentence has more tokens


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a table of tokens.

    Attributes:
        separator: a tab, a space (runs of spaces and tabs count as one), or None if the whole row is the word.
        columns: number of cells in a row.
        word: index of the column of words, from the left.
        tag: index of the column of tags, from the left; None if words have no tags.
        numbered: whether the first column numbers the tokens, as in CoNLL-U; then ``#`` begins a comment.
        header: the row that names the columns, or None.
    """

    separator: str | None
    columns: int
    word: int
    tag: int | None
    numbered: bool = False
    header: str | None = None

    @property
    def names_sentences(self) -> bool:
        """Whether a column names the sentences, as in the table of the GMB."""
        return self.header is not None and bool(named_columns(self.cells(self.header), SENTENCE_NAMES))

    def row(self, line: str) -> str:
        """Return the line without its end and trailing white space, except tabs that may delimit empty cells."""
        return line.rstrip("\r\n ") if self.separator == "\t" else line.rstrip(EDGE)

    def cells(self, row: str) -> list[str]:
        """Return the cells of a row, with the right number of empty cells after word and tag."""
        if self.separator is None:
            return [row]
        cells = row.split(self.separator)
        if self.separator == " " and (len(cells) != self.columns or "\t" in row):
            return _SPACES.split(row.lstrip(EDGE))
        if len(cells) != self.columns > 0:
            while len(cells) > self.columns and not cells[-1]:
                cells.pop()
            if len(cells) > max(self.word, self.tag or 0):
                cells += [""] * (self.columns - len(cells))
        return cells

    def is_comment(self, row: str) -> bool:
        """Return whether the row is a comment: any ``#`` row if tokens are numbered, else ``# ...`` without columns."""
        if self.numbered:
            return row.startswith("#")
        if _MULTICONER_COMMENT.match(row):
            return True
        if self.separator == "\t" and self.columns > 1:
            return row.startswith("# ") and "\t" not in row
        return is_comment(row) and len(self.cells(row)) != self.columns

    def tag_cells(self, lines: Iterable[str]) -> list[str]:
        """Return the cells of the tag column in the lines that are rows of this layout."""
        if self.tag is None:
            return []
        table = (self.cells(row) for line in _rows(lines) if (row := self.row(line)) != self.header)
        return [cells[self.tag].strip(EDGE) for cells in table if len(cells) == self.columns]


def detect_layout(lines: Iterable[str], *, word: Column | None = None, tag: Column | None = None) -> Layout:
    """Return the layout that most of the rows have.

    A table is split at tabs if most rows contain one (tokens may then contain spaces), else at spaces. A header names
    the columns of words and tags. Without a header, words are in the first column, or in the second if the first
    numbers the tokens; tags are in the last column, or next to the words of numbered tokens, or else in the last column
    with cells that look like tags. Without such a column, the table has no tags.

    Args:
        lines: the first lines of a file.
        word: column of words, by index (negative from the right) or name; None to detect it.
        tag: column of tags, likewise.

    Raises:
        DataError: if there is no such column.
    """
    rows = _rows(lines)
    separator = _separator(rows)
    provisional = Layout(separator, 0, 0, None)
    rows = list(map(provisional.row, rows))
    table = list(map(provisional.cells, rows))
    header = table.pop(0) if table and is_header(table[0], word, tag) else None
    numbered = separator is not None and _is_numbered(table, separator)
    if numbered:
        table = [cells for cells in table if not cells[0].startswith("#")]
    columns = Counter(map(len, table)).most_common(1)[0][0] if table else len(header or " ")
    numbered = numbered and columns > 1
    table = [cells for cells in table if len(cells) == columns]
    first = header or (table[0] if table else ())
    if word is not None:
        word = find_column(first, word, columns, "word")
    else:
        named = named_columns(header or (), WORD_NAMES)
        word = named[0] if named and named[0] < columns else int(numbered)
    if tag is not None:
        tag = find_column(first, tag, columns, "tag")
    else:
        tag = find_tags(table, _tag_candidates(header, word, columns, numbered=numbered))
    return Layout(separator, columns, word, tag, numbered, rows[0] if header else None)


def is_document_start(row: str) -> bool:
    """Return whether the row is ``-DOCSTART-``, with or without further columns."""
    return row.startswith(DOCUMENT_START) and row[len(DOCUMENT_START) : len(DOCUMENT_START) + 1] in ("", " ", "\t")


def is_comment(row: str) -> bool:
    """Return whether the row looks like a comment of CoNLL-U (``# key = value``) or MultiCoNER (``# id 17``)."""
    if not row.startswith("# "):
        return False
    return bool(_MULTICONER_COMMENT.match(row) or ("\t" not in row and _COMMENT.match(row)))


def _rows(lines: Iterable[str]) -> list[str]:
    """Return the lines that are neither blank nor ``-DOCSTART-`` nor comments."""
    return [line for line in lines if (row := line.rstrip(EDGE)) and not is_document_start(row) and not is_comment(row)]


def _separator(rows: Sequence[str]) -> str | None:
    for separator in "\t ":
        if 2 * sum(separator in row for row in rows) > len(rows):
            return separator
    return None


def _is_numbered(table: Sequence[Sequence[str]], separator: str) -> bool:
    """Return whether the first column numbers the tokens: ascending, restarting in each sentence, with few exceptions.

    The rows have a word and a tag next to the number, or a word alone. If cells are separated by spaces, at least two
    numbers must be consecutive.
    """
    rows = [cells for cells in table if len(cells) > 1 and not cells[0].startswith("#")]
    numbers = [int(cells[0]) for cells in rows if cells[0].isdecimal() and len(cells[0]) <= _MAX_DIGITS]
    pairs = list(pairwise([0, *numbers]))
    others = sum(bool(MULTIWORD_OR_EMPTY.fullmatch(cells[0])) for cells in rows)
    ascending = others + sum(after > before or after in (0, 1) for before, after in pairs)
    counts = any(after == before + 1 for before, after in pairs[1:])
    faults = len(rows) - ascending
    if not numbers or faults > max((1 - _MIN_NUMBERED) * len(rows), counts) or not (counts or separator == "\t"):
        return False
    return max(map(len, rows)) > 2 or (counts and not any(is_tag(cells[1]) for cells in rows))


def _tag_candidates(header: Sequence[str] | None, word: int, columns: int, *, numbered: bool) -> list[int]:
    """Return the columns that may hold the tags, the most likely first."""
    named = [column for column in named_columns(header or (), TAG_NAMES) if column < columns and column != word]
    others = [column for column in range(columns - 1, -1, -1) if column > word]
    if numbered and word + 1 < columns:
        others.insert(0, word + 1)
    return [*named, *others]


def find_tags(table: Sequence[Sequence[str]], candidates: Sequence[int]) -> int | None:
    """Return the first of the columns with mostly tags like B-PER, else the first with another form of tags.

    If there is none, return the last column if at least one of its cells is a tag.
    """
    cells_of = {column: [cells[column].strip(EDGE) for cells in table] for column in candidates}
    tags_in = {column: sum(map(is_tag, cells)) for column, cells in cells_of.items()}
    usual = [column for column in candidates if 2 * tags_in[column] > len(table)]
    other = [column for column in candidates if detect_form(cells_of[column]) not in (None, TagForm.HYPHEN)]
    last = [column for column in candidates if tags_in[column] and column == max(candidates)]
    return next(iter((*usual, *other, *last)), None)
