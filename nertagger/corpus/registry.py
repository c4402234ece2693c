"""The formats by name and by suffix; `register` adds one."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from functools import lru_cache
from pathlib import Path

from nertagger.corpus.source import FileReader, FileWriter, Reader, Writer
from nertagger.errors import DataError
from nertagger.files import base_suffix

logger = logging.getLogger(__name__)


class Holds(Flag):
    """What a format keeps beside the words and their entities; the rest is counted when a file is converted."""

    NOTHING = 0
    TEXT = auto()  # the characters between words, and so the offsets
    RECORDS = auto()  # where one text ends and the next begins
    PASSAGES = auto()  # texts of several lines or sentences as one text
    TOKENS = auto()  # where a word ends that no white space ends
    SENTENCES = auto()
    OPENINGS = auto()  # where a document of the source begins
    UNANNOTATED = auto()  # that a text has no annotation, which is not the same as no entity
    PARTS = auto()  # that some sentences of a text have no annotation
    CONFIDENCE = auto()
    BLANKS = auto()  # tabs and line ends inside a word
    META = auto()  # what a record has beside text and entities: id, meta, other fields


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name on the command line, what it is in one line, and how it is read and written.

    A format is a stream of text (`read`, `write`) or the files of a path (`read_file`, `write_file`).
    """

    name: str
    description: str
    suffixes: tuple[str, ...] = ()
    read: Reader | None = None
    write: Writer | None = None
    read_file: FileReader | None = None
    write_file: FileWriter | None = None
    holds: Holds = Holds.NOTHING

    @property
    def readable(self) -> bool:
        """Whether there is a reader."""
        return bool(self.read or self.read_file)

    @property
    def writable(self) -> bool:
        """Whether there is a writer."""
        return bool(self.write or self.write_file)


FORMATS: dict[str, Format] = {}
"""The formats by name; `register` adds to them."""

ENTRY_POINTS = "nertagger.formats"
"""The group of entry points, each a `Format`, by which an installed package adds its own to the command line."""

_SUFFIXES: dict[str, str] = {}
_NO_FORMAT = ("", ".txt", ".text")  # so common that looking through what is installed, a tenth of a second, is spared


def register(format: Format) -> None:
    """Add a format, or replace the one of its name and those of its suffixes.

    >>> def shout(stream, documents, scheme=None):
    ...     stream.writelines(f"{document.text.upper()}\\n" for document in documents)
    >>> register(Format("shout", "the text in capitals", (".shout",), write=shout))
    >>> format_of_name("a.shout.gz")
    'shout'
    """
    FORMATS[format.name] = format
    _SUFFIXES.update(dict.fromkeys(format.suffixes, format.name))


def format_of_name(path: str | Path) -> str | None:
    """The format that the file's suffix announces, if any; of this package, else of those that are installed."""
    suffix = base_suffix(path)
    if suffix not in _SUFFIXES and suffix not in _NO_FORMAT:
        _register_installed()
    return _SUFFIXES.get(suffix)


def find_reader(name: str) -> Format:
    """The named format, which can be read.

    Raises:
        DataError: if there is no such format, or it cannot be read.
    """
    return _find(name, "read", lambda entry: entry.readable)


def find_writer(name: str) -> Format:
    """The named format, which can be written.

    Raises:
        DataError: if there is no such format, or it cannot be written.
    """
    return _find(name, "written", lambda entry: entry.writable)


def _find(name: str, wanted: str, fits: Callable[[Format], bool]) -> Format:
    """The named format; where it is not known, those that installed packages bring are registered first."""
    if name not in FORMATS:
        _register_installed()
    entry = FORMATS.get(name)
    if entry is None or not fits(entry):
        names = ", ".join(entry.name for entry in FORMATS.values() if fits(entry))
        raise DataError(f"no format {name!r} that can be {wanted}; there are: {names}")
    return entry


def _register_installed() -> None:
    """Add the formats that installed packages bring; none replaces one that there is, or its suffix."""
    for format in _installed(tuple(sys.path)):
        FORMATS.setdefault(format.name, format)
        for suffix in format.suffixes:
            _SUFFIXES.setdefault(suffix, format.name)


@lru_cache
def _installed(path: tuple[str, ...]) -> list[Format]:
    """The formats of the packages on a path, which is that of Python; one that cannot be imported is logged."""
    from importlib.metadata import entry_points  # not at the top: only what is not known needs it

    formats = []
    for point in entry_points(group=ENTRY_POINTS):
        try:
            format = point.load()
        except Exception as error:  # noqa: BLE001  (whatever is wrong in somebody else's package)
            logger.warning("the format %s (%s) cannot be imported: %s", point.name, point.value, error)
            continue
        if isinstance(format, Format):
            formats.append(format)
        else:
            logger.warning("%s is a %s, expected a Format", point.value, type(format).__name__)
    return formats
