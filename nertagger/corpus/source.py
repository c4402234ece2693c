"""What a reader is told about the file it reads, and the counted account of what it had to repair."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn, Protocol

from nertagger.corpus.tag_forms import MISSING, TagReader
from nertagger.errors import DataError
from nertagger.printable import printable
from nertagger.text.document import Document
from nertagger.text.schemes import OUTSIDE, split_tag

logger = logging.getLogger(__name__)

BLANK_TOKEN = "\ufffd"
"""Stands for a token without characters, so that neither a row nor an alignment is lost (U+FFFD, replacement)."""


@lru_cache(maxsize=4096)
def is_tag(text: str) -> bool:
    """Whether the text reads as a tag: ``O``, or a prefix, a hyphen and a label."""
    try:
        split_tag(text)
    except DataError:
        return False
    return True


class Segmenter(Protocol):
    """Running text to a document of sentences and tokens."""

    def __call__(self, text: str, *, source: str = "", offset: int = 0) -> Document:
        """The document of a text that stands at `offset` in `source`."""


Column = int | str
"""A column of a table: its index (negative: from the right), or its name in the header."""

_IN_HEADER = " or, if this row is a header, name both columns as it does (--word-column, --tag-column)"
_MOST_NULS = 0.2  # of the characters of a text
_NEAR_TOP = 20  # lines, which comments may precede a header by
RAGGED_ROWS = "ragged rows repaired"
UNKNOWN_TAGS = "unknown tags repaired"
MISSING_TAGS = "missing tags filled in"


@dataclass
class Source:
    """A file being read.

    Attributes:
        name: what messages and documents call it.
        word_column: the words' column, or None to detect it.
        tag_column: the tags' column, or None to detect it.
        lenient: repair and count what is wrong, rather than raise.
        segment: splits running text; None for `nertagger.text.segment.segment`.
        encoding: of a text file; None for UTF-8 or what a byte order mark says.
        repairs: how often each kind of repair was made, and the place of the first.
        tags: reads the file's tags, in the form that they are written in.
        annotation: whether the annotation of records is wanted; `nertagger tag` finds entities anew and wants all
            texts, whatever stands beside them.
        record: what messages call the record being read, where a line may hold several; else empty.
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

    def fail(self, line: int, problem: str) -> NoReturn:
        """Raise `problem` with the place it was found at."""
        raise DataError(f"{self.name}:{line}: {printable(f'{self.record}: {problem}' if self.record else problem)}")

    def refuse(self, line: int, kind: str, problem: str) -> None:
        """Raise `problem`, which has no repair; only a check notes it, by its kind, and reads on."""
        self.fail(line, problem)

    def repair(self, line: int, kind: str, problem: str, number: int = 1) -> None:
        """Count `number` repairs of a kind, or raise `problem` unless the reading is lenient."""
        if not self.lenient:
            self.fail(line, f"{problem}, or read leniently (--lenient) to repair and count it")
        self.count(line, kind, number)

    def leave_out(self, line: int, kind: str, problem: str) -> None:
        """Raise `problem`; or, leniently, count what is left out for it.

        Unlike the error of `repair`, this one does not recommend a lenient reading: what is lost may have been meant.
        """
        if not self.lenient:
            self.fail(line, problem)
        self.count(line, kind)

    def count(self, line: int, kind: str, number: int = 1, *, example: str = "") -> None:
        """Count `number` changes that every reading makes, lenient or not; the first example of a kind is reported."""
        place = f"{self.name}:{line}" + (f" ({example})" if (example := example or self.record) else "")
        kind = printable(kind)
        before, first = self.repairs.get(kind, (0, printable(place)))
        self.repairs[kind] = (before + number, first)

    def check_sample(self, lines: Sequence[str]) -> None:
        """Raise if the first lines are not text in the encoding that they were read in."""
        if sum(line.count("\0") for line in lines) > _MOST_NULS * sum(map(len, lines)):
            self.fail(1, "got a zero in most places, as of UTF-16 or a binary file; name the encoding or the format")

    def checked_word(self, line: int, word: str) -> str:
        """The word, or `BLANK_TOKEN` (counted) if it has no characters but blanks."""
        if word.strip(" \t\r\n"):
            return word
        self.count(line, f"blank tokens read as {BLANK_TOKEN!r}")
        return BLANK_TOKEN

    def checked_tags(self, line: int, cells: Sequence[str], *, lines_apart: int = 0) -> tuple[str, ...] | None:
        """The tags of a sentence, None where all are left out; or an error; or, leniently, what is plainly meant.

        Args:
            line: that of the first tag.
            cells: the tags as the file writes them.
            lines_apart: 1 where each tag has a line of its own.
        """
        self.tags.fit(cells)
        read = (self.read_tag(line + lines_apart * position, cell) for position, cell in enumerate(cells))
        return self.filled(line, tuple(read), lines_apart=lines_apart)

    def checked_tag(self, line: int, tag: str) -> str:
        """The tag of a token alone, as `checked_tags`; O (counted) where it is left out."""
        tags = self.checked_tags(line, (tag,))
        return tags[0] if tags else self._outside(line)

    def read_tag(self, line: int, cell: str) -> str:
        """The tag that a cell means, `MISSING` where it is left out; leniently also of a cell in another form.

        ``geo`` beside B-geo is I-geo, ``b-geo`` is B-geo, ``0`` is O; a label that no tag before has is never made.
        """
        tag = self.tags.read(cell)
        if tag is None:
            problem = (
                f"got the tag {cell!r}, expected {self.tags.expected}; fix it, name the tags' column (--tag-column)"
            )
            tag = self.tags.repaired(cell)
            if tag is None:
                self.refuse(line, UNKNOWN_TAGS, f"{problem}{_IN_HEADER if line < _NEAR_TOP else ''}")
                return MISSING
            self.repair(line, UNKNOWN_TAGS, problem)
        return tag

    def filled(self, line: int, tags: tuple[str, ...], *, lines_apart: int = 0) -> tuple[str, ...] | None:
        """The tags if none is left out, None if all are; or an error; or, leniently, with the others' filled in.

        What is left out inside an entity is of it: between B-PER and I-PER stands I-PER, anywhere else O.
        """
        if MISSING not in tags:
            return tags
        if not any(tags):
            return None
        kept = list(tags)
        for position in reversed(range(len(tags))):
            if tags[position] == MISSING:
                place = line + lines_apart * position
                self.leave_out(place, MISSING_TAGS, "got no tag for a word beside others with tags; give it one")
                kept[position] = _tag_between(tags[:position], kept[position + 1 :])
        return tuple(kept)

    def _outside(self, line: int) -> str:
        self.leave_out(line, MISSING_TAGS, "got no tag, expected O or the tag of an entity; give it one")
        return OUTSIDE

    def report(self) -> None:
        """Log one warning for each kind of repair."""
        for kind, (number, first) in self.repairs.items():
            logger.warning("%s: %d %s, first at %s", self.name, number, kind, first)

    def segmented(self, text: str, offset: int = 0) -> Document:
        """Running text as a document."""
        if self.segment is None:
            from nertagger.text.segment import segment

            self.segment = segment
        return self.segment(text, source=self.name, offset=offset)


def _tag_between(before: Sequence[str], after: Sequence[str]) -> str:
    """The tag of a token without one: inside if the next tag continues an entity that the last one before is of."""
    last = next((tag for tag in reversed(before) if tag != MISSING), OUTSIDE)
    prefix, label = split_tag(after[0]) if after else (OUTSIDE, "")
    continues = prefix in "IE" and last != OUTSIDE and split_tag(last)[0] in "BI" and split_tag(last)[1] == label
    return f"I-{label}" if continues else OUTSIDE
