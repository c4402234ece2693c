"""Words of raw text, with exact character offsets, cut as one of several profiles does.

The conventions of the general profile are those of the English Web Treebank: ``do n't``, ``Obama 's``, ``can not``,
``East - West`` but ``e-mail``, ``U.S.`` and ``Mr.`` whole, addresses and numbers whole. They are left where social
media want it: a ``#hashtag`` and an ``@mention`` are one token each. A Hangul syllable is a token of its own, as a
Chinese character is: a name then ends before the particle that is written on to it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from operator import add

from nertagger.text.document import Token
from nertagger.text.tokenization.lexicon import FUSED_WORDS
from nertagger.text.tokenization.profiles import Profile
from nertagger.text.tokenization.token_pattern import ascii_expression, unicode_expression, whitespace_expression


def words_and_starts(text: str, profile: Profile = Profile.GENERAL) -> tuple[list[str], list[int]]:
    """The words of `text` in order, and the offset of the first character of each.

    Every character that is not white space lies in exactly one word, and no white space does.

    >>> words_and_starts("Obama's dog.")
    (['Obama', "'s", 'dog', '.'], [0, 5, 8, 11])
    """
    # The expression takes the white space after a token with it, so that offsets are sums of lengths: plain strings and
    # `accumulate` are made in half the time of match objects and their spans.
    expression = _expression(profile, ascii_only=text.isascii())
    pieces = expression.findall(text)
    words = list(map(str.rstrip, pieces))
    starts = list(accumulate(map(len, pieces), initial=len(text) - len(text.lstrip())))
    starts.pop()  # the end of the last
    if profile is Profile.GENERAL and not FUSED_WORDS.keys().isdisjoint(words):
        return _cut_fused(words, starts)
    return words, starts


@lru_cache
def _expression(profile: Profile, *, ascii_only: bool) -> re.Pattern[str]:
    """The expression of a token with the white space after it."""
    if profile is Profile.SPACES:
        return re.compile(r"\S++\s*+")
    if profile is Profile.CHARACTER:
        return re.compile(r"\S\s*+")
    if profile is Profile.WHITESPACE:
        return whitespace_expression()
    return ascii_expression() if ascii_only else unicode_expression()


def _cut_fused(words: list[str], starts: list[int]) -> tuple[list[str], list[int]]:
    """The words with those cut in two that are written as one, as ``cannot`` is, and their starts."""
    cut_words: list[str] = []
    cut_starts: list[int] = []
    done = 0
    for position in [position for position, word in enumerate(words) if word in FUSED_WORDS]:
        word, start = words[position], starts[position]
        middle = FUSED_WORDS[word]
        cut_words += *words[done:position], word[:middle], word[middle:]
        cut_starts += *starts[done:position], start, start + middle
        done = position + 1
    return cut_words + words[done:], cut_starts + starts[done:]


def token_spans(text: str) -> list[tuple[int, int]]:
    """The half-open character spans of the tokens of `text`, in order.

    >>> token_spans("Obama's dog.")
    [(0, 5), (5, 7), (8, 11), (11, 12)]
    """
    words, starts = words_and_starts(text)
    return list(zip(starts, map(add, starts, map(len, words)), strict=True))


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, in order; ``text[token.start:token.end] == token.text`` for each.

    >>> [token.text for token in tokenize("They don't visit the U.S. Army.")]
    ['They', 'do', "n't", 'visit', 'the', 'U.S.', 'Army', '.']
    """
    return [Token(word, start, start + len(word)) for word, start in zip(*words_and_starts(text), strict=True)]
