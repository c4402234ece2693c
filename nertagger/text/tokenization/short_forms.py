"""Short forms before a full stop in scripts without capitals, which would show where a sentence begins.

In Arabic, Hebrew, Georgian and the scripts of India and Ethiopia, a single letter (``د.``, ``ქ.``) or syllable
(``डॉ.``, ``பி.``) before a stop is an initial or a title, not the last word of a sentence, except some short verbs.
"""

from __future__ import annotations

import unicodedata

FIRST_CASELESS = "\u0590"
"""The first character of the scripts without capitals: no word before it is a short form."""

# Names of Latin letters and titles that have two syllables, in Devanagari.
_INDIC_FORMS = frozenset("एम ऎम एस ऎस एन ऎन ऎऩ एल ऎल आई आइ आर एफ ऎफ एच ऎच एक्स डब्ल्यू वाई वाय जेड तिरु".split())
# Words of one syllable that end sentences, mostly verbs of Hindi and Gujarati.
_INDIC_WORDS = frozenset("है हैं हूँ हूं था थी थे थीं हो छे छ छु दी दे दो ली ले लो जा आ ना".split())
_URDU_LETTERS = frozenset(
    "اے بی سی ڈی ای ایف جی ایچ آئی جے کے ایل ایم این او پی کیو آر ایس ٹی یو وی ڈبلیو ایکس وائی زیڈ".split()
)
_VIRAMA = 9  # the combining class of the signs that join two consonants
_CHILLUS = "ൺൻർൽൾൿ"  # consonants of Malayalam without a vowel, which close a syllable
_FIRST_INDIC, _LAST_INDIC, _INDIC_BLOCK = 0x900, 0xD7F, 0x80


def is_short_form(word: str) -> bool:
    """Return whether the word before a full stop is an initial, title or abbreviation in a script without capitals.

    >>> is_short_form("डॉ"), is_short_form("है"), is_short_form("د"), is_short_form("Dr")
    (True, False, True, False)
    """
    word = word.rpartition(".")[2]  # the last of several, such as ``ई.पू``
    first = word[:1]
    if "\u0e01" <= first <= "\u0e3a":
        return True  # Thai has the full stop only in abbreviations
    if not (FIRST_CASELESS <= first <= "\u10ff" or "\u1200" <= first <= "\u137f"):
        return False
    folded = _in_devanagari(word)
    return folded in _INDIC_FORMS or (_is_one_syllable(word) and folded not in _INDIC_WORDS)


def is_urdu_letter(word: str) -> bool:
    """Return whether the word is the Urdu name of a Latin letter, as in initials and acronyms."""
    return word in _URDU_LETTERS


def _in_devanagari(word: str) -> str:
    """Return a word of nine Indian scripts, whose blocks are parallel, in Devanagari and without a final virama."""
    codes = [
        _FIRST_INDIC + (code - _FIRST_INDIC) % _INDIC_BLOCK if _FIRST_INDIC <= code <= _LAST_INDIC else code
        for code in map(ord, word)
    ]
    return "".join(map(chr, codes)).removesuffix("\u094d")


def _is_one_syllable(word: str) -> bool:
    """Return whether the word is one letter with the marks and consonants that are joined to it."""
    joins = False
    for character in word[1:]:
        if unicodedata.category(character)[0] == "M":
            joins = unicodedata.combining(character) == _VIRAMA
        elif joins or character in _CHILLUS or character in "\u200c\u200d":
            joins = False
        else:
            return False
    return word[:1].isalpha()
