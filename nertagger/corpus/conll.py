"""Tables of one token a row and a blank line between sentences: CoNLL-2003 and its many kin, CoNLL-U-like, GermEval.

Reading is a dictionary look-up a row: rows recur (``the\\tO``), so each distinct one is split and checked once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import chain, groupby, islice
from typing import TextIO, cast

from nertagger.corpus.fitting import align
from nertagger.corpus.layout import DOCUMENT_START, EDGE, Layout, detect_layout, is_document_start
from nertagger.corpus.source import Source, is_tag
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.schemes import OUTSIDE, TagScheme

SAMPLE_LINES = 1000
_CACHED_ROWS = 1 << 17
_BLANK_LINES = frozenset(("\n", "\r\n", "\r", "\t\n", "\t\r\n", " \n"))  # others are found row by row
_Row = tuple[str, str | None]


def read_conll(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """One document a sentence; it ``opens`` a document of the source after a ``-DOCSTART-`` row or ``# newdoc``.

    Comments ``# text = ...`` give the document its text where the words agree with it.
    """
    sample = list(islice(lines, SAMPLE_LINES))
    try:
        layout = detect_layout(sample, word=source.word_column, tag=source.tag_column)
    except DataError as error:
        raise DataError(f"{source.name}: {error}") from None
    table = _Table(layout, source)
    number = 1
    for is_blank, group in groupby(chain(sample, lines), _BLANK_LINES.__contains__):
        block = tuple(group)
        if not is_blank:
            yield from table.documents(block, number)
        number += len(block)
    source.report()


def write_conll(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write word, tab, tag; a blank line after each sentence; ``-DOCSTART-`` where a document of the source opens."""
    for document in documents:
        if document.opens:
            stream.write(f"{DOCUMENT_START}\t{OUTSIDE}\n\n")
        for sentence, tags in sentence_tags(document, scheme):
            rows = [f"{word}\t{tag}\n" for word, tag in zip(map(_one_cell, sentence.words), tags, strict=True)]
            if rows:
                stream.write("".join(rows) + "\n")


