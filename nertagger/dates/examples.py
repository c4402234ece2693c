"""Many-to-many, Tx != Ty: dates as English writes them, and as ISO 8601 does ("the 3rd of May 2009", ``2009-05-03``).

What is no date, or no single one, has an empty target. Days that no month has are copied as they stand: whether a date
exists is not for a network to say.
"""

from __future__ import annotations

import random
import zlib

from nertagger.theory.names import examples as names
from nertagger.theory.reviews import examples as reviews

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_TENS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_TEENS = "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split()
ORDINALS = [*_TENS, *_TEENS, "twentieth", *(f"twenty-{one}" for one in _TENS[:9]), "thirtieth", "thirty-first"]
PIVOT = 69  # two digits from here on are of the 20th century, those below of the 21st (POSIX strptime)

_HELD_OUT = 10  # one date in so many is never trained on
_NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "ten", "twelve"]
_UNITS = ["days", "weeks", "months", "years", "decades"]
_VAGUE = "early late mid about around before after since circa spring summer autumn winter fiscal Easter".split()
_RELATIVE = "today yesterday tomorrow tonight now recently soon daily annually weekends holidays".split()


def examples(count: int, *, seed: int, held_out: bool = False) -> list[tuple[str, str]]:
    """Texts, and the dates that they mean, ``2009-05-03``, ``2009-05`` or ``2009``; or nothing.

    Args:
        count: how many.
        seed: the same one makes the same list.
        held_out: whether the dates are those that no list without it holds, in any form.

    >>> examples(3, seed=3)
    [('Thu., 1920, October 3', '1920-10-03'), ('1959-11-05', '1959-11-05'), ("the '90s", '')]
    """
    choose = random.Random(seed)
    made: list[tuple[str, str]] = []
    while len(made) < count:
        text, date = _example(choose)
        if not date or (zlib.crc32(date.encode()) % _HELD_OUT == 0) == held_out:
            made.append((text, date))
    return made


def _example(choose: random.Random) -> tuple[str, str]:
    kind = choose.random()
    year = _year(choose)
    if kind < 0.2:
        return _no_date(choose), ""
    if kind < 0.28:
        return _year_alone(year, choose), f"{year:04}"
    month = choose.randint(1, 12)
    if kind < 0.42:
        return _month_and_year(year, month, choose), f"{year:04}-{month:02}"
    day = choose.randint(1, 31)
    text = choose.choice((_day_first, _day_first, _month_first, _month_first, _year_first, _slashed))(
        year, month, day, choose
    )
    return _with_weekday(text, choose), f"{year:04}-{month:02}-{day:02}"


def _year(choose: random.Random) -> int:
    first, last = choose.choice([(1900, 2040), (1900, 2040), (1969, 2068), (1600, 2100), (1000, 2999)])
    return choose.randint(first, last)


def _month(number: int, choose: random.Random) -> str:
    name = MONTHS[number - 1]
    if choose.random() < 0.5:
        return name
    short = "Sept" if name == "September" and choose.random() < 0.4 else name[:3]
    return short + choose.choice(["", "."])


def _day(number: int, choose: random.Random) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    word = ORDINALS[number - 1].replace("-", choose.choice("- "))
    return choose.choice([str(number), str(number), f"{number:02}", f"{number}{ending}", f"{number}{ending}", word])


def _short_year(year: int, choose: random.Random) -> str:
    """The year, with two digits at times if these mean it."""
    if 1900 + PIVOT <= year < 2000 + PIVOT and choose.random() < 0.25:
        return f"{choose.choice(['', chr(39)])}{year % 100:02}"
    return str(year)


def _day_first(year: int, month: int, day: int, choose: random.Random) -> str:
    name, number, short = _month(month, choose), _day(day, choose), _short_year(year, choose)
    form = choose.randrange(6)
    if form == 0:
        mark = choose.choice("-/.")
        return f"{day}{mark}{name.rstrip('.')}{mark}{short.lstrip(chr(39))}"
    if form == 1:
        return f"the {number} of {name}{choose.choice([' ', ', ', ' of '])}{short}"
    if form == 2:
        return f"{choose.choice(['the ', ''])}{number} {choose.choice(['day of ', 'of ', ''])}{name}, {short}"
    return f"{number} {choose.choice(['of ', '', ''])}{name}{choose.choice([' ', ' ', ', '])}{short}"


def _month_first(year: int, month: int, day: int, choose: random.Random) -> str:
    name, number, short = _month(month, choose), _day(day, choose), _short_year(year, choose)
    return f"{name} {choose.choice(['the ', '', '', ''])}{number}{choose.choice([', ', ', ', ' '])}{short}"


