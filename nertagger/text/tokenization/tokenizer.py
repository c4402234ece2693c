"""Words of raw text with exact character offsets, for each tokenizer profile.

The conventions of the general profile are those of the English Web Treebank: ``do n't``, ``Obama 's``, ``can not``,
``East - West`` but ``e-mail``, ``U.S.`` and ``Mr.`` whole, addresses and numbers whole. There are exceptions for social
media: a ``#hashtag`` and an ``@mention`` are one token each. A Hangul syllable is a token, as a Chinese character is,
so that a name ends before the particle attached to it.
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
    """Return the words of `text` in order, and the offset of the first character of each.

    Every character except white space is in exactly one word.

    >>> words_and_starts("Obama's dog.")
    (['Obama', "'s", 'dog', '.'], [0, 5, 8, 11])
    """
    # The expression includes the white space after a token, so that offsets are sums of lengths: plain strings and
    # `accumulate` take half the time of match objects and their spans.
    expression = _expression(profile, ascii_only=text.isascii())
    pieces = expression.findall(text)
    words = list(map(str.rstrip, pieces))
    starts = list(accumulate(map(len, pieces), initial=len(text) - len(text.lstrip())))
    starts.pop()  # the end of the last
    if profile is Profile.GENERAL and not FUSED_WORDS.keys().isdisjoint(words):
        return _split_fused(words, starts)
    return words, starts


@lru_cache
def _expression(profile: Profile, *, ascii_only: bool) -> re.Pattern[str]:
    """Return the expression of a token with the white space after it."""
    if profile is Profile.SPACES:
        return re.compile(r"\S++\s*+")
    if profile is Profile.CHARACTER:
        return re.compile(r"\S\s*+")
    if profile is Profile.WHITESPACE:
        return whitespace_expression()
    return ascii_expression() if ascii_only else unicode_expression()


def _split_fused(words: list[str], starts: list[int]) -> tuple[list[str], list[int]]:
    """Return words and starts with fused words, such as ``cannot``, split into two."""
    new_words: list[str] = []
    new_starts: list[int] = []
    done = 0
    for position in [position for position, word in enumerate(words) if word in FUSED_WORDS]:
        word, start = words[position], starts[position]
        middle = FUSED_WORDS[word]
        new_words += *words[done:position], word[:middle], word[middle:]
        new_starts += *starts[done:position], start, start + middle
        done = position + 1
    return new_words + words[done:], new_starts + starts[done:]


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open character spans of the tokens of `text`, in order.

    >>> token_spans("Obama's dog.")
    [(0, 5), (5, 7), (8, 11), (11, 12)]
    """
    words, starts = words_and_starts(text)
    return list(zip(starts, map(add, starts, map(len, words)), strict=True))


def tokenize(text: str) -> list[Token]:
    """Return the tokens of `text` in order; ``text[token.start:token.end] == token.text`` for each.

    >>> [token.text for token in tokenize("They don't visit the U.S. Army.")]
    ['They', 'do', "n't", 'visit', 'the', 'U.S.', 'Army', '.']
    """
    return [Token(word, start, start + len(word)) for word, start in zip(*words_and_starts(text), strict=True)]
