"""The character classes against the Unicode database that Python carries."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from nertagger.text.tokenization.characters import (
    ASTRAL_MARKS,
    BASIC_MARKS,
    CJK,
    EMOJI,
    REGIONAL_INDICATORS,
    SKIN_TONES,
)

ALL_CHARACTERS = "".join(map(chr, range(sys.maxunicode + 1)))


def test_marks_are_the_combining_and_format_characters() -> None:
    held = set(re.findall(f"[{BASIC_MARKS}{ASTRAL_MARKS}]", ALL_CHARACTERS))
    expected = {c for c in ALL_CHARACTERS if unicodedata.category(c) in {"Mn", "Mc", "Me", "Cf"}} - {"\u200b"}
    assert expected <= held
    assert {unicodedata.category(c) for c in held - expected} <= {"Cn"}  # gaps of characters that do not exist
    assert not any(c.isspace() for c in held)


def test_marks_are_in_the_class_of_their_plane() -> None:
    assert not re.search(f"[{BASIC_MARKS}]", ALL_CHARACTERS[0x10000:])
    assert not re.search(f"[{ASTRAL_MARKS}]", ALL_CHARACTERS[:0x10000])


@pytest.mark.parametrize(
    "script", ["CJK UNIFIED", "CJK COMPAT", "HIRAGANA LETTER", "KATAKANA LETTER", "HANGUL", "BOPOMOFO"]
)
def test_cjk_has_the_letters_of_each_script(script: str) -> None:
    letters = [c for c in ALL_CHARACTERS if unicodedata.name(c, "").startswith(script) and c.isalpha()]
    assert letters
    assert not [c for c in letters if not re.match(f"[{CJK}]", c)]


@pytest.mark.parametrize("script", ["LATIN", "GREEK", "CYRILLIC", "ARABIC", "DEVANAGARI", "THAI", "HEBREW", "GEORGIAN"])
def test_cjk_has_no_letter_of_scripts_with_words(script: str) -> None:
    letters = [c for c in ALL_CHARACTERS if unicodedata.name(c, "").startswith(script + " ") and c.isalpha()]
    assert not re.findall(f"[{CJK}]", "".join(letters))


def test_skin_tones_and_regional_indicators_have_these_names() -> None:
    names = [unicodedata.name(c) for c in re.findall(f"[{SKIN_TONES}]", ALL_CHARACTERS)]
    assert len(names) == 5
    assert all(name.startswith("EMOJI MODIFIER FITZPATRICK") for name in names)
    names = [unicodedata.name(c) for c in re.findall(f"[{REGIONAL_INDICATORS}]", ALL_CHARACTERS)]
    assert names == [f"REGIONAL INDICATOR SYMBOL LETTER {chr(code)}" for code in range(ord("A"), ord("Z") + 1)]


def test_emoji_are_symbols_never_letters_of_scripts_or_white_space() -> None:
    categories = {unicodedata.category(c) for c in re.findall(f"[{EMOJI}]", ALL_CHARACTERS)} - {"Cn"}
    assert categories <= {"So", "Sm", "Sk", "Po", "Pd", "Ps", "Pe", "No", "Ll"}
    assert not re.search(f"[{EMOJI}]", "".join(c for c in ALL_CHARACTERS if c.isspace()))
