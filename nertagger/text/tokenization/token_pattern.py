"""The regular expression of a token.

Every branch consumes at least one character and no white space, and the last branch consumes any other character: all
text that is not white space is covered exactly once. No branch looks across white space, and each treats the end of the
text like a space, so that a text may be divided at spaces first. Each branch looks ahead a bounded number of characters
or consumes what it has looked at, so the time is linear in the length of any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from nertagger.text.tokenization.characters import (
    ASTRAL_MARKS,
    BASIC_MARKS,
    CJK,
    EMOJI,
    REGIONAL_INDICATORS,
    SKIN_TONES,
)
from nertagger.text.tokenization.lexicon import ABBREVIATIONS, LONG_ENDINGS, NEWSGROUPS, PREFIXES, SHORT_ENDINGS, UNITS

_APOSTROPHE = "['’`]"
_COMMON_LETTER = "A-Za-zÀ-ÖØ-öø-ɏΑ-ωА-я"
_MARK = rf"[{BASIC_MARKS}]|(?=[\U00010000-\U0010ffff])[{ASTRAL_MARKS}]"
_EMOJI = (
    rf"[{REGIONAL_INDICATORS}]{{2}}",
    rf"[{EMOJI}](?:[{SKIN_TONES}]|(?<=\u200d)[{EMOJI}]|{_MARK})*+",
)
_REPEATED = r"[.?!…]{2,}+|[-=]{2,}+|[*~]{2,}+|_{2,}+|\+{2,}+|#{2,}+|<{2,}+|>{2,}+|\${2,}+|[—–]{2,}+"
_CLITIC = "(?i:s|m|d|re|ve|ll)"
_NOT = rf"(?i:n{_APOSTROPHE}t)\b"


def _any_of(words: Iterable[str]) -> str:
    """Return the alternation of words, grouped by first letter for speed; longer words come before their prefixes."""
    groups = groupby(sorted(words, key=lambda word: (word[0], -len(word), word)), key=lambda word: word[0])
    return "(?:" + "|".join(f"{first}(?:{'|'.join(word[1:] for word in group)})" for first, group in groups) + ")"


def _guarded(guard: str, branches: list[str]) -> str:
    """Return branches behind a look-ahead, `guard`, which spares most tokens from trying them."""
    return rf"(?={guard})(?:{'|'.join(branches)})"


def _plain() -> list[str]:
    """Return the branches of the most frequent tokens, which come first only for speed."""
    letter = f"[{_COMMON_LETTER}]"
    last = r"(?:\s|\Z)"
    return [
        rf"{letter}++(?=[\s,;!?)\"”]|:\s|\Z)",
        r"[,()\"“”%]|-(?=[A-Za-z\d\s])",
        rf"[.:;?!](?={last})",
        rf"(?={letter}{{2,}}\.{last})(?!{_any_of(ABBREVIATIONS)}\.){letter}++",
        rf"\d++(?=[);?!]|[.,]?{last})",
    ]


def _addresses() -> str:
    """Return the branch of URLs, e-mail addresses, host and file names; a final stop or bracket is not part of them."""
    letter = f"[{_COMMON_LETTER}0-9_]"
    outside = r"\s<>\"“”()"
    path = rf"(?:\([^{outside}]*\)|[^{outside}])*(?:\([^{outside}]*\)|[^{outside}.,;:!?'’\]}}])"
    ending = rf"(?:(?i:{_any_of(LONG_ENDINGS)})|{_any_of(SHORT_ENDINGS)})"
    branches = [
        rf"[hHfFwW](?i:ttps?://|tp://|ww\.){path}",
        # Usenet archives hide the end of the local part behind three dots.
        rf"[A-Za-z0-9_+%](?:[A-Za-z0-9_+%-]|\.(?!\.)|\.\.\.){{0,63}}@{letter}[\w-]*+(?:\.{letter}[\w-]*+)*+",
        r"@[A-Za-z]\w*+(?:\.\w++)++",
        rf"{letter}++(?:[-.]{letter}++){{0,8}}?\.{ending}(?!\w)(?:/{path})?",
        rf"{_any_of(NEWSGROUPS)}(?:\.[a-z]++(?:-[a-z]++)?)++",
        r"[a-z]++(?:\.[a-z]++){2,}(?!\w)",
    ]
    return _guarded(r"[^\s.@:]{0,64}[.@:]\S", branches)


def _contractions() -> str:
    """Return the branch of clitics, and of words before ``n't``."""
    branches = [
        rf"(?<=[^\s\"'(\[{{“‘«-]){_APOSTROPHE}{_CLITIC}\b|(?<!\S){_APOSTROPHE}{_CLITIC}(?!\S)",
        rf"[A-Za-z]+?(?={_NOT})|{_NOT}",
        r"(?<!\w)['’](?:\d\ds?|(?i:em|til|tis|twas|bout))\b",
    ]
    return _guarded(rf"[A-Za-z]*+{_APOSTROPHE}", branches)


