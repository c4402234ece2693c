"""Words of raw text, with exact character offsets.

The conventions are those of the English Web Treebank: ``do n't``, ``Obama 's``, ``can not``, ``East - West`` but
``e-mail``, ``U.S.`` and ``Mr.`` whole, addresses and numbers whole. They are left where social media want it: a
``#hashtag`` and an ``@mention`` are one token each.

A text is cut at its spaces, and what stands between them by one regular expression (`token_pattern`) and two tables
(`lexicon`). Words repeat, so the cuts of short pieces are remembered, which makes the tokenizer several times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from nertagger.text.document import Token
from nertagger.text.lexicon import ABBREVIATIONS, FUSED_WORDS
from nertagger.text.token_pattern import FIRST_CJK, token_expression

Spans = tuple[tuple[int, int], ...]

_REMEMBERED_LENGTH = 32  # characters; longer pieces are mostly addresses, which do not come back
_REMEMBERED_PIECES = 1 << 16
_OTHER_SPACES = re.compile("[\t\n\r\v\f\x85\xa0]")


def _cut(piece: str) -> Spans:
    """The spans of the tokens of a piece of text, without a look at the words around it."""
    if piece.isalpha() and (piece.isascii() or max(piece) < FIRST_CJK):
        return tuple(_part(piece, 0, len(piece)))
    spans: list[tuple[int, int]] = []
    for match in token_expression(ascii_only=piece.isascii()).finditer(piece):
        start, end = match.span()
        if piece[start:end] == "." and spans and spans[-1][1] == start and _is_abbreviation(piece, *spans[-1]):
            spans[-1] = spans[-1][0], end
        else:
            spans += _part(piece, start, end)
    return tuple(spans)


def _part(piece: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the words that are written as one, as ``can not`` is, or the span as it is."""
    cut = FUSED_WORDS.get(piece[start:end].lower())
    if cut:
        yield start, start + cut
        start += cut
    yield start, end


def _is_abbreviation(piece: str, start: int, end: int) -> bool:
    """Whether the word keeps the full stop that follows it, rather than ending a sentence or a clause."""
    following = piece[end + 1 : end + 2]
    return piece[start:end] in ABBREVIATIONS and not (following.isascii() and following.islower())


_cut_remembered = lru_cache(maxsize=_REMEMBERED_PIECES)(_cut)


def token_spans(text: str) -> list[tuple[int, int]]:
    """The half-open character spans of the tokens of `text`, in order.

    Every character that is not white space lies in exactly one of them, and no white space does.

    >>> token_spans("Obama's dog.")
    [(0, 5), (5, 7), (8, 11), (11, 12)]
    """
    pieces = _OTHER_SPACES.sub(" ", text).split(" ")
    offsets = accumulate([len(piece) + 1 for piece in pieces], initial=0)
    cuts = [_cut_remembered(piece) if len(piece) <= _REMEMBERED_LENGTH else _cut(piece) for piece in pieces]
    return [(offset + start, offset + end) for offset, cut in zip(offsets, cuts, strict=False) for start, end in cut]


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, in order; ``text[token.start:token.end] == token.text`` for each.

    >>> [token.text for token in tokenize("They don't visit the U.S. Army.")]
    ['They', 'do', "n't", 'visit', 'the', 'U.S.', 'Army', '.']
    """
    return [Token(text[start:end], start, end) for start, end in token_spans(text)]
