"""What all words of a table have and is no part of them: WikiANN's language (``en:Oslo``), Weibo's digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_LANGUAGE = re.compile(r"[a-z]{2,10}(-[a-z]+)*:(?=.)")
_DIGIT = re.compile(r"(?<=^.)\d$")
_MIN_WORDS = 3


class Affix(NamedTuple):
    """What all words of a table have.

    Attributes:
        pattern: what is removed from a word.
        name: what messages call it.
    """

    pattern: re.Pattern[str]
    name: str

    def removed_from(self, word: str) -> str:
        """Return the word without the affix."""
        return self.pattern.sub("", word, count=1)


def common_affix(words: Sequence[str]) -> Affix | None:
    """Return what all words have: the same language before them, or a digit after each single character; else None.

    >>> common_affix(["en:Oslo", "en:,", "en:1"]).name, common_affix(["en:Oslo", "de:Oslo", "en:1"])
    ("'en:' before each word", None)
    """
    if len(words) < _MIN_WORDS:
        return None
    language = _LANGUAGE.match(words[0])
    if language and all(word.startswith(language[0]) and word != language[0] for word in words):
        return Affix(re.compile(f"^{language[0]}"), f"{language[0]!r} before each word")
    if all(map(_DIGIT.search, words)) and 2 * sum(not word.isascii() for word in words) > len(words):
        return Affix(_DIGIT, "a digit after each character")
    return None
