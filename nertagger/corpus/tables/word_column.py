"""The column of words of a table without a header, and the column that numbers or names its sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from nertagger.corpus.source import is_tag
from nertagger.corpus.tables.tag_columns import are_entity_tags

SENTENCES_BY_COLUMN = "tables whose column {} tells the sentences apart, as no blank lines do"
"""What is counted where `find_sentences` found a column."""

_Rows = Sequence[Sequence[str]]
_NUMBER = re.compile(r"[-+]?\d+([.,:]\d+)*")
MIN_ROWS = 3
"""The least number of rows whose cells tell what a column is."""

_MIN_ROWS_TO_COUNT = 20
_IDENTIFIER = re.compile(r"(?!\d*[.,]\d+$).*\d")  # s7, 8; no part of speech, and no confidence
_VARIETY = 3  # times as many different words as there are parts of speech, sources and the like


def find_words(table: _Rows, first: int) -> int:
    """Return the first column, from `first`, that may be that of words, else the first one with anything in it.

    Tags, numbers, names of documents or sentences, which are the same in many rows, and columns with far fewer
    different cells than a later one has are no words. In a table of few rows, nothing is known.

    >>> find_words([["d1", "7", "Ann", "B-PER"], ["d1", "8", "ran", "O"], ["d1", "9", ".", "O"]], 0)
    2
    """
    columns = list(map(list, zip(*table, strict=True)))
    possible = [column for column in range(first, len(columns)) if any(columns[column])]
    possible = [column for column in possible if len(table) < MIN_ROWS or _may_be_words(columns[column])]
    most = max((len(set(columns[column])) for column in possible), default=0)
    if len(table) >= _MIN_ROWS_TO_COUNT:
        possible = [column for column in possible if _VARIETY * len(set(columns[column])) >= most]
    return possible[0] if possible else first_filled(table, first)


def first_filled(table: _Rows, first: int) -> int:
    """Return the first column, from `first`, that is not empty in all rows; `first` if there is none."""
    width = len(table[0]) if table else 0
    return next((column for column in range(first, width) if any(cells[column] for cells in table)), first)


def _are_numbers(cells: Sequence[str]) -> bool:
    """Return whether all cells are numbers: of tokens, of characters or of seconds."""
    return all(map(_NUMBER.fullmatch, cells))


def are_repeated(cells: Sequence[str]) -> bool:
    """Return whether the cells mostly repeat the one before, as the names of sentences and documents do."""
    equal = sum(before == after for before, after in pairwise(cells))
    return len(cells) >= MIN_ROWS and 2 * equal >= len(cells) - 1


def find_sentences(table: _Rows, words: int, tags: int | None, *, numbered: bool) -> int | None:
    """Return the column whose cells tell sentences apart; None if there is none.

    Each sentence has several rows, one after another, under a number or a name with digits. Of several such columns,
    that with the most sentences is it. In a table with numbers of tokens, it is before the words (after them there may
    be numbers of heads), else the first, if its numbers restart.
    """
    width = len(table[0]) if table else 0
    columns = {
        column: [cells[column] for cells in table]
        for column in range(min(words, width) if numbered else width)
        if column not in (words, tags)
    }
    apart = {}
    for column, cells in columns.items():
        names = [name for name, _ in groupby(cells)]
        if are_repeated(cells) and all(map(_IDENTIFIER.match, names)) and 1 < len(names) == len(set(names)):
            apart[column] = len(names)
    if not apart and numbered and 0 in columns:
        numbers = [int(cell) for cell in columns[0] if cell.isdecimal()]
        return 0 if any(after <= before for before, after in pairwise(numbers)) else None
    return max(apart, key=apart.__getitem__, default=None)


def _may_be_words(cells: Sequence[str]) -> bool:
    """Return whether cells are neither tags, all of them O perhaps, nor numbers alone, nor mostly repeated."""
    are_tags = are_entity_tags(cells) or all(map(is_tag, cells))
    return not are_tags and not _are_numbers(cells) and not are_repeated(cells)
