"""Word shapes: the kinds of a word's characters, with long runs shortened."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONGEST = 10
_RUN = re.compile(r"(.)\1{2,}", re.DOTALL)


def word_shape(word: str) -> str:
    """Return the shape of a word: X for capitals, x for other letters, d for digits; runs are cut at two.

    >>> word_shape("O'Brien"), word_shape("2009-05"), word_shape("USA")
    ("X'Xxx", 'dd-dd', 'XX')
    """
    return _shorten(word.translate(_KINDS))


@lru_cache(maxsize=65536)
def _shorten(kinds: str) -> str:
    """Return the kinds of a word's characters, which few words have for themselves, with their runs cut."""
    return _RUN.sub(r"\1\1", kinds)[:_LONGEST]


class _Kinds(dict[int, str]):
    """The kind of each character by code point, for `str.translate`, determined when first needed."""

    def __missing__(self, code: int) -> str:
        self[code] = kind = _kind(chr(code))
        return kind


_KINDS = _Kinds()


def _kind(character: str) -> str:
    if character.isupper() or character.istitle():
        return "X"
    if character.isalpha():
        return "x"
    category = unicodedata.category(character)
    if category[0] == "N":
        return "d"
    return "m" if category[0] == "M" else character
