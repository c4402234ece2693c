"""Many-to-many, Tx != Ty: made-up dates in English and in ISO 8601 ("the 3rd of May 2009", ``2009-05-03``).

Text that is not a date, or not a single one, has an empty target. A day that the month does not have is copied as it
is: the network does not decide whether a date exists.
"""

from __future__ import annotations

import random
import zlib

from nertagger.dates.fillers import make_names, make_reviews
from nertagger.dates.words import MONTHS, ORDINALS, PIVOT, WEEKDAYS

_HELD_OUT = 10  # one in this many dates is held out from training
_NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "ten", "twelve"]
_UNITS = ["days", "weeks", "months", "years", "decades"]
_VAGUE = "early late mid about around before after since circa spring summer autumn winter fiscal Easter".split()
_RELATIVE = "today yesterday tomorrow tonight now recently soon daily annually weekends holidays".split()


def examples(count: int, *, seed: int, held_out: bool = False) -> list[tuple[str, str]]:
    """Return pairs of a text and its date, ``2009-05-03``, ``2009-05`` or ``2009``, or an empty string for none.

    Args:
        count: how many pairs.
        seed: the same seed gives the same list.
        held_out: whether to take the dates that lists for training leave out in every form.

    >>> examples(3, seed=3)
    [('Thu., 1920, October 3', '1920-10-03'), ('1959-11-05', '1959-11-05'), ("the '90s", '')]
    """
    rng = random.Random(seed)
    made: list[tuple[str, str]] = []
    while len(made) < count:
        text, date = _example(rng)
        if not date or (zlib.crc32(date.encode()) % _HELD_OUT == 0) == held_out:
            made.append((text, date))
    return made


def _example(rng: random.Random) -> tuple[str, str]:
    kind = rng.random()
    year = _year(rng)
    if kind < 0.2:
        return _no_date(rng), ""
    if kind < 0.28:
        return _year_alone(year, rng), f"{year:04}"
    month = rng.randint(1, 12)
    if kind < 0.42:
        return _month_and_year(year, month, rng), f"{year:04}-{month:02}"
    day = rng.randint(1, 31)
    text = rng.choice((_day_first, _day_first, _month_first, _month_first, _year_first, _slashed))(
        year, month, day, rng
    )
    return _with_weekday(text, rng), f"{year:04}-{month:02}-{day:02}"


def _year(rng: random.Random) -> int:
    first, last = rng.choice([(1900, 2040), (1900, 2040), (1969, 2068), (1600, 2100), (1000, 2999)])
    return rng.randint(first, last)


def _month(number: int, rng: random.Random) -> str:
    name = MONTHS[number - 1]
    if rng.random() < 0.5:
        return name
    short = "Sept" if name == "September" and rng.random() < 0.4 else name[:3]
    return short + rng.choice(["", "."])


def _day(number: int, rng: random.Random) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    word = ORDINALS[number - 1].replace("-", rng.choice("- "))
    return rng.choice([str(number), str(number), f"{number:02}", f"{number}{ending}", f"{number}{ending}", word])


def _short_year(year: int, rng: random.Random) -> str:
    """Return the year, sometimes with two digits if these are unambiguous."""
    if 1900 + PIVOT <= year < 2000 + PIVOT and rng.random() < 0.25:
        return f"{rng.choice(['', chr(39)])}{year % 100:02}"
    return str(year)


def _day_first(year: int, month: int, day: int, rng: random.Random) -> str:
    name, number, short = _month(month, rng), _day(day, rng), _short_year(year, rng)
    form = rng.randrange(6)
    if form == 0:
        mark = rng.choice("-/.")
        return f"{day}{mark}{name.rstrip('.')}{mark}{short.lstrip(chr(39))}"
    if form == 1:
        return f"the {number} of {name}{rng.choice([' ', ', ', ' of '])}{short}"
    if form == 2:
        return f"{rng.choice(['the ', ''])}{number} {rng.choice(['day of ', 'of ', ''])}{name}, {short}"
    return f"{number} {rng.choice(['of ', '', ''])}{name}{rng.choice([' ', ' ', ', '])}{short}"


def _month_first(year: int, month: int, day: int, rng: random.Random) -> str:
    name, number, short = _month(month, rng), _day(day, rng), _short_year(year, rng)
    return f"{name} {rng.choice(['the ', '', '', ''])}{number}{rng.choice([', ', ', ', ' '])}{short}"


