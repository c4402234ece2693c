"""PubTator: a title (``1|t|...``), an abstract (``1|a|...``) and a line of tabs for each entity of an article.

See https://www.ncbi.nlm.nih.gov/research/pubtator3/tutorial. Offsets count the characters of the title, one between
them and those of the abstract. Articles are separated by blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.json_values import UNREADABLE_ROWS
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_PART = re.compile(r"(?P<id>[^\s|]+)\|[ta]\|(?P<text>.*)")
_ENTITY_CELLS, _FIRST_CONCEPT = 5, 5
_Numbered = tuple[int, str]


def read_pubtator(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per article: title and abstract on lines of their own, with its number as ``id``.

    Raises:
        DataError: if a line is neither a part of the text nor an entity nor a relation.
    """
    numbered = enumerate((line.strip("\r\n\ufeff") for line in lines), 1)
    for is_article, rows in groupby(numbered, lambda row: bool(row[1].strip())):
        if is_article:
            yield from _read_article(list(rows), source)
    source.report()


def _read_article(rows: list[_Numbered], source: Source) -> Iterator[Document]:
    parts = [found for _, row in rows if (found := _PART.fullmatch(row))]
    if not parts:
        error = DataError(got=repr(rows[0][1][:60]), expected="a title, ID|t|TEXT")
        source.leave_out(rows[0][0], UNREADABLE_ROWS, error)
        return
    text = "\n".join(part["text"] for part in parts)
    entities = list(_entities((row for row in rows if not _PART.fullmatch(row[1])), source))
    yield from read_record({"id": parts[0]["id"], "text": text, "entities": entities}, rows[0][0], source)


def _entities(rows: Iterable[_Numbered], source: Source) -> Iterator[dict[str, Any]]:
    """Yield the records of the entities; relations and concept identifiers are counted."""
    for number, row in rows:
        cells = row.split("\t")
        if len(cells) >= _ENTITY_CELLS and cells[1].isdecimal() and cells[2].isdecimal():
            if len(cells) > _FIRST_CONCEPT and source.annotation:
                source.count(number, "concept identifiers not kept")
            yield {"start": int(cells[1]), "end": int(cells[2]), "text": cells[3], "label": cells[4]}
        elif len(cells) > 1 and not cells[1].isdecimal():
            source.count(number, "lines without an entity left out (relations)")
        else:
            error = DataError(got=repr(row[:60]), expected="ID, start, end, text and type, separated by tabs")
            source.leave_out(number, UNREADABLE_ROWS, error)
