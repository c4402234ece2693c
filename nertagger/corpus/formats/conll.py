"""Tables of one token per row with blank lines between sentences: CoNLL-2003 and similar formats, CoNLL-U, GermEval.

Reading takes one dictionary lookup per row: rows recur (``the\\tO``), so each distinct row is parsed only once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import chain, groupby, islice, pairwise
from sys import intern
from typing import TextIO, cast

from nertagger.corpus.alignment import locate_words
from nertagger.corpus.announced import announced_format
from nertagger.corpus.formats.csv_records import record_delimiter
from nertagger.corpus.formats.gmb_csv import is_csv, read_csv
from nertagger.corpus.source import Source
from nertagger.corpus.tables.cells import CellWriter
from nertagger.corpus.tables.layout import (
    DOCUMENT_START,
    EDGE,
    MULTIWORD_OR_EMPTY,
    Layout,
    detect_layout,
    is_document_start,
)
from nertagger.corpus.tables.repairs import repaired_row
from nertagger.corpus.tables.tag_columns import are_entity_tags, columns_like
from nertagger.corpus.tables.word_column import SENTENCES_BY_COLUMN
from nertagger.corpus.tag_forms import MISSING, TagReader
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.invisible import visible
from nertagger.text.schemes import OUTSIDE, TagScheme

SAMPLE_LINES = 1000
_CACHED_ROWS = 1 << 17
_BLANK_LINES = frozenset(("\n", "\r\n", "\r", "\t\n", "\t\r\n", " \n"))  # others are recognised row by row
_MIN_WORDS = 10
_MAX_PARTS = 3  # of a word with spaces, such as a number or a name
_CELLS = re.compile(r"\S[ \t]+\S")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_OTHER_LINE_ENDS = {"\x85": "U+0085", "\u2028": "U+2028", "\u2029": "U+2029"}
_MISC, _SENTENCE_END = "\tMISC", "EndOfSentence"  # a mark in HIPE's last column, instead of a blank line
_MAX_WORDS = 1000
_LONG = "sentences of more than 1,000 words (are blank lines missing between sentences?)"
_NO_ENTITY = (None, MISSING, OUTSIDE)
_Row = tuple[str, str]


def read_conll(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per sentence, which ``opens`` a document after a ``-DOCSTART-`` row or ``# newdoc``.

    A comment ``# text = ...`` is the text of the document if the words agree with it. A header row is not read as a
    token. Tables separated by commas or semicolons, or with a header that names a column of sentences or texts, are
    read as CSV.
    """
    sample = list(islice(lines, SAMPLE_LINES))
    source.check_sample(sample)
    if announced := announced_format(sample):
        from nertagger.corpus.registry import find_reader  # not at the top: it imports the table of all formats

        read = find_reader(announced).read
        assert read is not None
        yield from read(chain(sample, lines), source)
        return
    _check_line_ends(sample, source)
    try:
        layout = detect_layout(sample, word=source.word_column, tag=source.tag_column)
    except DataError as error:
        raise error.at(source.name) from None
    is_records = layout.separator == "\t" and record_delimiter(sample) == "\t"
    if layout.names_sentences or is_records or (layout.separator is None and is_csv(sample)):
        yield from read_csv(chain(sample, lines), source)
        return
    source.tags.fit(layout.tag_cells(sample))
    _check_columns(sample, layout, source)
    table = _Table(layout, source)
    number = 1
    for is_blank, group in groupby(chain(sample, lines), _BLANK_LINES.__contains__):
        block = tuple(group)
        if not is_blank:
            yield from table.documents(block, number)
        number += len(block)
    source.report()


def _check_line_ends(sample: Sequence[str], source: Source) -> None:
    """Raise DataError if all rows are in one line, with characters between them that are no line ends of a table."""
    filled = [line for line in sample if visible(line)]
    for mark, name in _OTHER_LINE_ENDS.items():
        rows = "".join(filled).split(mark)
        if len(filled) == 1 < len(rows) and 2 * sum(bool(_CELLS.search(row)) for row in rows) > len(rows):
            source.fail(1, DataError(got=f"lines that end in {name}", expected="line feeds", remedy="replace them"))


def _check_columns(sample: Sequence[str], layout: Layout, source: Source) -> None:
    """Count the columns that look like annotation and are not read.

    Raises:
        DataError: if the detected column of words has only numbers (of sentences, in a table without a header), tags or
            sentences.
    """
    rows = (layout.row(line) for line in sample)
    table = [cells for row in rows if row != layout.header and len(cells := layout.cells(row)) == layout.columns]
    words = [cells[layout.word].strip(EDGE) for cells in table]
    if layout.header is None and source.word_column is None and 0 < layout.word != layout.numbered and layout.tag != 0:
        source.count(1, f"tables whose words are taken to be those of column {layout.word} (--word-column)")
    if layout.sentence is not None:
        source.count(1, SENTENCES_BY_COLUMN.format(layout.sentence))
    if layout.affix:
        source.count(1, f"tables with {layout.affix.name}, which is removed")
    if source.word_column is None and layout.header is None:
        _check_words(words, layout, source)
    if not source.annotation or source.tag_column is not None:
        return
    if layout.tag is None and layout.columns > 1 + layout.numbered:
        columns = counted(layout.columns, "column")
        kind = f"tables of {columns} of which only the words are read, as none has tags (--tag-column)"
        source.count(1, kind)
    elif layout.tag is not None:
        for column in columns_like(table, layout.tag):
            source.count(1, f"tables whose column {column} has tags too, which are not read (--tag-column {column})")


