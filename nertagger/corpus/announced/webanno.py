r"""WebAnno TSV 3, which INCEpTION exports: a row for each token, and columns for each feature of each layer.

See https://webanno.github.io/webanno/releases/3.6.7/docs/user-guide.html#sect_webannotsv. A row is
``1-2<tab>5-9<tab>Kern<tab>PER[1]``; tokens of an entity have the same number in brackets, ``_`` is none, and parts of a
token have rows of their own (``1-2.1``). Offsets count UTF-16 code units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from nertagger.corpus.alignment import locate_words
from nertagger.corpus.projection import project_entities
from nertagger.corpus.records.json_values import UNREADABLE_ROWS
from nertagger.corpus.source import Source
from nertagger.corpus.tables.header import as_index
from nertagger.errors import DataError
from nertagger.text.document import Document, Entity, Sentence

_UNIT = re.compile(r"(?P<token>\d+-\d+)(?P<part>\.\d+)?")
_VALUE = re.compile(r"(?P<label>(?:\\.|[^\\\[\]|])+)(?:\[(?P<id>\d+)\])?")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r"}
_FIRST = 3  # columns of numbers, offsets and words
_NONE, _UNNAMED = "_", "*"
_OF_WORDS = ("Token", "Sentence", "POS", "Lemma", "MorphologicalFeatures", "Stem", "Dependency")


class _Feature(NamedTuple):
    """A column: the short name of its layer, and its own name."""

    layer: str
    name: str
    column: int


@dataclass
class _Sentence:
    """The rows of a sentence: its text, the words, and for each label cell the characters that it is about."""

    text: str = ""
    line: int = 0
    token: str = ""  # the number of the last word
    words: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)  # of words, as the file counts
    cells: list[tuple[int, int, int, int, str]] = field(default_factory=list)  # line, word, start, end, cell


def read_webanno(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per sentence, with the entities of one feature of one layer.

    It is the feature that ``--tag-column`` names, else ``value`` of the layer NamedEntity, else that of the only layer
    of spans. An entity of several sentences is one in each of them.

    Raises:
        DataError: if the layer is not clear, or a row is malformed.
    """
    features: list[_Feature] = []
    column = _FIRST
    chosen: _Feature | None = None
    sentence = _Sentence()
    opens = True
    for number, line in enumerate(chain(lines, ["\n"]), 1):
        row = line.strip("\r\n\ufeff")
        if row.startswith(("#T_SP=", "#T_CH=", "#T_RL=")):
            names = row[6:].split("|")
            layer = names[0].rpartition(".")[2]
            found = _columns(names[1:])
            if row.startswith("#T_SP="):
                features += [_Feature(layer, name, column + at) for at, name in enumerate(found)]
            else:
                source.count(number, f"layers without entities, not read ({layer})")
            column += len(found)
        elif row.startswith("#Text="):
            sentence.text += ("\n" if sentence.text else "") + _unescaped(row.removeprefix("#Text="))
        elif row.strip() and not row.startswith("#"):
            chosen = chosen or _choose(features, number, source)
            cells = row.split("\t")
            if _is_row(cells, sentence, column, number, source):
                _add_row(sentence, cells, chosen, number, source)
        elif not row.strip() and sentence.words:
            yield _document(sentence, chosen, source, opens=opens)
            sentence, opens = _Sentence(), False
    source.report()


def _columns(names: Sequence[str]) -> list[str]:
    """Return a name for each column of a layer: one for each feature (two for a link), or one if it has none."""
    return [name for name in names for _ in range(2 if name.startswith("ROLE_") else 1)] or [""]


def _choose(features: Sequence[_Feature], line: int, source: Source) -> _Feature | None:
    """Return the feature to read; None if annotation is not read or there is no layer.

    Raises:
        DataError: if several would do, or the requested one is missing.
    """
    usual = [one for one in features if one.layer not in _OF_WORDS and one.name not in ("identifier", "entityId")]
    wanted = source.tag_column
    if not source.annotation or (wanted is None and not usual):
        return None
    if wanted is not None:
        index = as_index(wanted)
        found = [one for one in features if wanted in one[:2] or one.column == index]
    else:
        found = [one for one in usual if one.layer == "NamedEntity" and one.name in ("value", "")] or usual
    if not found or (len(found) > 1 and len({one.layer for one in found}) > 1):
        names = ", ".join(f"{one.layer} {one.name}".strip() for one in features) or "none"
        problem = f"the layer of entities is not clear; there are {names}"
        source.fail(line, DataError(problem, remedy="name the layer or feature (--tag-column)"))
    for one in usual:
        if one.layer != found[0].layer:
            source.count(line, f"layers not read ({one.layer})")
    return found[0]


