"""The columns of a table of tokens that hold tags, and tags among the features of CoNLL-U's column MISC."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nertagger.corpus.source import is_tag
from nertagger.corpus.tables.header import TAG_NAMES, named_columns
from nertagger.corpus.tag_forms import TagForm, detect_form
from nertagger.text.schemes import OUTSIDE, split_tag

_Rows = Sequence[Sequence[str]]
_EDGE = " \t\r\n"
_OF_STANZA = "ner"
"""The feature of which ``O`` alone is enough."""


def tag_candidates(header: Sequence[str] | None, word: int, columns: int, *, numbered: bool) -> list[int]:
    """Return the columns that may hold the tags, the most likely first."""
    named = [column for column in named_columns(header or (), TAG_NAMES) if column < columns and column != word]
    others = [column for column in range(columns - 1, -1, -1) if column > word]
    if numbered and word + 1 < columns:
        others.insert(0, word + 1)
    return [*named, *others]


def find_tags(table: _Rows, candidates: Sequence[int]) -> int | None:
    """Return the first of the columns with mostly tags like B-PER, else the first with another form of tags.

    If there is none, return the last column if at least one of its cells is a tag.
    """
    cells_of = {column: [cells[column].strip(_EDGE) for cells in table] for column in candidates}
    tags_in = {column: sum(map(is_tag, cells)) for column, cells in cells_of.items()}
    usual = [column for column in candidates if 2 * tags_in[column] > len(table)]
    other = [column for column in candidates if detect_form(cells_of[column]) not in (None, TagForm.HYPHEN)]
    last = [column for column in candidates if tags_in[column] and column == max(candidates)]
    return next(iter((*usual, *other, *last)), None)


def are_entity_tags(cells: Sequence[str]) -> bool:
    """Return whether most cells are tags like B-PER, some of them of entities.

    >>> are_entity_tags(["B-PER", "O"]), are_entity_tags(["O", "O"]), are_entity_tags(["Ann", "O", "ran"])
    (True, False, False)
    """
    return 2 * sum(map(is_tag, cells)) > len(cells) and bool(_labels(cells))


def columns_like(table: _Rows, tag: int) -> list[int]:
    """Return the other columns of tags that share a label with the column `tag`: nested or predicted entities."""
    labels = _labels([cells[tag] for cells in table])
    others = ([cells[column] for cells in table] for column in range(len(table[0]) if table else 0))
    return [
        column
        for column, cells in enumerate(others)
        if column != tag and not labels.isdisjoint(_labels(cells)) and are_entity_tags(cells)
    ]


def find_feature(table: _Rows, columns: Sequence[int]) -> tuple[int, str] | None:
    """Return the first of the columns with features ``name=tag|other=value``, and the name of the tags' feature.

    It is the feature whose values are all tags, at least one of them of an entity.
    """
    for column in columns:
        values: dict[str, list[str]] = {}
        for cells in table:
            for name, value in (part.split("=", 1) for part in cells[column].split("|") if "=" in part):
                values.setdefault(name, []).append(value)
        for name, tags in values.items():
            if all(map(is_tag, tags)) and (_labels(tags) or name.lower() == _OF_STANZA):
                return column, name
    return None


def feature_value(cell: str, name: str) -> str:
    """Return the value of a feature; ``O`` if the cell does not have it.

    >>> feature_value("start_char=0|ner=B-PER", "ner"), feature_value("_", "ner")
    ('B-PER', 'O')
    """
    match = re.search(rf"(?:^|\|){re.escape(name)}=([^|]*)", cell)
    return match[1] if match else OUTSIDE


def _labels(cells: Sequence[str]) -> set[str]:
    """Return the labels of the tags among the cells."""
    tags = {cell.strip(_EDGE) for cell in cells}
    return {split_tag(tag)[1] for tag in tags if tag != OUTSIDE and is_tag(tag)}
