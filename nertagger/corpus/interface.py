"""The description of a file format: its name and suffixes, its reader and writer, and what it preserves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Flag, auto
from pkgutil import resolve_name
from typing import Any, TextIO

from nertagger.corpus.source import Source
from nertagger.text.document import Document
from nertagger.text.schemes import TagScheme

Reader = Callable[[Iterator[str], Source], Iterator[Document]]
"""Lines with their line ends (see `nertagger.corpus.line_ends`) to documents, one at a time."""

Writer = Callable[[TextIO, Iterable[Document], TagScheme | None], None]
"""Documents to an open text stream, one at a time."""

FileReader = Callable[[str, Source], Iterator[Document]]
"""The path of a file or folder to documents, for formats that are not one stream of text."""

FileWriter = Callable[[str, Iterable[Document], TagScheme | None], None]
"""Documents to the file or files at a path."""


class Holds(Flag):
    """The things that a format can preserve besides words and entities; conversion counts the others as lost."""

    NOTHING = 0
    TEXT = auto()  # the characters between words, and so the offsets
    RECORDS = auto()  # where one text ends and the next begins
    PASSAGES = auto()  # texts of several lines or sentences as one text
    TOKENS = auto()  # ends of words that no white space follows
    SENTENCES = auto()
    OPENINGS = auto()  # where a document of the source begins
    UNANNOTATED = auto()  # that a text has no annotation, as opposed to no entities
    PARTS = auto()  # that some sentences of a text have no annotation
    CONFIDENCE = auto()
    RULES = auto()  # which rule found an entity
    BLANKS = auto()  # tabs and line ends inside a word
    META = auto()  # the other fields of a record: id, meta, ...


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    A format is either a stream of text (`read`, `write`) or the files at a path (`read_file`, `write_file`).

    Attributes:
        name: what the command line calls it.
        description: what it is, in one line.
        suffixes: the suffixes of file names, in lower case, with the dot.
        read: reader of a stream of text.
        write: writer of a stream of text.
        read_file: reader of files.
        write_file: writer of files.
        holds: what it preserves.
        reads_pieces: whether `read` takes the open text stream, which it reads in pieces, instead of its lines.
    """

    name: str
    description: str
    suffixes: tuple[str, ...] = ()
    read: Reader | None = None
    write: Writer | None = None
    read_file: FileReader | None = None
    write_file: FileWriter | None = None
    holds: Holds = Holds.NOTHING
    reads_pieces: bool = False

    @property
    def readable(self) -> bool:
        """Whether the format has a reader."""
        return bool(self.read or self.read_file)

    @property
    def writable(self) -> bool:
        """Whether the format has a writer."""
        return bool(self.write or self.write_file)


@dataclass(frozen=True, slots=True)
class LazyFunction:
    """A function whose module is imported when it is called, so that a command imports only the formats it uses.

    >>> LazyFunction("math:hypot")(3, 4)
    5.0

    Attributes:
        target: its module and name, as in entry points: ``package.module:function``.
    """

    target: str

    def __call__(self, *arguments: Any) -> Any:
        return resolve_name(self.target)(*arguments)