def _is_row(cells: Sequence[str], sentence: _Sentence, columns: int, line: int, source: Source) -> bool:
    """Return whether cells are a token with its columns, or a part of the last token; others are errors."""
    unit = _UNIT.fullmatch(cells[0])
    begin, _, end = cells[1].partition("-") if len(cells) >= _FIRST else ("", "", "")
    got = repr("\t".join(cells)[:60])
    if not unit or not begin.isdecimal() or not end.isdecimal():
        error = DataError(got=got, expected="1-1, tab, 0-4, tab, a word", remedy="fix the row")
    elif unit["part"] and not _is_part(cells[2], int(begin), unit["token"], sentence):
        error = DataError(got=got, expected=f"a part of the token before it, {sentence.token or 'which is missing'}")
    elif not len(cells) - (cells[-1] == "") <= columns <= len(cells):
        problem = f"the row has {len(cells)} columns, but the layers (#T_SP and others at the top) have {columns}"
        error = DataError(problem, remedy="fix the row, or the first lines")
    else:
        return True
    source.leave_out(line, UNREADABLE_ROWS, error)
    return False


def _is_part(text: str, begin: int, token: str, sentence: _Sentence) -> bool:
    """Return whether this is the text of the last word, of this number, at these units."""
    if not sentence.words or token != sentence.token or begin < sentence.begins[-1]:
        return False
    word = sentence.words[-1]
    return word.startswith(_unescaped(text), len(_after(word, 0, begin - sentence.begins[-1])))


def _add_row(sentence: _Sentence, cells: Sequence[str], chosen: _Feature | None, line: int, source: Source) -> None:
    """Add the token, or the part of the token, of a row to a sentence."""
    begin, is_part = int(cells[1].partition("-")[0]), "." in cells[0]
    if not is_part:
        sentence.line, sentence.token = sentence.line or line, cells[0]
        sentence.words.append(source.checked_word(line, _unescaped(cells[2])))
        sentence.begins.append(begin)
    word = sentence.words[-1]
    start = len(_after(word, 0, begin - sentence.begins[-1])) if is_part else 0
    stop = start + len(_unescaped(cells[2])) if is_part else len(word)
    if chosen is not None and cells[chosen.column] not in (_NONE, ""):
        sentence.cells.append((line, len(sentence.words) - 1, start, stop, cells[chosen.column]))


def _after(word: str, start: int, units: int) -> str:
    """Return the characters of a word that its first UTF-16 code units are."""
    return word.encode("utf-16-le")[2 * start : 2 * units].decode("utf-16-le", errors="ignore")


def _document(sentence: _Sentence, chosen: _Feature | None, source: Source, *, opens: bool) -> Document:
    place = f"{source.name}:{sentence.line}"
    own = Sentence.from_words(tuple(sentence.words), source=place)
    text = sentence.text
    starts = locate_words(own.words, text)
    if starts is None:
        text, starts = " ".join(own.words), own.starts
    document = Document(text, (Sentence(own.words, starts, source=place),), source=source.name, opens=opens)
    if chosen is None:
        return document
    entities, lines = _entities(sentence, starts, text, chosen, source)
    return project_entities(document, entities, lines, source)


def _entities(
    sentence: _Sentence, starts: Sequence[int], text: str, chosen: _Feature, source: Source
) -> tuple[list[Entity], list[int]]:
    """Return the entities of a sentence and their lines; the cells with the same label and number are one entity."""
    ranges: dict[tuple[str, str], tuple[int, int, int]] = {}
    for line, word, start, end, cell in sentence.cells:
        for position, value in enumerate(_VALUE.finditer(cell)):
            label = _unescaped(value["label"])
            if label == _UNNAMED:
                label = chosen.layer
                source.count(line, f"entities without a label, read as {label!r}, the name of the layer")
            key = label, value["id"] or f"{line}.{position}"
            first, begin, _ = ranges.get(key, (line, starts[word] + start, 0))
            ranges[key] = first, begin, starts[word] + end
    found = [(Entity(label, begin, end, text[begin:end]), line) for (label, _), (line, begin, end) in ranges.items()]
    return [entity for entity, _ in found], [line for _, line in found]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text)
