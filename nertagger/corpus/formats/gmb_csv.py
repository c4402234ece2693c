"""Tables with a header and one token per row, like the Groningen Meaning Bank's ``Sentence #,Word,POS,Tag``.

Cells are separated by commas, semicolons, tabs or bars. The first token of a sentence, or every token, names it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TextIO

from nertagger.corpus.formats.csv_records import read_csv_records, record_delimiter
from nertagger.corpus.source import Column, Source, is_tag
from nertagger.corpus.tables.cells import CellWriter
from nertagger.corpus.tables.csv_rows import (
    DELIMITERS,
    LITERAL_QUOTES,
    Row,
    is_separator_line,
    parse_row,
    read_rows,
)
from nertagger.corpus.tables.header import SENTENCE_NAMES, TAG_NAMES, WORD_NAMES, find_column, is_header, named_columns
from nertagger.corpus.tables.layout import EDGE, Layout
from nertagger.corpus.tables.repairs import fitted_cells
from nertagger.corpus.tables.tag_columns import find_tags
from nertagger.corpus.tables.word_column import SENTENCES_BY_COLUMN, find_sentences
from nertagger.corpus.tag_forms import detect_form
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.invisible import visible
from nertagger.text.schemes import TagScheme

_SAMPLE_LINES = 1000
_MAX_UNNAMED_ROWS = 1000  # of one sentence, if nothing marks sentence boundaries
_RESUMED = "sentences continuing an entity under the name of an earlier sentence (are the rows in their order?)"
_ONE_SENTENCE = "tables without a column of sentences or empty rows read as one sentence"


def read_csv(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per sentence, which begins where its column changes, or after a row of empty cells.

    Tables whose rows are texts are read by `nertagger.corpus.formats.csv_records`.
    """
    lines = iter(lines)
    sample = list(islice(lines, _SAMPLE_LINES))
    source.check_sample(sample)
    above = next((number for number, line in enumerate(sample) if not _is_above_header(line)), len(sample))
    if above == len(sample):
        return
    if source.word_column is None and (delimiter := record_delimiter(sample[above:])):
        below = chain(["\n"] * above, sample[above:], lines)
        yield from read_csv_records(below, source, delimiter=delimiter)
        return
    first = sample[above]
    delimiter = _delimiter(first, source)
    header = parse_row(first.rstrip("\r\n"), delimiter) or first.rstrip("\r\n").split(delimiter)
    table = _Table(header, delimiter, sample[above + 1 :], source)
    body = sample if table.is_headless else ["\n"] * (above + 1) + sample[above + 1 :]
    for number, words, tags in table.sentences(chain(body, lines)):
        annotated = source.filled(number, tuple(tags), lines_apart=1)
        sentence = Sentence.from_words(tuple(words), tags=annotated, source=f"{source.name}:{number}")
        yield Document.from_sentence(sentence, source=source.name)
    source.report()


def _is_above_header(line: str) -> bool:
    return not visible(line) or line[:2] == "# " or is_separator_line(line)


def is_csv(sample: Iterable[str]) -> bool:
    """Return whether lines are rows of CSV: a comma, semicolon or bar in each, and a header or tags at the ends.

    Rows of empty cells, which spreadsheets write for blank lines, are no evidence.
    """
    lines = [line.rstrip("\r\n") for line in sample]
    filled = {one: [line for line in lines if line.strip(f"{EDGE}{one}")] for one in DELIMITERS if one != "\t"}
    return any(
        all(one in row for row in rows)
        and (is_header(_cells(rows[0], one)) or all(is_tag(_cells(row, one)[-1]) for row in rows))
        for one, rows in filled.items()
        if rows
    )


def write_csv(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write columns ``Sentence #,Word,Tag``, with the number of a sentence on its first token."""
    rows = csv.writer(stream, lineterminator="\n")
    quoted_rows = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)  # before Python 3.13 \r is not quoted
    rows.writerow(("Sentence #", "Word", "Tag"))
    cells = CellWriter("csv")
    number = 0
    for document in documents:
        for sentence, tags in sentence_tags(document, scheme):
            number += 1
            for position, (word, tag) in enumerate(zip(sentence.words, cells.tags(tags, scheme), strict=True)):
                writer = quoted_rows if "\r" in word else rows
                writer.writerow(("" if position else f"Sentence: {number}", word, tag))
    cells.report()


