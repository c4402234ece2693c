"""Words of raw text, with exact character offsets, in one pass of one regular expression.

The conventions are those of the English Web Treebank: ``do n't``, ``Obama 's``, ``can not``, ``East - West`` but
``e-mail``, ``U.S.`` and ``Mr.`` whole, addresses and numbers whole. Two depart from it towards social media: a
``#hashtag`` and an ``@mention`` are one token each.

Every character that is not white space lies in exactly one token, because each branch of the expression takes at least
one such character and none takes white space, and the last branch takes any.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

from nertagger.text.characters import (
    ASTRAL_MARKS,
    BASIC_MARKS,
    CJK,
    EMOJI,
    REGIONAL_INDICATORS,
    SKIN_TONES,
)
from nertagger.text.document import Token

# Words that keep the full stop after them, in the writings they are met in; single letters and U.S. are rules, not words.
ABBREVIATIONS = frozenset(
    """
    Mr Mrs Ms Messrs Mme Mlle Dr Drs Prof St Sts Ste Ft Mt Sr Jr Esq Hon Rev Fr Msgr Gen Maj Capt Cpt Col Lt Cmdr Adm Sgt
    Cpl Pvt PVT Pfc Gov Sen Sens Rep Reps Pres Supt Det Insp Atty Amb
    Inc Corp Co Ltd LTD Bros Assn Dept Univ Inst Mfg Intl Natl
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
    Ave Blvd Rd Hwy Pkwy Apt Bldg Ste
    Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn
    Tex Va Vt Wash Wis Wyo Ont Que
    No Nos Vol Vols Ch Sec Fig Figs Eq Eqs Ed Eds Art Para pp Ref Refs Ph Conf Sc
    etc vs al et cf eg ie ca approx est esp incl excl ext attn Attn dept min mins sec secs hr hrs yr yrs
    lb lbs oz ft sq tel Tel Fax ps PS P.S viz resp
    """.split()
)

# Prefixes that the hyphen does not part from their word.
PREFIXES = (
    "e non pre anti mid re post co over pro multi ex sub semi neo socio counter intra inter micro macro mini un psycho"
    " ultra quasi pseudo bi tri uh meh".split()
)
# Endings of file and host names: after a dot within a word they tell a name from two sentences without a space.
ENDINGS = (
    "com|org|net|edu|gov|mil|int|info|biz|co|uk|us|ca|de|fr|jp|cn|ru|eu|au|io|ai|tv|me|ly|gl|nl|ch|es|br|"
    "html?|pdf|docx?|xlsx?|pptx?|txt|csv|jpe?g|gif|png|zip|gz|exe|py|js|json|xml|mp[34]|url"
)
UNITS = (
    "am|pm|a\\.m|p\\.m|hours?|hrs?|mins?|secs?|days?|weeks?|years?|yrs?|miles?|mm|cm|km|kg|lbs?|oz|ft|k|K|gb|GB|mb|MB|tb|TB|kb|KB|mph"
    "|MHz|GHz|Hz|px"
)


def _any_of(words: frozenset[str] | list[str]) -> str:
    """An alternation of words, told apart by their first letter, so that a miss costs little."""
    groups = groupby(sorted(words, key=lambda word: (word[0], -len(word), word)), key=lambda word: word[0])
    return "|".join(f"{first}(?:{'|'.join(re.escape(word[1:]) for word in group)})" for first, group in groups)


def _either_case(pattern: str) -> str:
    """The pattern with each letter in both cases; cheaper to match than a case-insensitive flag."""
    return re.sub(r"[a-z]", lambda letter: f"[{letter[0].upper()}{letter[0]}]", pattern)


def _pattern() -> str:
    """The expression of a token; the order of its branches is the order of their claims."""
    apostrophe = "['’`]"
    letter = rf"[^\W{CJK}]"  # letters, digits and underscores of the scripts that join them to words
    mark = rf"(?:(?=[^\x00-\xac])(?:[{BASIC_MARKS}]|(?=[\U00010000-\U0010ffff])[{ASTRAL_MARKS}]))"
    run = rf"(?:[A-Za-z0-9_]++|{letter}++|(?<={letter}){mark}++|(?<=\xad){mark}++)"
    word = rf"{letter}++(?:{mark}++{letter}*+)*+"
    clitic = _either_case(rf"{apostrophe}(?:s|m|d|re|ve|ll)(?!\w)")
    not_ = _either_case(rf"n{apostrophe}t(?!\w)")
    split_words = (
        "can(?=not(?!\\w))|(?:gon|wan)(?=na(?!\\w))|got(?=ta(?!\\w))|(?:lem|gim)(?=me(?!\\w))"
        "|(?:do|did|does|ca|wo|ai|is|was|would|could|should|have|has)(?=nt(?!\\w))|d(?=['’`]ye(?!\\w))"
    )
    del run
    emoji = rf"[{EMOJI}](?:[{SKIN_TONES}]|{mark})*+"
    branches = [
        # The commonest first: a plain word before white space or plain punctuation, and that punctuation.
        rf"(?:[cgwdlahis](?i:{'XX'}))" if False else _either_case(rf"(?<!\w)(?=[cgwdlahis])(?:{split_words})"),
        r"[A-Za-z]++(?=[\s,;!?)\]\"])(?!\s?\Z\B)",
        r",(?=\s)",
        # Addresses: a closing bracket or stop belongs to the sentence.
        r"(?:[Hh][Tt][Tt][Pp][Ss]?|[Ff][Tt][Pp])://[^\s<>\"“”]*[^\s<>\"“”.,;:!?'’)\]}]",
        r"[Ww][Ww][Ww]\.[^\s<>\"“”]*[^\s<>\"“”.,;:!?'’)\]}]",
        r"[\w+%](?:[\w+%-]|\.(?!\.\.)|\.\.\.){0,63}@\w[\w-]*+(?:\.\w[\w-]*+)*+",
        # Contractions.
        rf"{clitic}",
        rf"{not_}",
        _either_case(rf"[a-z]++(?<=n)(?={apostrophe}t(?!\w))") if False else rf"[A-Za-z]+?(?={not_})",
        # Abbreviations.
        rf"(?:[A-Za-z]\.){{2,}}+(?:[A-Za-z](?!\w))?",
        rf"(?:{_any_of(ABBREVIATIONS)})\.(?!\w)",
        r"[A-HJ-Z]\.(?!\w)",
        # Host and file names, numbers.
        rf"\w++(?:[-.]\w++){{0,8}}?\.(?:{_either_case(ENDINGS)})(?![\w])(?:\.\w++)*+",
        r"[a-z]++(?:\.[a-z]++)+(?![\w])",
        rf"\d++(?=(?:{UNITS})(?!\w))",
        r"\+?\d{1,4}(?:[-/]\d{2,5}){2,}(?!\w)",
        r"\d{1,5}-\d{4}(?![\w-])",
        r"[+]?\d++(?:[.,:/]\d++)*+(?:(?:['’]?[sS]|[sS][tT]|[nN][dD]|[rR][dD]|[tT][hH])(?!\w))?(?!\w)",
        r"\.\d++(?!\w)",
        # Words.
        rf"(?<!\w)(?:{_any_of([_either_case(p) for p in []] or PREFIXES)})-(?=[A-Za-z]){word}",
        rf"[DOLdol]['’](?!\w(?!\w))(?!ll\b|re\b|ve\b){word}",
        rf"[#@](?=\w*[^\W\d_]){word}",
        rf"[{REGIONAL_INDICATORS}]{{2}}",
        r"[0-9#*]\ufe0f?\u20e3",
        rf"{emoji}(?:(?<=\u200d){emoji})*+",
        rf"[{CJK}]",
        rf"{word}",
        # Faces, and runs of punctuation.
        r"[:;=]['o^-]?[)(\]\[DPp3/\\|*](?!\w)",
        r"[.?!]{2,}+",
        r"…++",
        r"-{2,}+|_{2,}+|={2,}+|\*{2,}+|\+{2,}+|~{2,}+|#{2,}+|<{2,}+|>{2,}+|\${2,}+|/{2,}+|\\{2,}+|—{2,}+|''|‘’|’’|``",
        r"\S",
    ]
    return rf"(?:{'|'.join(branches)}){mark}*+"


@lru_cache(maxsize=1)
def token_expression() -> re.Pattern[str]:
    """The compiled expression of a token, made at its first use, for compiling takes milliseconds."""
    return re.compile(_pattern())


def token_spans(text: str) -> list[tuple[int, int]]:
    """The half-open character spans of the tokens of `text`, in order.

    >>> token_spans("Obama's dog.")
    [(0, 5), (5, 7), (8, 11), (11, 12)]
    """
    return [match.span() for match in token_expression().finditer(text)]


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, in order; ``text[token.start:token.end] == token.text`` for each.

    >>> [token.text for token in tokenize("They don't visit the U.S. Army.")]
    ['They', 'do', "n't", 'visit', 'the', 'U.S.', 'Army', '.']
    """
    return [Token(match[0], *match.span()) for match in token_expression().finditer(text)]
