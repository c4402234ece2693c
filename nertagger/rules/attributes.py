"""The attributes of a word that a token pattern can test, with the values that spaCy's English pipeline gives them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from nertagger.rules.addresses import like_email, like_url
from nertagger.rules.numerals import like_num

Value = str | int | bool

_BRACKETS = frozenset("()[]{}<>")
_LEFT = frozenset([*"([{<\"'«‘‚‛“„‟‹❮", "``"])
_RIGHT = frozenset([*")]}>\"'»’”›❯", "''"])
_QUOTES = frozenset([*"\"'`«»‘’‚‛“”„‟‹›❮❯", "''", "``"])
_LONGEST_SHAPE = 100
_LONGEST_RUN = 4


def word_shape(word: str) -> str:
    """Return the shape of a word: X, x and d for upper-case and other letters and digits, at most four in a row.

    >>> word_shape("Paris2024"), word_shape("U.S.")
    ('Xxxxxdddd', 'X.X.')
    """
    if len(word) >= _LONGEST_SHAPE:
        return "LONG"
    shape: list[str] = []
    for character in map(_shape_of, word):
        if shape[-_LONGEST_RUN:] != [character] * _LONGEST_RUN:
            shape.append(character)
    return "".join(shape)


def _shape_of(character: str) -> str:
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return "d" if character.isdigit() else character


def is_punct(word: str) -> bool:
    """Return whether all characters are punctuation."""
    return all(unicodedata.category(character)[0] == "P" for character in word)


def is_currency(word: str) -> bool:
    """Return whether all characters are signs of currencies."""
    return all(unicodedata.category(character) == "Sc" for character in word)


ATTRIBUTES: Mapping[str, Callable[[str], Value]] = {
    "ORTH": str,
    "TEXT": str,
    "LOWER": str.lower,
    "SHAPE": word_shape,
    "PREFIX": lambda word: word[0],
    "SUFFIX": lambda word: word[-3:],
    "LENGTH": len,
    "IS_ALPHA": str.isalpha,
    "IS_ASCII": str.isascii,
    "IS_DIGIT": str.isdigit,
    "IS_LOWER": str.islower,
    "IS_UPPER": str.isupper,
    "IS_TITLE": str.istitle,
    "IS_SPACE": str.isspace,
    "IS_PUNCT": is_punct,
    "IS_BRACKET": _BRACKETS.__contains__,
    "IS_QUOTE": _QUOTES.__contains__,
    "IS_LEFT_PUNCT": _LEFT.__contains__,
    "IS_RIGHT_PUNCT": _RIGHT.__contains__,
    "IS_CURRENCY": is_currency,
    "LIKE_NUM": like_num,
    "LIKE_URL": like_url,
    "LIKE_EMAIL": like_email,
}
"""A function from a word to the value of each attribute."""


def kind_of(attribute: str) -> type[Value]:
    """Return the type of an attribute's values."""
    if attribute == "LENGTH":
        return int
    return bool if attribute.startswith(("IS_", "LIKE_")) else str
