"""Checks of Python arguments, which reject values that would be silently misunderstood.

A string is a sequence of letters in Python: a list of words where a list of sentences is expected would be tagged
letter by letter.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from numbers import Integral
from typing import Any, TypeVar

from nertagger.errors import DataError

_T = TypeVar("_T")
_NESTED = "a list of sentences is a list of lists"
_NO_LISTS = (str, bytes, dict, set, frozenset)  # iterable as well
_SHOWN = 40  # characters of a value


def shown(value: object) -> str:
    """Return what a value is, for a message: texts and numbers themselves, the type of others.

    >>> shown("Anna"), shown(b"Anna"), shown(None), shown([1])
    ("the text 'Anna'", "the bytes b'Anna'", 'None', 'a list')
    """
    cut = repr(value[:_SHOWN]) + ("..." if len(value) > _SHOWN else "") if isinstance(value, str | bytes) else ""
    if cut:
        return f"the {'text' if isinstance(value, str) else 'bytes'} {cut}"
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def check_text(value: object, *, remedy: str) -> None:
    """Raise DataError unless the value is a string."""
    if not isinstance(value, str):
        raise DataError(f"got {shown(value)}, expected a text; {remedy}")


def check_several(value: object, what: str, *, remedy: str) -> None:
    """Raise DataError unless the value is an iterable of several items, not a single text.

    Args:
        value: the argument.
        what: the items, for the message: ``texts``.
        remedy: what to do with a single item.
    """
    _check_no_table(value, what)
    if isinstance(value, _NO_LISTS) or not isinstance(value, Iterable) or not getattr(value, "ndim", 1):
        raise DataError(f"got {shown(value)}, expected a list of {what}; {remedy}")


def _check_no_table(value: object, what: str) -> None:
    """Raise DataError if the value is a table, which iterates over its columns, or their names."""
    if hasattr(value, "columns") and hasattr(value, "shape"):
        raise DataError(f"got {shown(value)}, expected a list of {what}; pass a column, or pairs of two: zip(a, b)")


def checked(items: Iterable[Any], *kinds: type[_T], what: str, remedy: str) -> Iterator[_T]:
    """Yield the items; raise DataError with the number of the first that is of none of these kinds."""
    for number, item in enumerate(items, 1):
        if not isinstance(item, kinds):
            expected = " or ".join("text" if kind is str else kind.__name__ for kind in kinds)
            raise DataError(f"{what} {number}: got {shown(item)}, expected a {expected}; {remedy}")
        yield item


def check_path(value: object) -> None:
    """Raise DataError unless the value is the path of a file."""
    if not isinstance(value, str | os.PathLike) or not str(value):
        raise DataError(f"got {shown(value)}, expected the path of a file")


def check_sentences(sentences: object, *, of: str = "words", place: str = "", counted: bool = False) -> None:
    """Raise DataError unless these can be several sentences; `check_sentence` checks each of them.

    Args:
        sentences: a list or, unless their number must be known, any iterable.
        of: what each sentence is a list of: words or tags.
        place: which sentences these are, for the message.
        counted: whether their number must be known.
    """
    _check_no_table(sentences, "sentences")
    if isinstance(sentences, _NO_LISTS) or not hasattr(sentences, "__len__" if counted else "__iter__"):
        got = f"{place}: got {shown(sentences)}" if place else f"got {shown(sentences)}"
        raise DataError(f"{got}, expected a list of sentences, each a list of {of}")


def checked_sentences(sentences: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield the sentences, each checked by `check_sentence`."""
    for number, words in enumerate(sentences, 1):
        check_sentence(words, f"sentence {number}")
        yield words


def check_sentence(items: Any, place: str, *, of: str = "words") -> None:
    """Raise DataError unless a sentence is a list of strings.

    Args:
        items: the sentence.
        place: which sentence it is, for the message.
        of: what the strings are: words or tags.
    """
    if isinstance(items, str | bytes):
        raise DataError(f"{place}: got {shown(items)}, expected a list of {of}: {_NESTED}")
    if isinstance(items, _NO_LISTS) or not (hasattr(items, "__len__") and hasattr(items, "__iter__")):
        raise DataError(f"{place}: got {shown(items)}, expected a list of {of}")
    if set(map(type, items)) <= {str}:
        return
    for number, item in enumerate(items, 1):
        if not isinstance(item, str):
            features = f", expected {of}, not features" if isinstance(item, dict) else ", expected a string"
            raise DataError(f"{place}, {of[:-1]} {number}: got {shown(item)}{features}")


def check_whole(name: str, value: object, *, least: int) -> None:
    """Raise DataError unless the value is a whole number of at least `least`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise DataError(f"{name}: got {shown(value)}, expected a whole number from {least}")


def check_fraction(name: str, value: object) -> None:
    """Raise DataError unless the value is a number from 0 to 1."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise DataError(f"{name}: got {shown(value)}, expected a number from 0 to 1")
