"""What a reader is told about the file it reads, and the counted account of what it had to repair."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn, Protocol, TextIO

from nertagger.errors import DataError
from nertagger.text.document import Document
from nertagger.text.schemes import OUTSIDE, TagScheme, split_tag

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


@dataclass
class Source:
    """A file being read.

    Attributes:
        name: what messages and documents call it.
        word_column: index of the words' column (negative: from the right), or None to detect it.
        tag_column: index of the tags' column (-1: the last), or None to detect it.
        lenient: repair and count what is wrong, rather than raise.
        segment: splits running text; None for `nertagger.text.segment.segment`.
        encoding: of a text file; None for UTF-8 or what a byte order mark says.
        repairs: how often each kind of repair was made, and the place of the first.
    """

    name: str
    word_column: int | None = None
    tag_column: int | None = None
    lenient: bool = False
    segment: Segmenter | None = None
    encoding: str | None = None
    repairs: dict[str, tuple[int, str]] = field(default_factory=dict)

    def fail(self, line: int, problem: str) -> NoReturn:
        """Raise `problem` with the place it was found at."""
        raise DataError(f"{self.name}:{line}: {problem}")

    def repair(self, line: int, kind: str, problem: str, number: int = 1) -> None:
        """Count `number` repairs of a kind, or raise `problem` unless the reading is lenient."""
        if not self.lenient:
            self.fail(line, f"{problem}, or read leniently (--lenient) to repair and count it")
        self.count(line, kind, number)

    def count(self, line: int, kind: str, number: int = 1, *, example: str = "") -> None:
        """Count `number` changes that every reading makes, lenient or not; the first example of a kind is reported."""
        place = f"{self.name}:{line}" + (f" ({example})" if example else "")
        before, first = self.repairs.get(kind, (0, place))
        self.repairs[kind] = (before + number, first)

    def checked_word(self, line: int, word: str) -> str:
        """The word, or `BLANK_TOKEN` (counted) if it has no characters but blanks."""
        if word.strip(" \t\r\n"):
            return word
        self.count(line, f"blank tokens read as {BLANK_TOKEN!r}")
        return BLANK_TOKEN

    def checked_tag(self, line: int, tag: str) -> str:
        """The tag; or an error; or, leniently, the tag most likely meant.

        ``b-per`` is B-PER; ``PER`` (no prefixes) is I-PER; ``_``, ``-`` and nothing are O.
        """
        if is_tag(tag):
            return tag
        problem = f"got the tag {tag!r}, expected O or one of B- I- E- S- L- U- and a label"
        self.repair(line, "unknown tags repaired", f"{problem}; fix it, name the column of the tags")
        if is_tag(tag.upper()):
            return tag.upper()
        label = tag.strip("-_ ")
        return f"I-{label}" if label else OUTSIDE

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


Reader = Callable[[Iterator[str], Source], Iterator[Document]]
"""Lines with their line ends (see `nertagger.corpus.line_ends`) to documents, one at a time."""

Writer = Callable[[TextIO, Iterable[Document], TagScheme | None], None]
"""Documents to an open text stream, one at a time."""

FileReader = Callable[[str, Source], Iterator[Document]]
"""A file or folder by its path to documents, for formats that are not one stream of text."""

FileWriter = Callable[[str, Iterable[Document], TagScheme | None], None]
"""Documents to the file or files of a path."""