def _year_first(year: int, month: int, day: int, rng: random.Random) -> str:
    form = rng.randrange(6)
    if form == 0:
        return f"{year}{rng.choice([' ', ', '])}{_month(month, rng)} {_day(day, rng)}"
    if form == 1:
        return f"{year}{month:02}{day:02}"
    mark = rng.choice("--/.")
    return f"{year}{mark}{month:02}{mark}{day:02}" if form < 5 else f"{year}{mark}{month}{mark}{day}"


def _slashed(year: int, month: int, day: int, rng: random.Random) -> str:
    """Return the date as in the United States, the month before the day."""
    short = _short_year(year, rng).lstrip("'")
    return f"{month}/{day}/{short}" if rng.random() < 0.5 else f"{month:02}/{day:02}/{short}"


def _with_weekday(text: str, rng: random.Random) -> str:
    if rng.random() < 0.75:
        return text
    name = rng.choice(WEEKDAYS)
    name = rng.choice([name, name, name[:3], name[:3] + "."])
    return f"{name}{rng.choice([', ', ', ', ' '])}{text}"


def _month_and_year(year: int, month: int, rng: random.Random) -> str:
    if rng.random() < 0.2:
        return rng.choice([f"{year}-{month:02}", f"{month:02}/{year}", f"{month}/{year}"])
    short = f"'{year % 100:02}" if len(_short_year(year, rng)) < 4 else str(year)
    return f"{_month(month, rng)}{rng.choice([' ', ' ', ' ', ', ', ' of '])}{short}"


def _year_alone(year: int, rng: random.Random) -> str:
    if 1900 + PIVOT <= year < 2000 + PIVOT and rng.random() < 0.1:
        return f"'{year % 100:02}"
    return rng.choice(["", "", "", "the year ", "year "]) + str(year)


def _no_date(rng: random.Random) -> str:
    """Return a time that is not a single date, or a text that is not a time."""
    year, month, day = _year(rng), _month(rng.randint(1, 12), rng), rng.randint(1, 28)
    number, later = rng.randint(1, 31), year + rng.randint(1, 9)
    forms = [
        *([_words(rng)] * 3),
        rng.choice(_RELATIVE),
        f"{rng.choice(['', 'last ', 'next ', 'this ', 'every '])}{rng.choice([*WEEKDAYS, *_UNITS])}".rstrip("s"),
        f"{rng.choice(['the past ', 'the next ', '', ''])}{rng.choice([*_NUMBER_WORDS, str(number)])} "
        f"{rng.choice(_UNITS)}{rng.choice([' ago', ' later', '', ''])}",
        f"{rng.choice(['the ', ''])}{rng.choice([str(year // 10 * 10), chr(39) + '90', '60'])}s",
        f"{rng.choice(['the ', ''])}{_day(rng.randint(5, 21), rng)} century",
        rng.choice([f"{year}-{later}", f"{year}-{later % 100:02}", f"{year}/{later % 100:02}", f"{year} to {later}"]),
        f"{year} and {later}",
        month,
        rng.choice([f"{month} {_day(day, rng)}", f"{_day(day, rng)} {month}", f"the {day}th of {month}"]),
        rng.choice([f"{month} {day}-{day + 2}, {year}", f"{day}-{day + 3} {month} {year}"]),
        f"{day} {month} {year} and {number} {_month(rng.randint(1, 12), rng)} {later}",
        f"{rng.choice(_VAGUE)}{rng.choice(' -')}{rng.choice([str(year), f'{month} {year}'])}",
        rng.choice([f"Q{day % 4 + 1} {year}", f"{year} season", f"{year} BC", f"{year} edition", f"room {year}"]),
        rng.choice([f"{day:02}.{day % 12 + 1:02}.{year}", f"{day:02}-{day % 12 + 1:02}-{year}"]),
        rng.choice([str(number), str(rng.randint(32, 999)), str(rng.randint(10**4, 10**6))]),
        f"{day % 12 + 1}{rng.choice([':30', ' p.m.', ' o' + chr(39) + 'clock', 'am'])}",
    ]
    return rng.choice(forms)


def _words(rng: random.Random) -> str:
    """Return a name, or the first words of a sentence."""
    if rng.random() < 0.5:
        return make_names(1, seed=rng.randrange(10**6))[0][1]
    words = make_reviews(1, seed=rng.randrange(10**6))[0][0]
    return " ".join(words[: rng.randint(1, 5)])