class _Table:
    """A table: its columns, and the sentences of its rows."""

    def __init__(self, header: Sequence[str], delimiter: str, sample: Sequence[str], source: Source) -> None:
        self._source, self._header, self._delimiter = source, list(header), delimiter
        parsed = (parse_row(line.rstrip("\r\n"), delimiter) for line in sample)  # None if a quoted cell has no end
        table = [cells for cells in parsed if cells is not None and len(cells) == len(header)]
        self.word = self._column(source.word_column, WORD_NAMES, "word", table)
        self.tag = self._column(source.tag_column, TAG_NAMES, "tag", table)
        self.is_headless = not is_header(header, source.word_column, source.tag_column) and is_tag(header[self.tag])
        named = [] if self.is_headless else named_columns(header, SENTENCE_NAMES)
        self._sentence = next((column for column in named if column not in (self.word, self.tag)), None)
        if self._sentence is None and all(
            any(map(str.strip, cells)) for cells in table
        ):  # no empty row ends a sentence
            self._sentence = find_sentences(table, self.word, self.tag, numbered=False)
            if self._sentence is not None:
                source.count(1, SENTENCES_BY_COLUMN.format(self._sentence))
        self._is_spaced = len(header) > 1 and all(name.startswith(" ") for name in header[1:])  # "Word, Tag"
        self._layout = Layout(delimiter, len(header), self.word, self.tag, header=delimiter.join(header))
        source.tags.fit(cells[self.tag].strip(EDGE) for cells in ([header, *table] if self.is_headless else table))

    def sentences(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str], list[str]]]:
        """Yield the first line, the words and the tags of each sentence."""
        first, name, ends = 0, "", 0
        names: set[str] = set()
        words: list[str] = []
        tags: list[str] = []
        for row in read_rows(lines, self._delimiter, len(self._header), self._is_tagged):
            cells = self._checked(row)
            named = cells[self._sentence].strip(EDGE) if cells and self._sentence is not None else ""
            is_end = not cells or (named not in ("", name))
            name = named or name
            if words and is_end:
                yield first, words, tags
                words, tags, ends = [], [], ends + 1
            if cells:
                if not words and name and name in names and self._is_inside(cells):
                    self._source.count(row.line, _RESUMED)
                names.add(name)
                first = first if words else row.line
                word = cells[self.word].lstrip(" ") if self._is_spaced else cells[self.word]
                words.append(self._source.checked_word(row.line, word))
                tags.append(self._source.read_tag(row.line, cells[self.tag].strip(EDGE)))
                self._check_named(len(words), ends)
        if words:
            self._check_named(len(words), ends, at_end=True)
            yield first, words, tags

    def _checked(self, row: Row) -> list[str]:
        """Return as many cells as the header has; none if the row is empty, a comment or a repetition of the header."""
        cells = row.cells
        if not any(map(str.strip, cells)) or (cells == self._header and not self.is_headless):
            return []
        if len(cells) == 1 < len(self._header) and cells[0].startswith("# "):
            return []
        if len(cells) != len(self._header):
            return fitted_cells(cells, self._layout, row.line, self._source, row=self._delimiter.join(cells))
        if row.is_literal:
            self._source.count(row.line, LITERAL_QUOTES)
        return cells

    def _is_inside(self, cells: Sequence[str]) -> bool:
        """Return whether the tag of a row continues an entity."""
        return (self._source.tags.read(cells[self.tag].strip(EDGE)) or "")[:2] in ("I-", "E-", "L-")

    def _is_tagged(self, cells: Sequence[str]) -> bool:
        return bool(self._source.tags.read(cells[self.tag].strip(EDGE)))

    def _check_named(self, rows: int, ends: int, *, at_end: bool = False) -> None:
        """Raise DataError if a long table has no sentence boundaries; count a short one."""
        if self._sentence is not None or ends or rows == 1:
            return
        if rows > _MAX_UNNAMED_ROWS:
            problem = f"no column names the sentences, the header has {', '.join(self._header)}"
            remedy = "add a column 'Sentence #', or empty rows between sentences"
            self._source.fail(1, DataError(problem, remedy=remedy))
        if at_end:
            self._source.count(1, _ONE_SENTENCE)

    def _column(self, requested: Column | None, names: Sequence[str], what: str, table: Sequence[Sequence[str]]) -> int:
        """Return the index of the column of words or tags.

        It is the requested column, else one with a common name, else (for tags) one whose cells are tags, else the
        usual one of two columns.
        """
        header, name = self._header, self._source.name
        try:
            if requested is not None:
                return find_column(header, requested, len(header), what)
        except DataError as error:
            raise error.at(name, 1) from None
        named = named_columns(header, names)
        if what == "tag":
            named.sort(key=lambda column: detect_form(cells[column].strip(EDGE) for cells in table) is None)
            found = find_tags(table, [column for column in reversed(range(len(header))) if column != self.word])
            named += [] if found is None else [found]
        if named:
            return named[0]
        if len(header) == 2 and is_tag(header[1]):  # no header
            return ("word", "tag").index(what)
        problem = f"no column is called {' or '.join(names[:4])}, the header has {', '.join(header)}"
        remedy = f"name the {what} column or give its number (--{what}-column)"
        if what == "word":
            remedy += (
                "; if the rows are texts, call their column text (or tag it as it is: nertagger tag --column NAME)"
            )
        raise DataError(problem, path=name, line=1, remedy=remedy)


def _cells(line: str, delimiter: str) -> list[str]:
    text = line.rstrip("\r\n")
    return parse_row(text, delimiter) or text.split(delimiter)


def _delimiter(line: str, source: Source) -> str:
    """Return the delimiter by which the line is a header, else the most frequent one."""
    header = (one for one in DELIMITERS if is_header(_cells(line, one), source.word_column, source.tag_column))
    return next(header, max(DELIMITERS, key=line.count))
