"""Checks of the characters in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.checks.reading import CheckedFile
from nertagger.text.in_memory import BLANK_TOKEN

LONG_WORD = 100

_CONTROL = Kind.warning("control-character", "control characters in words", "remove them; they are invisible")
_ZERO_WIDTH = Kind.warning(
    "zero-width", "invisible characters in words, which make them different words", "remove them"
)
_UNNORMALIZED = Kind.warning(
    "unnormalised",
    "words that are not in Unicode normalization form NFC",
    "normalize all text the same way: unicodedata.normalize('NFC', ...)",
)
_ODD_SPACE = Kind.warning(
    "odd-space", "white space other than a space inside words", "replace it, or split the word there"
)
_EDGE_SPACE = Kind.warning("space-at-edge", "words with a leading or trailing space", "strip them")
_INNER_SPACE = Kind.note("space-inside", "words with a space inside", "check whether they are two words")
_REPLACED = Kind.warning(
    "replacement-character",
    "words with U+FFFD, which replaces lost characters",
    "decode the source again in its own encoding",
)
_MOJIBAKE = Kind.warning("mojibake", "words decoded in the wrong encoding", "decode the source again as UTF-8")
_ESCAPED = Kind.warning("html-entity", "words with HTML character references", "unescape the text before tokenizing it")
_LONG = Kind.warning(
    "long-word", f"words of more than {LONG_WORD} characters that are not URLs", "check whether a separator is missing"
)

# UTF-8 decoded as cp1252 or latin-1: a lead byte becomes a letter, continuation bytes become symbols.
_WRONGLY_DECODED = re.compile("[\u00c3\u00c2][\u0080-\u00bf]|\u00e2[\u20ac\u0080][\u0080-\u2122]")
_ESCAPE = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos|nbsp);")
_CONTROL_CODE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Joiners are legitimate, as emoji and many scripts need them; the other invisible characters are not.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

_TESTS: tuple[tuple[Kind, Callable[[str], object]], ...] = (
    (_CONTROL, _CONTROL_CODE.search),
    (_ZERO_WIDTH, _INVISIBLE.search),
    (_UNNORMALIZED, lambda word: not unicodedata.is_normalized("NFC", word)),
    (_EDGE_SPACE, lambda word: word != word.strip(" ")),
    (_INNER_SPACE, lambda word: " " in word.strip(" ")),
    (_ODD_SPACE, lambda word: any(c.isspace() and c != " " for c in word)),
    (_REPLACED, lambda word: "\ufffd" in word and word != BLANK_TOKEN),
    (_MOJIBAKE, _WRONGLY_DECODED.search),
    (_ESCAPED, _ESCAPE.search),
    (_LONG, lambda word: len(word) > LONG_WORD and "://" not in word),
)


def check_characters(file: CheckedFile, findings: Findings) -> None:
    """Check every word of a file."""
    kinds: dict[str, list[Kind]] = {}
    for sentence in file.sentences:
        for position, word in enumerate(sentence.words):
            if word not in kinds:
                kinds[word] = [kind for kind, test in _TESTS if test(word)]
            for kind in kinds[word]:
                findings.add(kind, file.name, file.line(sentence, position), ascii(word)[1:-1][:80])
