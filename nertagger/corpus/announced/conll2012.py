"""CoNLL-2012, the format of OntoNotes: words in the fourth column, entities in brackets (``(PERSON*``, ``*)``).

See https://conll.cemantix.org/2012/data.html. The number of columns varies from sentence to sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from nertagger.corpus.source import RAGGED_ROWS, UNKNOWN_TAGS, Source, is_tag
from nertagger.corpus.tables.header import as_index
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import OUTSIDE

_WORD, _ENTITY = 3, 10
_BEGIN, _END = "#begin document", "#end document"


def read_conll2012(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per sentence, which ``opens`` a document after ``#begin document``.

    Raises:
        DataError: if a row has fewer than 11 columns, or a cell of entities is malformed.
    """
    word, entity = _column(source.word_column, _WORD), _column(source.tag_column, _ENTITY)
    rows: list[tuple[int, list[str]]] = []
    opens = False
    for number, line in enumerate(lines, 1):
        cells = line.split()
        if cells and not line.startswith((_BEGIN, _END)):
            if len(cells) > max(word, entity, _ENTITY):
                rows.append((number, cells))
            else:
                problem = f"row {line.strip()[:80]!r} has {counted(len(cells), 'column')}"
                error = DataError(problem, expected=f"at least {max(word, entity, _ENTITY) + 1}", remedy="fix the row")
                source.leave_out(number, RAGGED_ROWS, error)
            continue
        if rows:
            yield _document(rows, word, entity, source, opens=opens)
            rows, opens = [], False
        opens |= line.startswith(_BEGIN)
    if rows:
        yield _document(rows, word, entity, source, opens=opens)
    source.report()


def _column(requested: int | str | None, usual: int) -> int:
    """Return the index of a column; one that is requested by name, as a header has it, is the usual one."""
    index = None if requested is None else as_index(requested)
    return usual if index is None or index < 0 else index


def _document(rows: list[tuple[int, list[str]]], word: int, entity: int, source: Source, *, opens: bool) -> Document:
    words = tuple(cells[word] for _, cells in rows)
    tags = tuple(_tags([(number, cells[entity]) for number, cells in rows], source)) if source.annotation else None
    sentence = Sentence.from_words(words, tags=tags, source=f"{source.name}:{rows[0][0]}")
    return Document.from_sentence(sentence, source=source.name, opens=opens)


def _tags(cells: list[tuple[int, str]], source: Source) -> Iterator[str]:
    """Yield the tag of each cell: in IOB2 if it has brackets; one that is a tag already is yielded as it is."""
    inside: str | None = None
    for number, cell in cells:
        label = cell.strip("(*)")
        if is_tag(cell) and cell != "*":
            yield cell
        elif cell.startswith("(") and label and inside is None and "(" not in label:
            yield f"B-{label}"
            inside = label
        elif label not in ("", "-"):
            expected = "(LABEL*, *, *) or (LABEL)"
            source.refuse(number, UNKNOWN_TAGS, DataError(got=f"the entity {cell!r}", expected=expected))
        else:
            yield f"I-{inside}" if inside else OUTSIDE
        if cell.endswith(")"):
            inside = None
