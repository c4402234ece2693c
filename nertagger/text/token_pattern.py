"""The regular expression of a token.

Every branch takes at least one character that is not white space, none takes white space, and the last takes any other
character: so all text that is not white space is covered, once. No branch looks across white space, and the end of the
text is to each as good as a space, so that a text may be cut at spaces first. Each branch looks ahead a bounded number
of characters, or takes what it looked at: the time is linear in the length of the text, whatever the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nertagger.text.characters import ASTRAL_MARKS, BASIC_MARKS, CJK, EMOJI, REGIONAL_INDICATORS, SKIN_TONES
from nertagger.text.lexicon import LONG_ENDINGS, NEWSGROUPS, PREFIXES, SHORT_ENDINGS, UNITS

FIRST_CJK = CJK[0]

_APOSTROPHE = "['’`]"
_COMMON_LETTER = "A-Za-zÀ-ÖØ-öø-ɏΑ-ωА-я"
_CLITIC = "(?i:s|m|d|re|ve|ll)"
_NOT = rf"(?i:n{_APOSTROPHE}t)\b"


def _any_of(words: list[str]) -> str:
    """The alternation of words, the longer before its own beginning."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (word[0], -len(word), word))) + ")"


def _plain() -> list[str]:
    """What most tokens are, first for speed alone."""
    return [rf"[{_COMMON_LETTER}]++(?=[\s,;!?)\"”]|\Z)", r"[,;?!.)\"](?=\s|\Z)"]


def _addresses() -> list[str]:
    """URLs, e-mail addresses, host and file names; a stop or bracket at their end belongs to the sentence."""
    letter = f"[{_COMMON_LETTER}0-9_]"
    outside = r"\s<>\"“”()"
    path = rf"(?:\([^{outside}]*\)|[^{outside}])*(?:\([^{outside}]*\)|[^{outside}.,;:!?'’\]}}])"
    ending = rf"(?:(?i:{_any_of(LONG_ENDINGS)})|{_any_of(SHORT_ENDINGS)})"
    return [
        rf"[hHfFwW](?i:ttps?://|tp://|ww\.){path}",
        # Usenet archives hide the end of the local part behind three dots.
        rf"[A-Za-z0-9_+%](?:[A-Za-z0-9_+%-]|\.(?!\.)|\.\.\.){{0,63}}@{letter}[\w-]*+(?:\.{letter}[\w-]*+)*+",
        r"@[A-Za-z]\w*+(?:\.\w++)++",
        rf"{letter}++(?:[-.]{letter}++){{0,8}}?\.{ending}(?!\w)(?:/{path})?",
        rf"{_any_of(NEWSGROUPS)}(?:\.[a-z]++(?:-[a-z]++)?)++",
        r"[a-z]++(?:\.[a-z]++){2,}(?!\w)",
    ]


def _contractions() -> list[str]:
    """Clitics, and the word before ``n't``."""
    return [
        rf"(?<=[^\s\"'(\[{{“‘«-]){_APOSTROPHE}{_CLITIC}\b|(?<!\S){_APOSTROPHE}{_CLITIC}(?!\S)",
        rf"[A-Za-z]+?(?={_NOT})|{_NOT}",
        r"(?<!\w)['’](?:\d\ds?|(?i:em|til|tis|twas|bout))\b",
    ]


def _abbreviations() -> list[str]:
    """Acronyms with stops, initials, and short forms with a sign inside."""
    return [
        r"[^\W\d_](?:\.[^\W\d_])+(?!\w)(?:\.(?!\.\.))?|Ph\.D\b\.?",
        r"[A-HJ-ZÀ-ÖØ-ÞΑ-ΩЀ-Я]\.(?!\.)",
        r"[A-Z]{1,4}(?:&[A-Z]{1,4})+(?!\w)|[a-z]&[a-z](?!\w)",
        r"(?i:w/(?:o(?:ut)?(?!\w))?|(?:b/[ct]|n/a|[cl]/[co])(?!\w))",
    ]


def _numbers() -> list[str]:
    """Numbers cut from their units, telephone numbers and dates, decimals, times."""
    branches = [
        rf"\d++(?=(?:{_any_of(UNITS)}|[ap]\.m)(?!\w))",
        r"\+?\d{1,5}(?:[-/]\d{1,5}){2,}(?!\w)",
        r"(?:\d{3}/\d{3}|\d{1,3}|\d{5})-\d{4}(?![\w-])",
        r"\d++['’]s\b",
        r"\+?\d++(?:[.,:/]\d++)*(?!\w)",
        r"(?<![\w.])\.\d++(?!\w)",
    ]
    return [rf"(?=[\d+.])(?:{'|'.join(branches)})"]


def _signs() -> list[str]:
    """Faces made of punctuation, and runs of punctuation."""
    return [
        r"[:;=]['’^o-]?(?:[)(\]\[]++|[DPpO/\\|*])(?!\w)|<3+(?!\w)|\^_+\^|-_+-",
        r"[.?!…]{2,}+|[-=]{2,}+|[*~]{2,}+|_{2,}+|\+{2,}+|#{2,}+|<{2,}+|>{2,}+|\${2,}+|[—–]{2,}+",
        r"\\{2,}+|/{2,}+|''|‘’|’’|``",
        r"\S",
    ]


def _pattern(*, ascii_only: bool) -> str:
    """The expression; an earlier branch claims before a later one."""
    letter = "[A-Za-z0-9_]" if ascii_only else rf"[^\W{CJK}]"
    mark = rf"[{BASIC_MARKS}]|(?=[\U00010000-\U0010ffff])[{ASTRAL_MARKS}]"
    inner = rf"{_APOSTROPHE}(?!(?:{_CLITIC}|[tT])\b)(?=[^\W\d])"
    join = inner if ascii_only else f"{inner}|{mark}"
    first = rf"#(?=\w*[^\W\d_])\w++|@(?=\w)|(?<![\w-])(?i:{_any_of(PREFIXES)})-(?=\w)"
    emoji = rf"[{EMOJI}](?:[{SKIN_TONES}]|(?<=\u200d)[{EMOJI}]|{mark})*+"
    branches = [
        *_plain(),
        *([] if ascii_only else [rf"[{CJK}]", rf"[{REGIONAL_INDICATORS}]{{2}}", emoji]),
        *_addresses(),
        *_contractions(),
        *_abbreviations(),
        *_numbers(),
        rf"(?:{first}|(?={letter})){letter}*+(?:(?:{join}){letter}*+)*+",
        *_signs(),
    ]
    either = "|".join(branches)
    return either if ascii_only else f"(?:{either})(?:{mark})*+"


@lru_cache(maxsize=2)
def token_expression(*, ascii_only: bool) -> re.Pattern[str]:
    """The expression of a token, compiled at its first use, for compiling takes milliseconds.

    That for ASCII compiles and matches faster, and gives the same tokens on such text.
    """
    return re.compile(_pattern(ascii_only=ascii_only))
