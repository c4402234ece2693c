"""The text of a date: its normal form for the network, and whether a predicted date agrees with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from nertagger.dates.words import MONTHS, ORDINALS, PIVOT, WEEKDAYS

_ABBREVIATED = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)} | {"sept": 9}
_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | _ABBREVIATED
_ORDINAL_NUMBERS = {word: number for number, word in enumerate(ORDINALS, 1)}
_WEEKDAYS = {*(name.lower() for name in WEEKDAYS), *(name[:3].lower() for name in WEEKDAYS), "tues", "thur", "thurs"}
_IGNORED = {"the", "of", "year"}

_PLAIN = str.maketrans(dict.fromkeys("‘’ʼ`", "'") | dict.fromkeys("‐‑–−", "-"))
_LEAD = re.compile(r"(?:(?:in|on|of|dated?:?|effective|as of|this|(?:the )?month of) (?=\S))+")
_TIME = re.compile(
    r"(?<=\d)t\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?$"
    r"|,? (?:at )?\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?$|,? (?:at )?\d{1,2} ?[ap]\.?m\.?$"
)
_JOINED = re.compile(rf"(\d{{1,2}})({'|'.join(_ABBREVIATED)})(\d{{4}}|\d\d)")
_ERA = re.compile(r"^a\.?d\.? | a\.?d\.?$")
_ORDINAL_WORD = re.compile(rf"\b(?:{'|'.join(sorted(ORDINALS, key=len, reverse=True)).replace('-', '[- ]')})\b")
_OLD_ORDINAL = re.compile(r"(?<=[23])d\b")  # 2d, 3d, 22d: American legal writing
_DAY_OF = re.compile(r"(?<=\d)(?:st|nd|rd|th)? day of\b")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d\d)|([/.-])(\d{1,2})\3(\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})/(?:(\d{1,2})/(\d{4}|\d\d)|(\d{4}))")
_EIGHT_FIGURES = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NAMED_MONTH = re.compile(r"(\d{1,2})([/.-])([a-z]{3,9})\2(\d{4}|\d\d)")
_WORD = re.compile(r"(?P<number>'?\d+)(?P<ordinal>st|nd|rd|th)?(?![\w'])|(?P<word>[a-z]+)\.?(?!\w)|[ ,]+|(?P<other>.)")


class _Part(NamedTuple):
    """A part of a date in words: its kind, and its figures or number."""

    kind: str  # number, ordinal, month, weekday, or other, which dates do not have
    text: str
    value: int = 0


def simplify(text: str) -> str:
    """Return the text in plain lower-case letters, with single spaces and none before a comma.

    >>> simplify("The 3rd  of\u00a0MAY , 2009")
    'the 3rd of may, 2009'
    """
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).lower()
    return re.sub(r" (?=[,.])", "", " ".join(plain.split()))


def bare_date(text: str, *, day_first: bool | None = None) -> str:
    """Return the text without words before the date and the time of day after it; empty if its order is unknown.

    >>> bare_date("on the 3rd of May 2009 at 2 p.m."), bare_date("03MAY2009"), bare_date("25.12.2009")
    ('the 3rd of may 2009', '03 may 2009', '12/25/2009')
    >>> bare_date("3/5/2009"), bare_date("3/5/2009", day_first=True), bare_date("this twenty-first day of May, 2009")
    ('', '5/3/2009', '21 may, 2009')
    """
    bare = _TIME.sub("", simplify(text)).strip(" ,.")
    bare = bare.removeprefix(lead[0]) if (lead := _LEAD.match(bare)) else bare
    if joined := _JOINED.fullmatch(bare):
        return " ".join(joined.groups())
    if figures := _DAY_MONTH_YEAR.fullmatch(bare):
        return _month_first(figures[1], figures[3], figures[4], day_first)
    figures_only = _ORDINAL_WORD.sub(lambda word: str(_ORDINAL_NUMBERS[word[0].replace(" ", "-")]), bare)
    return _DAY_OF.sub("", _OLD_ORDINAL.sub("", _ERA.sub("", figures_only)))


def is_consistent(iso: str, text: str) -> bool:
    """Return whether a date exists and has the same parts as a text.

    Args:
        iso: the date, ``2009-05-03``, ``2009-05`` or ``2009``.
        text: a result of `bare_date`.

    >>> is_consistent("2009-05-03", "3 may 2009"), is_consistent("2009-05", "3 may 2009")
    (True, False)
    >>> is_consistent("2009", "the end of 2009"), is_consistent("1984", "no. 1984"), is_consistent("2009-02", "2009")
    (False, False, False)
    """
    match = _ISO.fullmatch(iso)
    if match is None:
        return False
    year, *rest = (int(part) for part in match.groups() if part)
    try:
        date(year, *[*rest, 1, 1][:2])
    except ValueError:
        return False
    return (_of_figures(text) or _of_words(text)) == (year, *rest)


def _month_first(first: str, second: str, year: str, day_first: bool | None) -> str:
    """Return the date in figures with the month first; empty if both may be the month and `day_first` is None."""
    fits = int(first) <= 12, int(second) <= 12
    if fits == (True, True) and first != second:
        if day_first is None:
            return ""
        fits = (not day_first, day_first)
    return f"{first}/{second}/{year}" if fits[0] else f"{second}/{first}/{year}"


def _of_figures(text: str) -> tuple[int, ...] | None:
    """Return year, month and day, as many as there are, of a date in figures alone; None if it is not one."""
    if match := _YEAR_FIRST.fullmatch(text) or _EIGHT_FIGURES.fullmatch(text):
        year, *rest = (int(part) for part in match.groups() if part and part.isdigit())
        may_be_range = len(rest) == 1 and year % 100 < rest[0]  # 2009-10
        return None if may_be_range else (year, *rest)
    if match := _YEAR_LAST.fullmatch(text):
        month, day, short, year_text = match.groups()
        return _full_year(short or year_text), *(int(part) for part in (month, day) if part)
    return None


def _of_words(text: str) -> tuple[int, ...] | None:
    """Return year, month and day, as many as there are, of a date with words; None if it holds anything else."""
    if hyphenated := _NAMED_MONTH.fullmatch(text):
        text = " ".join(hyphenated.group(1, 3, 4))
    parts = list(_parts(text))
    months = [part.value for part in parts if part.kind == "month"]
    numbers = [part for part in parts if part.kind in ("number", "ordinal")]
    if any(part.kind == "other" for part in parts) or len(months) > 1 or not 1 <= len(numbers) <= 1 + len(months):
        return None
    years = [part for part in numbers if len(part.text) == 4] or numbers[-1:]
    if len(years) != 1 or not _may_be_year(years[0], alone=len(numbers) == 1):
        return None
    days = [part.value for part in numbers if part is not years[0]]
    if not _weekday_is_first(parts, days=days):
        return None
    return _full_year(years[0].text.lstrip("'")), *months, *days


def _parts(text: str) -> Iterator[_Part]:
    """Yield the parts of a text that matter for its date."""
    for match in _WORD.finditer(text):
        number, word = match["number"], match["word"]
        if number:
            value = int(number.lstrip("'")[:9])
            yield _Part("ordinal", "", value) if match["ordinal"] else _Part("number", number, value)
        elif word in _MONTH_NUMBERS:
            yield _Part("month", word, _MONTH_NUMBERS[word])
        elif word in _WEEKDAYS:
            yield _Part("weekday", word)
        elif match["other"] or (word and word not in _IGNORED):
            yield _Part("other", match[0])


def _weekday_is_first(parts: list[_Part], *, days: list[int]) -> bool:
    """Return whether any weekday precedes a day: the first Monday of May is not the first of May."""
    places = [place for place, part in enumerate(parts) if part.kind == "weekday"]
    return not places or (places == [0] and bool(days))


def _may_be_year(part: _Part, *, alone: bool) -> bool:
    """Return whether a number may be a year: it has four figures, or two with an apostrophe or after a day."""
    figures = part.text.lstrip("'")
    return len(figures) == 4 or (len(figures) == 2 and (not alone or part.text.startswith("'")))


def _full_year(figures: str) -> int:
    """Return the year of four or two figures.

    >>> _full_year("1984"), _full_year("84"), _full_year("09")
    (1984, 1984, 2009)
    """
    year = int(figures)
    if len(figures) == 4:
        return year
    return year + (1900 if year >= PIVOT else 2000)
