"""The layout of a table of tokens (separator, columns, header), detected from a sample of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from nertagger.corpus.source import Column, is_tag
from nertagger.corpus.tables.affixes import Affix, common_affix
from nertagger.corpus.tables.header import SENTENCE_NAMES, WORD_NAMES, find_column, is_header, named_columns
from nertagger.corpus.tables.tag_columns import (
    are_entity_tags,
    feature_value,
    find_feature,
    find_tags,
    tag_candidates,
)
from nertagger.corpus.tables.word_column import MIN_ROWS, are_repeated, find_sentences, find_words, first_filled
from nertagger.text.invisible import BYTE_ORDER_MARK, visible

DOCUMENT_START = "-DOCSTART-"
EDGE = " \t\r\n"
MULTIWORD_OR_EMPTY = re.compile(r"\d+[-.]\d+")
"""Numbers of CoNLL-U's rows for multiword tokens (3-4) and empty nodes (8.1), which are not tokens."""
_COMMENT = re.compile(r"# (\S+ = |newdoc\b|newpar\b|id \S+$)")
_COMMENT_WITH_CELLS = re.compile(r"# id \S+[ \t]+domain=\S+$|## \S+\t")  # of MultiCoNER and KLUE; as wide as the table
_UNUSUAL_SEPARATORS = "\u00a0\u3000"  # no-break and ideographic space: of web pages, of Chinese input methods
_SPACES = re.compile("[ \t]+")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
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
        feature: the name of the feature that is the tag, if the cells are features as in CoNLL-U's MISC: ``ner=B-PER``.
        affix: what all words have and is no part of them, as `nertagger.corpus.tables.affixes` finds it.
        quoted: whether every cell is in double quotes, as R writes them; they are removed.
        sentence: index of the column whose cells change with the sentence, or of the token numbers, which restart, if
            no blank lines end sentences; else None.
    """

    separator: str | None
    columns: int
    word: int
    tag: int | None
    numbered: bool = False
    header: str | None = None
    feature: str | None = None
    affix: Affix | None = None
    quoted: bool = False
    sentence: int | None = None

    @property
    def names_sentences(self) -> bool:
        """Whether a column names the sentences, as in the table of the GMB."""
        return self.header is not None and bool(named_columns(self.cells(self.header), SENTENCE_NAMES))

    def row(self, line: str) -> str:
        """Return the line without its end and trailing white space, except tabs that may delimit empty cells."""
        line = line.lstrip(BYTE_ORDER_MARK)
        return line.rstrip("\r\n ") if self.separator == "\t" else line.rstrip(EDGE)

    def cells(self, row: str) -> list[str]:
        """Return the cells of a row, with the right number of empty cells after word and tag."""
        cells = self._split(row)
        if self.quoted:
            cells = [cell[1:-1].replace('""', '"') if _QUOTED.fullmatch(cell) else cell for cell in cells]
        if self.feature is not None and self.tag is not None and len(cells) > self.tag:
            cells[self.tag] = feature_value(cells[self.tag], self.feature)
        if self.affix is not None and len(cells) > self.word:
            cells[self.word] = self.affix.removed_from(cells[self.word])
        return cells

    def _split(self, row: str) -> list[str]:
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

    def begins_sentence(self, before: str, row: str) -> bool:
        """Return whether the column of sentences tells a row from the one before."""
        cells = [self.cells(one) for one in (before, row)]
        if self.sentence is None or any(len(one) != self.columns for one in cells):
            return False
        last, name = (one[self.sentence] for one in cells)
        if self.sentence == 0 and self.numbered:
            return last.isdecimal() and name.isdecimal() and int(name) <= int(last)
        return last != name

    def is_comment(self, row: str) -> bool:
        """Return whether the row is a comment: any ``#`` row if tokens are numbered, else ``# ...`` without columns."""
        if self.numbered:
            return row.startswith("#")
        if _COMMENT_WITH_CELLS.match(row):
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
    the columns of words and tags. Without a header, words are in the first column that may be theirs (see
    `nertagger.corpus.tables.word_column`); tags are in the last column, or next to the words of numbered tokens, or
    else in the last column with cells that look like tags, or in the first. Without such a column, the table has no
    tags, and words are in the first column, or in the second if the first numbers the tokens.

    Args:
        lines: the first lines of a file.
        word: column of words, by index (negative from the right) or name; None to detect it.
        tag: column of tags, likewise.

    Raises:
        DataError: if there is no such column.
    """
    lines = list(lines)
    rows = _rows(lines)
    separator = _separator(rows)
    provisional = Layout(separator, 0, 0, None)
    rows = list(map(provisional.row, rows))
    if quoted := separator is not None and _are_quoted(map(provisional.cells, rows)):
        provisional = replace(provisional, quoted=True)
    table = list(map(provisional.cells, rows))
    header = table.pop(0) if table and is_header(table[0], word, tag) else None
    numbered = separator is not None and _is_numbered(table, separator)
    without_comments = [cells for cells in table if not cells[0].startswith("#")]
    if numbered or len({len(cells) for cells in without_comments}) == 1:
        table = without_comments
    columns = Counter(map(len, table)).most_common(1)[0][0] if table else len(header or " ")
    numbered = numbered and columns > 1
    table = [cells for cells in table if len(cells) == columns]
    if header and numbered and len(header) == columns - 1:  # R does not name the column of row numbers
        header = ["", *header]
    first = header or (table[0] if table else ())
    found = Layout(separator, columns, 0, None, numbered, rows[0] if header else None, quoted=quoted)
    named = [column for column in named_columns(header or (), WORD_NAMES) if column < columns]
    known = find_column(first, word, columns, "word") if word is not None else next(iter(named), None)
    found = replace(found, word=find_words(table, int(numbered)) if known is None else known)
    if tag is None:
        found = _with_tags(found, table, header)
    else:
        chosen = find_column(first, tag, columns, "tag")
        feature = find_feature(table, [chosen] if numbered else [])
        found = replace(found, tag=chosen, feature=feature[1] if feature else None)
    if found.tag is None and known is None:  # not a table of tokens, perhaps
        found = replace(found, word=first_filled(table, int(numbered)))
    if _are_together(lines):
        found = replace(found, sentence=find_sentences(table, found.word, found.tag, numbered=numbered))
    return replace(found, affix=common_affix([cells[found.word] for cells in table]))


def _with_tags(layout: Layout, table: Sequence[Sequence[str]], header: Sequence[str] | None) -> Layout:
    """Return the layout with the column of tags, if there is one; it may be the first, before that of words."""
    if header is None and layout.word > 0 and len(table) >= MIN_ROWS and are_entity_tags([cells[0] for cells in table]):
        return replace(layout, tag=0)
    candidates = tag_candidates(header, layout.word, layout.columns, numbered=layout.numbered)
    tag = find_tags(table, candidates)
    if tag is None and layout.numbered and (feature := find_feature(table, candidates)):
        return replace(layout, tag=feature[0], feature=feature[1])
    return replace(layout, tag=tag)


def _are_together(lines: Sequence[str]) -> bool:
    """Return whether no blank line is between rows."""
    are_rows = [visible(line) != "" for line in lines]
    return len([1 for is_row, _ in groupby(are_rows) if is_row]) == 1


def _are_quoted(table: Iterable[Sequence[str]]) -> bool:
    """Return whether every cell is in double quotes, and rows have several."""
    return all(len(cells) > 1 and all(map(_QUOTED.fullmatch, cells)) for cells in table)


def is_document_start(row: str) -> bool:
    """Return whether the row is ``-DOCSTART-``, with or without further columns."""
    row = row.lstrip(EDGE)
    return row.startswith(DOCUMENT_START) and row[len(DOCUMENT_START) : len(DOCUMENT_START) + 1] in ("", " ", "\t")


def is_comment(row: str) -> bool:
    """Return whether the row looks like a comment of CoNLL-U (``# key = value``) or MultiCoNER (``# id 17``)."""
    if not row.startswith("# "):
        return False
    return bool(_COMMENT_WITH_CELLS.match(row) or ("\t" not in row and _COMMENT.match(row)))


def _rows(lines: Iterable[str]) -> list[str]:
    """Return the lines that are neither blank nor ``-DOCSTART-`` nor comments."""
    rows = (line.lstrip(BYTE_ORDER_MARK) for line in lines if visible(line))
    return [row for row in rows if not is_document_start(row) and not is_comment(row.rstrip(EDGE))]


def _separator(rows: Sequence[str]) -> str | None:
    for separator in "\t ":
        if 2 * sum(separator in row for row in rows) > len(rows):
            return separator
    for separator in _UNUSUAL_SEPARATORS:
        if are_entity_tags([row.rpartition(separator)[2].strip(EDGE) for row in rows if separator in row[1:]]):
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
    if are_repeated([cells[0] for cells in rows]) and any(before == after > 1 for before, after in pairs):
        return False  # numbers of sentences: a second token is followed by the third or a first one
    counts = any(after == before + 1 for before, after in pairs[1:])
    faults = len(rows) - ascending
    if not numbers or faults > max((1 - _MIN_NUMBERED) * len(rows), counts) or not (counts or separator == "\t"):
        return False
    return max(map(len, rows)) > 2 or (counts and not any(is_tag(cells[1]) for cells in rows))
