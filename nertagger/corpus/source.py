"""A file being read: the options of the reader, and a count of the repairs it makes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn, Protocol

from nertagger.corpus.tag_forms import MISSING, TagReader
from nertagger.errors import DataError
from nertagger.printable import counted_kind, printable
from nertagger.text.document import Document, Sentence
from nertagger.text.in_memory import BLANK_TOKEN
from nertagger.text.schemes import OUTSIDE, split_tag

logger = logging.getLogger(__name__)


@lru_cache(maxsize=4096)
def is_tag(text: str) -> bool:
    """Return whether the text is a tag: ``O``, or a prefix, a hyphen and a label."""
    try:
        split_tag(text)
    except DataError:
        return False
    return True


def place_of(sentence: Sentence) -> tuple[str, int | None]:
    """Return the file and the line that a sentence was read from; an empty name and None if unknown.

    >>> place_of(Sentence.from_words(("Ann",), source="train.conll:3"))
    ('train.conll', 3)
    """
    path, _, line = sentence.source.rpartition(":")
    return (path, int(line)) if line.isdecimal() else (sentence.source, None)


class Segmenter(Protocol):
    """A function from running text to a document of sentences and tokens."""

    def __call__(self, text: str, *, source: str = "", offset: int = 0) -> Document:
        """Return the document of a text that begins at `offset` in `source`."""


Column = int | str
"""A column of a table: its index (negative: from the right), or its name in the header."""

_IF_HEADER = "or, if this row is a header, name both columns as it does (--word-column, --tag-column)"
_MAX_NULS = 0.2  # fraction of the characters of a text
_HEADER_LINES = 20  # a header is among the first lines, as comments may precede it
RAGGED_ROWS = "ragged rows repaired"
UNKNOWN_TAGS = "unknown tags repaired"
MISSING_TAGS = "missing tags filled in"
BLANK_TOKENS = f"blank tokens read as {BLANK_TOKEN!r}"


@dataclass
class Source:
    """A file being read.

    Attributes:
        name: what messages and documents call it.
        word_column: the column of words, or None to detect it.
        tag_column: the column of tags, or None to detect it.
        lenient: repair and count errors instead of raising them.
        segment: splits running text; None for `nertagger.text.segment.segment`.
        encoding: the encoding of a text file; None for UTF-8 or the encoding of a byte order mark.
        repairs: number of repairs of each kind, and the place of the first.
        tags: reads the file's tags, whatever form they have.
        annotation: whether to read the annotation of records; False to read all texts, in order to tag them.
        record: what messages call the current record if a line can have several, else empty.
        first_line: the number of the first line that is read, if it is only a part of the file.
        first_offset: how many characters of the file are before that line.
    """

    name: str
    word_column: Column | None = None
    tag_column: Column | None = None
    lenient: bool = False
    segment: Segmenter | None = None
    encoding: str | None = None
    repairs: dict[str, tuple[int, str]] = field(default_factory=dict)
    tags: TagReader = field(default_factory=TagReader)
    annotation: bool = True
    record: str = ""
    first_line: int = 1
    first_offset: int = 0

    def fail(self, line: int, error: DataError) -> NoReturn:
        """Raise the error with its place in this file and with control characters escaped."""
        fields = {name: getattr(error, name) for name in ("problem", "got", "expected", "remedy")}
        shown = {name: printable(text) for name, text in fields.items() if text}
        raise DataError(**shown, path=self.name, line=line, part=printable(self.record) or None)

    def refuse(self, line: int, kind: str, error: DataError) -> None:
        """Raise an error that cannot be repaired. (A check records it by its kind and continues.)"""
        self.fail(line, error)

    def repair(self, line: int, kind: str, error: DataError) -> None:
        """Count a repair if the source is lenient, else raise the error."""
        if not self.lenient:
            remedies = filter(None, (error.remedy, "or read leniently (--lenient) to repair and count it"))
            self.fail(
                line, DataError(error.problem, got=error.got, expected=error.expected, remedy=", ".join(remedies))
            )
        self.count(line, kind)

    def leave_out(self, line: int, kind: str, error: DataError) -> None:
        """Count data that is left out if the source is lenient, else raise the error.

        Unlike `repair`, the error does not recommend lenient reading, as that would lose data.
        """
        if not self.lenient:
            self.fail(line, error)
        self.count(line, kind)

    def count(self, line: int, kind: str, number: int = 1, *, example: str = "") -> None:
        """Count changes that are made whether or not the source is lenient; the first example is reported.

        The kind names them in the plural, in words that suit a single one too (see `counted_kind`).
        """
        place = f"{self.name}:{line}" + (f" ({example})" if (example := example or self.record) else "")
        kind = printable(kind)
        before, first = self.repairs.get(kind, (0, printable(place)))
        self.repairs[kind] = (before + number, first)

    def check_sample(self, lines: Sequence[str]) -> None:
        """Raise DataError if the first lines were read in the wrong encoding or are binary."""
        if sum(line.count("\0") for line in lines) > _MAX_NULS * sum(map(len, lines)):
            got = "zero bytes throughout, as in UTF-16 or a binary file"
            self.fail(1, DataError(got=got, remedy="name the encoding (--encoding utf-16-le) or the format"))

    def checked_word(self, line: int, word: str) -> str:
        """Return the word, or `BLANK_TOKEN` (counted) if it is only white space."""
        if word.strip(" \t\r\n"):
            return word
        self.count(line, BLANK_TOKENS)
        return BLANK_TOKEN

    def checked_tags(self, line: int, cells: Sequence[str], *, lines_apart: int = 0) -> tuple[str, ...] | None:
        """Return the tags of a sentence, or None if all of them are missing.

        Args:
            line: the line of the first tag.
            cells: the tags as written in the file.
            lines_apart: 1 if each tag is on a line of its own.

        Raises:
            DataError: if a tag is invalid or missing. A lenient source repairs tags whose meaning is clear.
        """
        self.tags.fit(cells)
        read = (self.read_tag(line + lines_apart * position, cell) for position, cell in enumerate(cells))
        return self.filled(line, tuple(read), lines_apart=lines_apart)

    def read_tag(self, line: int, cell: str) -> str:
        """Return the tag that a cell means, `MISSING` if it is missing.

        A lenient source also reads cells in another form: ``geo`` next to B-geo is I-geo, ``b-geo`` is B-geo, ``0`` is
        O. It never creates a label that the file does not have.
        """
        tag = self.tags.read(cell)
        if tag is None:
            remedy = "fix it, name the tags' column (--tag-column)"
            tag = self.tags.repaired(cell)
            if tag is None:
                remedy += f" {_IF_HEADER}" if line < _HEADER_LINES else ""
                self.refuse(line, UNKNOWN_TAGS, self._invalid_tag(cell, remedy))
                return MISSING
            self.repair(line, UNKNOWN_TAGS, self._invalid_tag(cell, remedy))
        return tag

    def filled(self, line: int, tags: tuple[str, ...], *, lines_apart: int = 0) -> tuple[str, ...] | None:
        """Return the tags if none is missing, or None if all are.

        Raises:
            DataError: if some are missing. A lenient source fills them in: between B-PER and I-PER with I-PER, anywhere
                else with O.
        """
        if MISSING not in tags:
            return tags
        if not any(tags):
            return None
        kept = list(tags)
        for position in reversed(range(len(tags))):
            if tags[position] == MISSING:
                got = "no tag for a word although others have tags"
                self.leave_out(line + lines_apart * position, MISSING_TAGS, DataError(got=got, remedy="give it one"))
                kept[position] = _tag_between(tags[:position], kept[position + 1 :])
        return tuple(kept)

    def report(self) -> None:
        """Log one warning for each kind of repair."""
        for kind, (number, first) in self.repairs.items():
            logger.warning("%s: %s, first at %s", self.name, counted_kind(number, kind), first)

    def segmented(self, text: str, offset: int = 0) -> Document:
        """Return running text as a document of sentences and tokens."""
        if self.segment is None:
            from nertagger.text.segment import segment

            self.segment = segment
        return self.segment(text, source=self.name, offset=offset)

    def _invalid_tag(self, cell: str, remedy: str) -> DataError:
        return DataError(got=f"the tag {cell!r}", expected=self.tags.expected, remedy=remedy)


def _tag_between(before: Sequence[str], after: Sequence[str]) -> str:
    """Return the tag to fill in: inside if the next tag continues the entity of the last tag before, else ``O``."""
    last = next((tag for tag in reversed(before) if tag != MISSING), OUTSIDE)
    prefix, label = split_tag(after[0]) if after else (OUTSIDE, "")
    continues = prefix in "IE" and last != OUTSIDE and split_tag(last)[0] in "BI" and split_tag(last)[1] == label
    return f"I-{label}" if continues else OUTSIDE
