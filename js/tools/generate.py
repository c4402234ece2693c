"""Write ``js/src/text/tables.js``: the expressions and word lists of the tokenizer and the sentence splitter.

They are those of ``nertagger.text.tokenization``, so that the JavaScript module has no second copy to maintain. Run it
after a change there: ``python js/tools/generate.py``.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from translate import escaped, spaces, translate

from nertagger.text.tokenization import lexicon, sentences, short_forms, tokenizer
from nertagger.text.tokenization.profiles import Profile

TABLES = Path(__file__).parents[1] / "src" / "text" / "tables.js"
_HEADER = (
    "// Written by js/tools/generate.py from nertagger/text/tokenization. Change that, and run the program again.\n"
)
_VIRAMA = 9  # the combining class of the signs that join two consonants


def tables() -> str:
    """Return the JavaScript module."""
    listed = {"UNICODE": unicodedata.unidata_version, **_expressions(), **_classes()}
    lines = [f"export const {name} = String.raw`{source}`;" for name, source in listed.items()]
    lines += [f"export const {name} = {_json(value)};" for name, value in {**_numbers(), **_words()}.items()]
    return _HEADER + "\n".join(lines) + "\n"


def _expressions() -> dict[str, str]:
    """Return the sources of expressions for the flag ``u``."""
    profiles = {f"{profile.upper()}_TOKEN": tokenizer._expression(profile, ascii_only=False) for profile in Profile}
    general = tokenizer._expression(Profile.GENERAL, ascii_only=True)
    return {
        **{name: translate(expression) for name, expression in profiles.items()},
        "ASCII_TOKEN": translate(general, ascii_only=True),
        "CANDIDATES": translate(sentences._unicode_candidates()),
        "ASCII_CANDIDATES": translate(sentences._ascii_candidates(), ascii_only=True),
        "BLANK_LINE": translate(sentences._BLANK_LINE),
        "LIST_ITEM": translate(sentences._LIST_ITEM),
        "ELLIPSIS": translate(sentences._ELLIPSIS),
        "WORD": translate(sentences._WORD),
    }


def _classes() -> dict[str, str]:
    """Return the insides of brackets."""
    strings = {
        "OPENERS": sentences._OPENERS,
        "COMMAS": sentences._COMMAS,
        "CASED_MARKS": sentences._CASED_MARKS,
        "CHILLUS": short_forms._CHILLUS,
    }
    return {
        "SPACES": spaces(),
        "LINE_BREAKS": _class_where(lambda character: bool(sentences.re.match(f"[{sentences._BREAK}]", character))),
        "DIGITS": _class_where(str.isdigit),
        "VIRAMAS": _class_where(lambda character: unicodedata.combining(character) == _VIRAMA),
        **{name: "".join(map(escaped, characters)) for name, characters in strings.items()},
    }


def _class_where(holds: Callable[[str], bool]) -> str:
    return "".join(escaped(character) for character in map(chr, range(sys.maxunicode + 1)) if holds(character))


def _numbers() -> dict[str, int]:
    return {
        "SHORTEST_WRAPPED": sentences._SHORTEST_WRAPPED,
        "LONGEST_WRAPPED": sentences._LONGEST_WRAPPED,
        "LONGEST_UNKNOWN_ABBREVIATION": sentences._LONGEST_UNKNOWN_ABBREVIATION,
        "LONGEST_ITEM_NUMBER": sentences._LONGEST_ITEM_NUMBER,
    }


def _words() -> dict[str, object]:
    """Return lists of words, and the fused words with the length of their first part."""
    lists: dict[str, Iterable[str]] = {
        "ALWAYS_FOLLOWED": lexicon.ALWAYS_FOLLOWED,
        "BEFORE_NUMBERS": lexicon.BEFORE_NUMBERS,
        "SENTENCE_OPENERS": lexicon.SENTENCE_OPENERS,
        "INDIC_FORMS": short_forms._INDIC_FORMS,
        "INDIC_WORDS": short_forms._INDIC_WORDS,
        "URDU_LETTERS": short_forms._URDU_LETTERS,
    }
    return {
        "FUSED_WORDS": sorted(lexicon.FUSED_WORDS.items()),
        **{name: sorted(words) for name, words in lists.items()},
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    TABLES.write_text(tables(), encoding="utf-8")
