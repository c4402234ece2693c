"""Words that look like numbers, as spaCy's English pipeline defines them (spacy.lang.en.lex_attrs, MIT licence)."""

from __future__ import annotations

_CARDINALS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "quadrillion quintillion sextillion septillion octillion nonillion decillion gajillion bazillion".split()
)
_ORDINALS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth "
    "ninetieth hundredth thousandth millionth billionth trillionth quadrillionth quintillionth sextillionth "
    "septillionth octillionth nonillionth decillionth gajillionth bazillionth".split()
)


def like_num(word: str) -> bool:
    """Return whether a word is a number, a fraction, an ordinal, or an English word for one.

    >>> like_num("-1,000.5"), like_num("3/4"), like_num("21st"), like_num("ten"), like_num("tenor")
    (True, True, True, True, False)
    """
    if word.startswith(("+", "-", "±", "~")):
        word = word[1:]
    word = word.replace(",", "").replace(".", "")
    if word.isdigit():
        return True
    numerator, slash, denominator = word.partition("/")
    if slash and numerator.isdigit() and denominator.isdigit():
        return True
    lower = word.lower()
    is_word = lower in _CARDINALS or lower in _ORDINALS
    return is_word or (lower.endswith(("st", "nd", "rd", "th")) and lower[:-2].isdigit())