def _abbreviations() -> str:
    """Return the branch of acronyms with stops, initials, and short forms with ``&`` or ``/``."""
    branches = [
        r"[^\W\d_](?:\.[^\W\d_])+(?!\w)(?:\.(?!\.\.))?|Ph\.D\b\.?",
        rf"{_any_of(ABBREVIATIONS)}\.(?!\.\.|[a-z])",
        r"[A-HJ-ZÀ-ÖØ-ÞΑ-ΩЀ-Я]\.(?!\.)",
        r"[A-Z]{1,4}(?:&[A-Z]{1,4})+(?!\w)|[a-z]&[a-z](?!\w)",
        r"(?i:w/(?:o(?:ut)?(?!\w))?|(?:b/[ct]|n/a|[cl]/[co])(?!\w))",
    ]
    return _guarded(r"\w{1,6}[.&/]", branches)


def _numbers() -> str:
    """Return the branch of numbers, without their units, telephone numbers, dates, decimals and times."""
    branches = [
        rf"\d++(?:[.,:]\d++)*(?=(?:{_any_of(UNITS)}|[ap]\.m)(?!\w))",
        r"\+?\d{1,5}(?:[-/]\d{1,5}){2,}(?!\w)",
        r"(?:\d{3}/\d{3}|\d{1,3}|\d{5})-\d{4}(?![\w-])",
        r"\d++['’]s\b",
        r"\+?\d++(?:[.,:/]\d++)*(?!\w)",
        r"(?<![\w.])\.\d++(?!\w)",
    ]
    return _guarded(r"[\d+.]", branches)


def _signs() -> list[str]:
    """Return the branches of emoticons and runs of punctuation, and of any other character."""
    return [
        r"[:;=]['’^o-]?(?:[)(\]\[]++|[DPpO/\\|*])(?!\w)|<3+(?!\w)|\^_+\^|-_+-|[-=]++>|<[-=]++",
        _REPEATED,
        r"\\{2,}+|/{2,}+|''|‘’|’’|``",
        r"\S",
    ]


def _pattern(*, ascii_only: bool) -> str:
    """Return the expression; earlier branches have priority."""
    letter = "[A-Za-z0-9_]" if ascii_only else rf"[^\W{CJK}]"
    mark = _MARK
    inner = rf"{_APOSTROPHE}(?!(?:{_CLITIC}|[tT])\b)(?=[^\W\d])"
    join = inner if ascii_only else f"{inner}|{mark}"
    first = rf"#(?=\w*[^\W\d_])\w++|@(?=\w)|(?<![\w-])(?=[A-Za-z]{{1,7}}-\w)(?i:{_any_of(PREFIXES)})-"
    branches = [
        *_plain(),
        *([] if ascii_only else [rf"[{CJK}]", *_EMOJI]),
        _addresses(),
        _contractions(),
        _abbreviations(),
        _numbers(),
        rf"(?:{first}|(?={letter})){letter}*+(?:(?:{join}){letter}*+)*+",
        *_signs(),
    ]
    either = "|".join(branches)
    return rf"(?:{either})\s*+" if ascii_only else rf"(?:{either})(?:{mark})*+\s*+"


@lru_cache(maxsize=1)
def ascii_expression() -> re.Pattern[str]:
    """Return the expression of a token of ASCII text: compiled and matched faster, with the same result."""
    return re.compile(_pattern(ascii_only=True))


@lru_cache(maxsize=1)
def unicode_expression() -> re.Pattern[str]:
    """Return the expression of a token of any text, compiled at first use because that takes tens of milliseconds."""
    return re.compile(_pattern(ascii_only=False))


@lru_cache(maxsize=1)
def whitespace_expression() -> re.Pattern[str]:
    """Return the expression of a token where text of any script is split at white space and punctuation.

    Numbers, and words with inner hyphens or apostrophes, stay whole.
    """
    word = rf"\w(?:\w|{_MARK})*+"
    inner = r"(?<=\d)[.,:٫٬](?=\d)|[-'’](?=[^\W_])"
    branches = [*_EMOJI, rf"{word}(?:(?:{inner}){word})*+", _REPEATED, r"\S"]
    return re.compile(rf"(?:{'|'.join(branches)})(?:{_MARK})*+\s*+")