def _year_first(year: int, month: int, day: int, choose: random.Random) -> str:
    form = choose.randrange(6)
    if form == 0:
        return f"{year}{choose.choice([' ', ', '])}{_month(month, choose)} {_day(day, choose)}"
    if form == 1:
        return f"{year}{month:02}{day:02}"
    mark = choose.choice("--/.")
    return f"{year}{mark}{month:02}{mark}{day:02}" if form < 5 else f"{year}{mark}{month}{mark}{day}"


def _slashed(year: int, month: int, day: int, choose: random.Random) -> str:
    """As in the United States, the month before the day."""
    short = _short_year(year, choose).lstrip("'")
    return f"{month}/{day}/{short}" if choose.random() < 0.5 else f"{month:02}/{day:02}/{short}"


def _with_weekday(text: str, choose: random.Random) -> str:
    if choose.random() < 0.75:
        return text
    name = choose.choice(WEEKDAYS)
    name = choose.choice([name, name, name[:3], name[:3] + "."])
    return f"{name}{choose.choice([', ', ', ', ' '])}{text}"


def _month_and_year(year: int, month: int, choose: random.Random) -> str:
    if choose.random() < 0.2:
        return choose.choice([f"{year}-{month:02}", f"{month:02}/{year}", f"{month}/{year}"])
    short = f"'{year % 100:02}" if len(_short_year(year, choose)) < 4 else str(year)
    return f"{_month(month, choose)}{choose.choice([' ', ' ', ' ', ', ', ' of '])}{short}"


def _year_alone(year: int, choose: random.Random) -> str:
    if 1900 + PIVOT <= year < 2000 + PIVOT and choose.random() < 0.1:
        return f"'{year % 100:02}"
    return choose.choice(["", "", "", "the year ", "year "]) + str(year)


def _no_date(choose: random.Random) -> str:
    """Times that are no date, or more than one; and texts that are no time at all."""
    year, month, day = _year(choose), _month(choose.randint(1, 12), choose), choose.randint(1, 28)
    number, later = choose.randint(1, 31), year + choose.randint(1, 9)
    forms = [
        *([_words(choose)] * 3),
        choose.choice(_RELATIVE),
        f"{choose.choice(['', 'last ', 'next ', 'this ', 'every '])}{choose.choice([*WEEKDAYS, *_UNITS])}".rstrip("s"),
        f"{choose.choice(['the past ', 'the next ', '', ''])}{choose.choice([*_NUMBER_WORDS, str(number)])} "
        f"{choose.choice(_UNITS)}{choose.choice([' ago', ' later', '', ''])}",
        f"{choose.choice(['the ', ''])}{choose.choice([str(year // 10 * 10), chr(39) + '90', '60'])}s",
        f"{choose.choice(['the ', ''])}{_day(choose.randint(5, 21), choose)} century",
        choose.choice(
            [f"{year}-{later}", f"{year}-{later % 100:02}", f"{year}/{later % 100:02}", f"{year} to {later}"]
        ),
        f"{year} and {later}",
        month,
        choose.choice([f"{month} {_day(day, choose)}", f"{_day(day, choose)} {month}", f"the {day}th of {month}"]),
        choose.choice([f"{month} {day}-{day + 2}, {year}", f"{day}-{day + 3} {month} {year}"]),
        f"{day} {month} {year} and {number} {_month(choose.randint(1, 12), choose)} {later}",
        f"{choose.choice(_VAGUE)}{choose.choice(' -')}{choose.choice([str(year), f'{month} {year}'])}",
        choose.choice([f"Q{day % 4 + 1} {year}", f"{year} season", f"{year} BC", f"{year} edition", f"room {year}"]),
        choose.choice([f"{day:02}.{day % 12 + 1:02}.{year}", f"{day:02}-{day % 12 + 1:02}-{year}"]),
        choose.choice([str(number), str(choose.randint(32, 999)), str(choose.randint(10**4, 10**6))]),
        f"{day % 12 + 1}{choose.choice([':30', ' p.m.', ' o' + chr(39) + 'clock', 'am'])}",
    ]
    return choose.choice(forms)


def _words(choose: random.Random) -> str:
    """A name, or some words of a sentence."""
    if choose.random() < 0.5:
        return names(1, seed=choose.randrange(10**6))[0][1]
    words = reviews(1, seed=choose.randrange(10**6))[0][0]
    return " ".join(words[: choose.randint(1, 5)])
