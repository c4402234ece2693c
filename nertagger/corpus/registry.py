"""File formats by name and by suffix; `register` adds one."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from nertagger.companions import is_project
from nertagger.corpus.formats.builtin import BUILTIN_FORMATS
from nertagger.corpus.interface import Format
from nertagger.errors import DataError
from nertagger.files import base_suffix

logger = logging.getLogger(__name__)

FORMATS: dict[str, Format] = {entry.name: entry for entry in BUILTIN_FORMATS}
"""The formats by name; `register` adds to them."""

ENTRY_POINTS = "nertagger.formats"
"""The group of entry points, each a `Format`, through which an installed package adds its own to the command line."""

_NAME_OF_SUFFIX = {suffix: entry.name for entry in BUILTIN_FORMATS for suffix in entry.suffixes}
_UNREADABLE = "save it as plain text, or name the format text, which reads markup as words"
_NEAR = 0.75  # similarity of an unknown format's name to the one that the message names
_WITHOUT_FORMAT = ("", ".txt", ".text")  # common suffixes: searching the installed packages takes a tenth of a second


def register(format: Format) -> None:
    """Add a format; it replaces the format of its name and takes over its suffixes.

    >>> def shout(stream, documents, scheme=None):
    ...     stream.writelines(f"{document.text.upper()}\\n" for document in documents)
    >>> register(Format("shout", "the text in capitals", (".shout",), write=shout))
    >>> format_of_name("a.shout.gz")
    'shout'
    """
    FORMATS[format.name] = format
    _NAME_OF_SUFFIX.update(dict.fromkeys(format.suffixes, format.name))


def format_of_name(path: str | Path) -> str | None:
    """Return the name of the format that a file's suffix belongs to, or None; installed packages are searched last.

    The folder of an annotation project has a format of its own, whatever it is called.
    """
    if is_project(path):
        return "project"
    suffix = base_suffix(path)
    if suffix not in _NAME_OF_SUFFIX and suffix not in _WITHOUT_FORMAT:
        _register_installed()
    return _NAME_OF_SUFFIX.get(suffix)


def find_reader(name: str) -> Format:
    """Return the named format, which can be read.

    Raises:
        DataError: if there is no such format, or it cannot be read.
    """
    return _find(name, "read", lambda entry: entry.readable)


def find_writer(name: str) -> Format:
    """Return the named format, which can be written.

    Raises:
        DataError: if there is no such format, or it cannot be written.
    """
    return _find(name, "written", lambda entry: entry.writable)


def writable_names() -> list[str]:
    """Return the names of the formats that can be written."""
    return [entry.name for entry in FORMATS.values() if entry.writable]


def _find(name: str, use: str, is_usable: Callable[[Format], bool]) -> Format:
    """Return the named format; if the name is unknown, the formats of installed packages are registered first."""
    if name not in FORMATS:
        _register_installed()
    entry = FORMATS.get(name)
    if entry is None or not is_usable(entry):
        names = [entry.name for entry in FORMATS.values() if is_usable(entry)]
        if entry is not None and use == "read":
            raise DataError(f"the format {name} cannot be read", remedy=_UNREADABLE)
        near = get_close_matches(name.lower(), names, n=1, cutoff=_NEAR)
        meant = f"did you mean {near[0]}? " if near else ""
        raise DataError(f"no format {name!r} that can be {use}", remedy=f"{meant}there are: {', '.join(names)}")
    return entry


def _register_installed() -> None:
    """Add the formats of installed packages; they replace no existing format or suffix."""
    for format in _installed(tuple(sys.path)):
        FORMATS.setdefault(format.name, format)
        for suffix in format.suffixes:
            _NAME_OF_SUFFIX.setdefault(suffix, format.name)


@lru_cache
def _installed(path: tuple[str, ...]) -> list[Format]:
    """Return the formats of the packages on Python's path; one that cannot be imported is logged."""
    from importlib.metadata import entry_points  # not at the top: only unknown names need it

    formats = []
    for point in entry_points(group=ENTRY_POINTS):
        try:
            format = point.load()
        except Exception as error:  # noqa: BLE001  (anything can be wrong in another package)
            logger.warning("the format %s (%s) cannot be imported: %s", point.name, point.value, error)
            continue
        if isinstance(format, Format):
            formats.append(format)
        else:
            logger.warning("%s is a %s, expected a Format", point.value, type(format).__name__)
    return formats