def write_conllu(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write number, word, tag below ``# text = ...`` for each sentence; ``# newdoc`` where a document opens."""
    for document in documents:
        if document.opens:
            stream.write("# newdoc\n")
        pairs = [pair for pair in sentence_tags(document, scheme) if pair[0].words]
        ends = [*(sentence.starts[0] for sentence, _ in pairs[1:]), len(document.text)]
        for (sentence, tags), end in zip(pairs, ends, strict=False):
            text = document.text[sentence.starts[0] : end] if len(pairs) > 1 else document.text
            if "\n" not in text and "\r" not in text:
                stream.write(f"# text = {text}\n")
            words = map(_one_cell, sentence.words)
            rows = [f"{number}\t{word}\t{tag}\n" for number, (word, tag) in enumerate(zip(words, tags, strict=True), 1)]
            stream.write("".join(rows) + "\n")


class _Table:
    """Blocks of rows to documents, with what a block may leave to the next one."""

    def __init__(self, layout: Layout, source: Source) -> None:
        self._layout, self._source, self._rows = layout, source, _Rows(layout)
        self._opens = False
        self._text: str | None = None

    def documents(self, block: Sequence[str], number: int) -> Iterator[Document]:
        """The sentences of a block of rows, of which the first is line `number`; mostly there is one."""
        rows = list(map(self._rows.__getitem__, block))
        if _Kind in set(map(type, rows)):
            yield from self._irregular(block, rows, number)
        else:
            yield self._document(cast(list[_Row], rows), number)

    def _irregular(self, block: Sequence[str], rows: Iterable[_Row | _Kind], number: int) -> Iterator[Document]:
        """The sentences of a block in which not every row is a token's."""
        tokens: list[_Row] = []
        first = number
        for here, (line, row) in enumerate(zip(block, rows, strict=True), number):
            if row in (_Kind.SEPARATOR, _Kind.DOCUMENT):
                if tokens:
                    yield self._document(tokens, first)
                    tokens = []
                self._opens |= row is _Kind.DOCUMENT
            elif row is _Kind.COMMENT:
                self._opens |= line.startswith("# newdoc")
                self._text = _raw_text(line) or self._text
            else:
                first = first if tokens else here
                tokens.append(row if isinstance(row, tuple) else _repaired(line, here, self._layout, self._source))
        if tokens:
            yield self._document(tokens, first)

    def _document(self, rows: Iterable[_Row], number: int) -> Document:
        """A sentence as a document, in its own text if there is one that agrees with the words."""
        words, tags = zip(*rows, strict=True)
        text, opens, self._text, self._opens = self._text, self._opens, None, False
        name = self._source.name
        place, annotated = f"{name}:{number}", None if tags[0] is None else tags
        starts = align(words, text) if text else None
        if text and starts is not None:
            return Document(text, (Sentence(words, starts, annotated, place),), source=name, opens=opens)
        sentence = Sentence.from_words(words, tags=annotated, source=place)
        return Document.from_sentence(sentence, source=name, opens=opens)


class _Kind(Enum):
    """Rows that are no token's."""

    SEPARATOR = auto()
    DOCUMENT = auto()
    COMMENT = auto()
    IRREGULAR = auto()


class _Rows(dict[str, "_Row | _Kind"]):
    """Lines already seen, to a word and its tag or to the kind of line that it is."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._tags: dict[str, str] = {}

    def __missing__(self, line: str) -> _Row | _Kind:
        row = self._parse(line.rstrip(EDGE))
        if len(self) < _CACHED_ROWS:
            self[line] = row
        return row

    def _parse(self, row: str) -> _Row | _Kind:
        layout = self._layout
        if not row:
            return _Kind.SEPARATOR
        if row[0] == "-" and is_document_start(row):
            return _Kind.DOCUMENT
        if row[0] == "#" and layout.is_comment(row):
            return _Kind.COMMENT
        cells = layout.cells(row)
        if layout.numbered and not cells[0].isdigit() and cells[0][:1].isdigit():
            return _Kind.COMMENT  # CoNLL-U's rows 3-4 and 8.1 stand beside the tokens, they are none
        if len(cells) != layout.columns or not cells[layout.word].strip(EDGE):
            return _Kind.IRREGULAR
        if layout.tag is None:
            return cells[layout.word], None
        tag = cells[layout.tag].strip(EDGE)
        if tag not in self._tags and not is_tag(tag):
            return _Kind.IRREGULAR
        return cells[layout.word], self._tags.setdefault(tag, tag)


def _repaired(line: str, number: int, layout: Layout, source: Source) -> _Row:
    """The word and tag of a row that is not as the layout says, with every repair counted, or an error."""
    row = line.rstrip(EDGE)
    cells = layout.cells(row)
    if len(cells) != layout.columns:
        problem = f"row {row!r} has {len(cells)} columns, expected {layout.columns} as in most rows; fix the row"
        source.repair(number, "ragged rows repaired", problem)
    surplus = len(cells) - layout.columns
    # Surplus cells are taken to be parts of a word that the separator has split; of too short a row the end is missing.
    word = source.checked_word(number, " ".join(cells[layout.word : layout.word + max(surplus, 0) + 1]))
    if layout.tag is None:
        return word, None
    if surplus == 0 or (surplus > 0 and layout.tag > layout.word):
        tag = cells[layout.tag + surplus].strip(EDGE)
    else:
        tag = cells[-1] if len(cells) > 1 and is_tag(cells[-1]) else OUTSIDE
    return word, source.checked_tag(number, tag)


def _raw_text(comment: str) -> str | None:
    """The sentence that a comment ``# text = ...`` gives, else None."""
    return comment[len("# text = ") :].rstrip("\r\n") if comment.startswith("# text = ") else None


def _one_cell(word: str) -> str:
    """The word without the characters that would end its cell or its row."""
    return word.replace("\t", " ").replace("\n", " ") if "\t" in word or "\n" in word else word
