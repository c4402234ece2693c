"""The header row of a table of tokens: whether a row is a header, and the columns that it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nertagger.corpus.source import Column, is_tag
from nertagger.corpus.tables.plain_names import plain_name
from nertagger.errors import DataError

WORD_NAMES = ("word", "token", "words", "tokens", "form", "surface", "text", "token text", "word form")
TAG_NAMES = (
    *("ner", "ner tag", "ner tags", "ner label", "ne", "ne coarse lit", "ne coarse", "ne tag", "named entity"),
    *("bio", "iob", "iob2", "bio tag", "iob tag", "entity", "entity tag", "entity type", "entity label"),
    *("tag", "tags", "label", "labels", "gold", "annotation"),
)
SENTENCE_NAMES = (
    *("sentence #", "sentence", "sentence id", "sentence idx", "sentence number", "sentence no", "sentence num"),
    *("sent", "sent id", "sent num", "sid"),
)
_OTHER_NAMES = ("", "pos", "pos tag", "upos", "xpos", "lemma", "chunk", "id", "index", "misc", "unnamed: 0")


def is_header(cells: Sequence[str], *columns: Column | None) -> bool:
    """Return whether a row names the columns: it has the requested names, or common ones and no tag.

    >>> is_header(["Token", "POS", "Tag"]), is_header(["Token", "NN", "O"]), is_header(["Wort", "Typ"], "Wort", "Typ")
    (True, False, True)
    """
    requested = [column for column in columns if column is not None and as_index(column) is None]
    if requested:
        return set(_normalized(cells)).issuperset(_normalized(map(str, requested)))
    names, words, tags = set(_plain(cells)), _plain(WORD_NAMES), _plain(TAG_NAMES)
    are_common = bool(names.intersection(tags)) or names.issubset((*words, *_plain((*SENTENCE_NAMES, *_OTHER_NAMES))))
    return len(cells) > 1 and not names.isdisjoint(words) and are_common and not any(map(is_tag, cells))


def as_index(column: Column) -> int | None:
    """Return the index of a column that is requested by number (also as a string); None if by name."""
    try:
        return int(column)
    except ValueError:
        return None


def find_column(first: Sequence[str], column: Column, columns: int, what: str) -> int:
    """Return the index, from the left, of a column that is requested by number or by its name in the first row.

    Raises:
        DataError: if there is no such column.
    """
    index = as_index(column)
    if index is not None:
        if not -columns <= index < columns:
            counted = f"the rows have {columns}, counted from 0 (-1 is the last)"
            raise DataError(f"there is no {what} column {index}: {counted}")
        return index % columns
    names = _normalized(first)
    [wanted] = _normalized([str(column)])
    if wanted not in names:
        raise DataError(f"there is no {what} column {column!r}: the first row has {', '.join(first) or 'nothing'}")
    return names.index(wanted)


def named_columns(header: Sequence[str], names: Iterable[str]) -> list[int]:
    """Return the columns of a header that have one of the names, in the order of the names."""
    columns = _plain(header)
    return list(dict.fromkeys(columns.index(name) for name in _plain(names) if name in columns))


def _plain(names: Iterable[str]) -> list[str]:
    return list(map(plain_name, names))


def _normalized(names: Iterable[str]) -> list[str]:
    return [name.strip(" \t\r\n\ufeff").casefold() for name in names]