def _check_words(words: Sequence[str], layout: Layout, source: Source) -> None:
    """Raise DataError if the cells of the detected column of words are numbers, tags or sentences."""
    is_first = not layout.numbered
    are_numbers = is_first and layout.columns > 2 and len(words) > 2 and all(map(_NUMBER.fullmatch, words))
    are_tags = is_first and source.annotation and len(words) >= _MIN_WORDS and are_entity_tags(words)  # E-mail: a word
    are_texts = (
        layout.tag is None
        and layout.columns > 1
        and 2 * sum(len(word.split()) > _MAX_PARTS for word in words) > len(words)
    )
    if are_numbers or are_tags:
        got = f"{'numbers' if are_numbers else 'tags'} alone in column {layout.word}"
        remedy = "name their column (--word-column), or write a header that calls the column of texts text"
        source.fail(1, DataError(got=got, expected="words", remedy=remedy))
    if are_texts:
        got = f"cells of several words in column {layout.word}"
        remedy = "if the rows are texts, write a header that calls their column text"
        source.fail(1, DataError(got=got, expected="one word per row", remedy=remedy))


def write_conll(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write rows of word, tab, tag; a blank line after each sentence; ``-DOCSTART-`` where a document opens."""
    cells = CellWriter("conll")
    for document in documents:
        if document.opens:
            stream.write(f"{DOCUMENT_START}\t{OUTSIDE}\n\n")
        for sentence, tags in sentence_tags(document, scheme):
            pairs = zip(map(cells.first_word, sentence.words), cells.tags(tags, scheme), strict=True)
            if rows := [f"{word}\t{tag}\n" for word, tag in pairs]:
                stream.write("".join(rows) + "\n")
    cells.report()


def write_conllu(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write rows of number, word, tag after ``# text = ...`` for each sentence; ``# newdoc`` where a document opens."""
    cells = CellWriter("conllu")
    for document in documents:
        if document.opens:
            stream.write("# newdoc\n")
        pairs = [pair for pair in sentence_tags(document, scheme) if pair[0].words]
        ends = [*(sentence.starts[0] for sentence, _ in pairs[1:]), len(document.text)]
        for (sentence, tags), end in zip(pairs, ends, strict=False):
            text = document.text[sentence.starts[0] : end] if len(pairs) > 1 else document.text
            if "\n" not in text and "\r" not in text:
                stream.write(f"# text = {text}\n")
            rows = zip(map(cells.word, sentence.words), cells.tags(tags, scheme), strict=True)
            stream.write("".join(f"{number}\t{word}\t{tag}\n" for number, (word, tag) in enumerate(rows, 1)) + "\n")
    cells.report()


class _Table:
    """Converter of blocks of rows to documents; keeps the text and document start that precede a sentence."""

    def __init__(self, layout: Layout, source: Source) -> None:
        self._layout, self._source, self._rows = layout, source, _Rows(layout, source.tags)
        self._has_misc = layout.header is not None and layout.header.endswith(_MISC)
        self._opens = False
        self._text: str | None = None

    def documents(self, block: Sequence[str], number: int) -> Iterator[Document]:
        """Yield the sentences (usually one) of a block of rows, whose first line number is given."""
        ends = [end for end, line in enumerate(block, 1) if _SENTENCE_END in line] if self._has_misc else []
        if self._layout.sentence is not None:
            rows = map(self._layout.row, block)
            ends += [end for end, two in enumerate(pairwise(rows), 1) if self._layout.begins_sentence(*two)]
        for start, end in pairwise([0, *ends, len(block)]):
            if start < end:
                yield from self._sentences(block[start:end], number + start)

    def _sentences(self, block: Sequence[str], number: int) -> Iterator[Document]:
        rows = list(map(self._rows.__getitem__, block))
        if _RowKind not in set(map(type, rows)):
            yield self._document(cast(list[_Row], rows), number)
            return
        if self._source.tags.form is None:  # no entity so far: the form of tags is detected in these rows
            self._source.tags.fit(self._layout.tag_cells(block))
            self._rows.clear()
            rows = list(map(self._rows.__getitem__, block))
        yield from self._irregular(block, rows, number)

    def _irregular(self, block: Sequence[str], rows: Iterable[_Row | _RowKind], number: int) -> Iterator[Document]:
        """Yield the sentences of a block in which some rows are not tokens."""
        tokens: list[_Row] = []
        first = number
        for here, (line, row) in enumerate(zip(block, rows, strict=True), number):
            if row in (_RowKind.SEPARATOR, _RowKind.DOCUMENT):
                if tokens:
                    yield self._document(tokens, first)
                    tokens = []
                self._opens |= row is _RowKind.DOCUMENT
            elif row is _RowKind.COMMENT:
                self._opens |= line.startswith("# newdoc")
                self._text = _raw_text(line) or self._text
            elif row is _RowKind.TAGGED_EXTRA:
                self._source.count(here, "tags of multiword tokens and empty nodes (3-4, 8.1) not read")
            elif row is _RowKind.IRREGULAR and not tokens and self._is_stray_comment(line):
                self._source.count(here, "rows with # and without a tag before a sentence, read as comments")
                self._opens |= line.startswith("#begin document")
            else:
                first = first if tokens else here
                tokens.append(row if isinstance(row, tuple) else repaired_row(line, here, self._layout, self._source))
        if tokens:
            yield self._document(tokens, first)

    def _is_stray_comment(self, line: str) -> bool:
        """Return whether a row that does not fit the table is a comment: it begins with ``#`` and has no tag."""
        cells = self._layout.cells(self._layout.row(line))
        is_ragged = self._layout.tag is not None and len(cells) != self._layout.columns
        return line.startswith("#") and is_ragged and self._source.tags.read(cells[-1].strip(EDGE)) is None

    def _document(self, rows: Iterable[_Row], number: int) -> Document:
        """Return a sentence as a document, in the text of the preceding comment if the words agree with it."""
        words, tags = zip(*rows, strict=True)
        if len(words) > _MAX_WORDS:
            self._source.count(number, _LONG)
        text, opens, self._text, self._opens = self._text, self._opens, None, False
        name = self._source.name
        place = f"{name}:{number}"
        annotated = None if self._layout.tag is None else self._source.filled(number, tags, lines_apart=1)
        starts = locate_words(words, text) if text else None
        if text and starts is not None:
            return Document(text, (Sentence(words, starts, annotated, place),), source=name, opens=opens)
        sentence = Sentence.from_words(words, tags=annotated, source=place)
        return Document.from_sentence(sentence, source=name, opens=opens)


class _RowKind(Enum):
    """Kinds of rows that are not tokens."""

    SEPARATOR = auto()
    DOCUMENT = auto()
    COMMENT = auto()
    TAGGED_EXTRA = auto()  # a multiword token or empty node with a tag
    IRREGULAR = auto()


class _Rows(dict[str, "_Row | _RowKind"]):
    """A cache from lines to a word and its tag, or to the kind of the line."""

    def __init__(self, layout: Layout, tags: TagReader) -> None:
        self._layout, self._tags = layout, tags

    def __missing__(self, line: str) -> _Row | _RowKind:
        row = self._parse(self._layout.row(line))
        if len(self) < _CACHED_ROWS:
            self[line] = row
        return row

    def _parse(self, row: str) -> _Row | _RowKind:
        layout = self._layout
        if not visible(row) or row == layout.header:
            return _RowKind.SEPARATOR
        if row[0] == "#" and layout.is_comment(row):
            return _RowKind.COMMENT
        cells = layout.cells(row)
        if is_document_start(row) and not self._is_entity(cells):
            return _RowKind.DOCUMENT
        if layout.numbered and not cells[0].isdecimal():
            return self._unnumbered(cells)
        if len(cells) != layout.columns or not cells[layout.word].strip(EDGE):
            return _RowKind.IRREGULAR
        if layout.tag is None:
            return cells[layout.word], MISSING
        tag = self._tags.read(cells[layout.tag].strip(EDGE))
        return _RowKind.IRREGULAR if tag is None else (cells[layout.word], intern(tag))

    def _unnumbered(self, cells: Sequence[str]) -> _RowKind:
        """Return the kind of a row without a token number; CoNLL-U's multiword tokens and empty nodes are ignored."""
        if not MULTIWORD_OR_EMPTY.fullmatch(cells[0]):
            return _RowKind.IRREGULAR
        return _RowKind.TAGGED_EXTRA if self._is_entity(cells) else _RowKind.COMMENT

    def _is_entity(self, cells: Sequence[str]) -> bool:
        """Return whether the cell in the column of tags is the tag of an entity."""
        tag = self._layout.tag
        return tag is not None and len(cells) > tag and self._tags.read(cells[tag].strip(EDGE)) not in _NO_ENTITY


def _raw_text(comment: str) -> str | None:
    """Return the text in a comment ``# text = ...``, else None."""
    return comment[len("# text = ") :].rstrip("\r\n") if comment.startswith("# text = ") else None
