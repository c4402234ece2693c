"""Rows of tables and lists, with names of the training text: what running text does not show a tagger.

A template is words with names in braces: ``{PER}``, ``{PLACE}`` (a town), ``{COUNTRY}``, ``{ORG}``, ``{TEAM}`` (a
club, often called by its town), ``{DATE}``, and without a label ``{SPORT}``, ``{MAIL}`` (an e-mail address),
``{LINK}``; ``#`` is a number.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sources import surface

from nertagger.text.document import Sentence
from nertagger.text.schemes import read_spans

TEMPLATES = """
{PER}
By {PER}
{PER} in {PLACE}
{PLACE} {DATE}
{PLACE} , {COUNTRY} {DATE}
{PLACE} , {DATE} ( {ORG} ) -
{PLACE} ( {ORG} )
# . {PER} ( {COUNTRY} ) #
# . {PER} , {COUNTRY} , # points
{PER} ( {COUNTRY} ) beat {PER} ( {COUNTRY} ) #-# #-#
# - {PER} ( {COUNTRY} ) beat # - {PER} ( {COUNTRY} ) #-# #-# ( #-# )
{SPORT} - {COUNTRY} beat {COUNTRY} in {PLACE} .
{SPORT} - {TEAM} lose to {TEAM} #-# .
{SPORT} - {PER} wins in {PLACE} .
{SPORT} - {COUNTRY} first division results .
{SPORT} - standings after games in {PLACE} .
Results in {PLACE} on {DATE} :
-- {PER} , {PLACE} newsroom , #-#
-- {PLACE} newsroom +# # #
{PER} ( {TEAM} ) #
# {PER} ( {TEAM} ) , {PER} ( {TEAM} ) #
{PER} ( {COUNTRY} ) , {PER} ( {COUNTRY} ) , {PER} ( {COUNTRY} )
{COUNTRY} # {COUNTRY} #
{COUNTRY} # # # # # #
{COUNTRY} v {COUNTRY}
{TEAM} # {TEAM} #
{TEAM} # # # # # # #
{TEAM} # # .#
{TEAM} at {TEAM}
{TEAM} v {TEAM}
{TEAM} beat {TEAM} #-#
{TEAM} : {PER} , {PER} , {PER} , {PER}
{COUNTRY} : {PER} , {PER} , {PER} ( {PER} # )
{PER} b {PER} #
{PER} c {PER} b {PER} #
Scorers : {PER} ( # ) , {PER} ( # )
{ORG} # # +#
{ORG} - # -#
{ORG} , {PLACE}
{PER} , {ORG} , {PLACE}
{PER} | {ORG} | {PLACE} | {COUNTRY} | {DATE}
{PER} ; {DATE} ; {PLACE}
{DATE} {PLACE} - {PLACE} {ORG} #
* {PER} , chairman , {ORG}
- {PER} ( {ORG} )
* {ORG}
- {PLACE} , {COUNTRY}
Name : {PER}
Company : {ORG}
City : {PLACE}
Country : {COUNTRY}
Date : {DATE}
From : {PER} To : {PER} Date : {DATE}
Dear {PER} ,
Regards , {PER}
From : {PER} < {MAIL} >
To : {PER} < {MAIL} > , {PER} < {MAIL} >
E-mail : {MAIL}
{PER} , {MAIL} , {LINK}
{PER} , {ORG} , {MAIL} , +# # # , {PLACE}
{ORG} , {PLACE} , {LINK}
Contact {MAIL} or see {LINK} .
{PER} # Main Street {PLACE} {COUNTRY}
{ORG} # {PLACE}
"""
_CAPITALS, _LOWER = 0.3, 0.05  # fractions of rows in capitals, and without any
_TOWN_FOR_TEAM = 0.6
_SPORTS = "Soccer Football Rugby Cricket Tennis Golf Baseball Basketball Hockey Cycling Athletics Boxing Skiing".split()
_MONTHS = "January February March April May June July August September October November December".split()
_DOMAINS = (".com", ".com", ".org", ".net", ".co.uk", ".de", ".edu")
_SLOT = re.compile(r"\{(\w+)\}")
_LABELS = {"PER": "PER", "ORG": "ORG", "DATE": "DATE", "PLACE": "LOC", "COUNTRY": "LOC", "TEAM": "ORG"}
COUNTRIES = (
    """
Afghanistan, Albania, Algeria, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan, Bahrain, Bangladesh, Belarus,
Belgium, Bolivia, Bosnia, Botswana, Brazil, Britain, Bulgaria, Burundi, Cambodia, Cameroon, Canada, Chile, China,
Colombia, Congo, Costa Rica, Croatia, Cuba, Cyprus, Czech Republic, Denmark, Ecuador, Egypt, El Salvador, England,
Estonia, Ethiopia, Finland, France, Georgia, Germany, Ghana, Greece, Guatemala, Haiti, Honduras, Hong Kong, Hungary,
Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Ivory Coast, Jamaica, Japan, Jordan, Kazakhstan, Kenya,
Kuwait, Latvia, Lebanon, Liberia, Libya, Lithuania, Luxembourg, Macedonia, Malaysia, Mali, Malta, Mexico, Moldova,
Mongolia, Morocco, Mozambique, Namibia, Nepal, Netherlands, New Zealand, Nigeria, North Korea, Northern Ireland, Norway,
Oman, Pakistan, Panama, Paraguay, Peru, Philippines, Poland, Portugal, Qatar, Romania, Russia, Rwanda, Saudi Arabia,
Scotland, Senegal, Serbia, Singapore, Slovakia, Slovenia, Somalia, South Africa, South Korea, Spain, Sri Lanka, Sudan,
Sweden, Switzerland, Syria, Taiwan, Tanzania, Thailand, Tunisia, Turkey, U.S., USA, Uganda, Ukraine,
United Arab Emirates, United Kingdom, United States, Uruguay, Uzbekistan, Venezuela, Vietnam, Wales, West Indies, Yemen,
Zambia, Zimbabwe
""".replace("\n", " ")
    .strip()
    .split(", ")
)


@dataclass(frozen=True)
class Names:
    """Names of the training text, by slot."""

    first: Sequence[str]
    last: Sequence[str]
    places: Sequence[str]
    organizations: Sequence[str]

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> Names:
        """Return the capitalized names of annotated sentences."""
        counts: dict[str, Counter[str]] = {label: Counter() for label in ("PER", "LOC", "ORG", "MISC", "DATE")}
        for sentence in sentences:
            for span in read_spans(sentence.tags or ()):
                counts[span.label][surface(sentence, span)] += 1
        sure = {label: _unanimous(label, counts) for label in ("PER", "LOC", "ORG")}
        people = [name.split() for name in sure["PER"] if re.fullmatch(r"[A-Z][a-z]+ [A-Z][\w'-]+", name)]
        places = [name for name in sure["LOC"] if re.fullmatch(r"[A-Z][a-z]{3,}( [A-Z][a-z]+)?", name)]
        names = [name for name in sure["ORG"] if re.fullmatch(r"[A-Z][\w&.'-]+( [A-Z&][\w&.'-]*){0,3}", name)]
        first, last = zip(*people, strict=True)
        return cls(first, last, [place for place in places if place not in COUNTRIES], names)


def _unanimous(label: str, counts: Mapping[str, Counter[str]]) -> list[str]:
    """Return the names that have this label at least twice, and no other label."""
    others = set().union(*(names for other, names in counts.items() if other != label))
    return [name for name, count in counts[label].items() if count >= 2 and name not in others]


def rows(names: Names, count: int, *, rng: random.Random) -> Iterator[Sentence]:
    """Yield rows of random templates."""
    templates = TEMPLATES.strip().splitlines()
    for _ in range(count):
        words, tags = _filled(rng.choice(templates), names, rng)
        case = rng.random()
        if case < _CAPITALS:
            words = [word.upper() for word in words]
        elif case < _CAPITALS + _LOWER:
            words = [word.lower() for word in words]
        yield Sentence.from_words(tuple(words), tags=tuple(tags), source="tables")


def _filled(template: str, names: Names, rng: random.Random) -> tuple[list[str], list[str]]:
    words: list[str] = []
    tags: list[str] = []
    person_form = rng.random()  # all persons of a row are written alike
    for part in template.split():
        slot = _SLOT.fullmatch(part)
        name = _name(slot[1], names, rng, person_form).split() if slot else [re.sub("#", lambda _: _number(rng), part)]
        words += name
        label = _LABELS.get(slot[1]) if slot else None
        tags += [f"B-{label}", *[f"I-{label}"] * (len(name) - 1)] if label else ["O"]
    return words, tags


def _name(slot: str, names: Names, rng: random.Random, form: float) -> str:
    if slot == "PER":
        return _person(names, rng, form)
    if slot == "DATE":
        return _date(rng)
    if slot == "TEAM":
        return rng.choice(names.places if rng.random() < _TOWN_FOR_TEAM else names.organizations)
    if slot == "SPORT":
        return rng.choice(_SPORTS)
    if slot in ("MAIL", "LINK"):
        return _address(slot, names, rng)
    return rng.choice({"PLACE": names.places, "COUNTRY": COUNTRIES, "ORG": names.organizations}[slot])


def _person(names: Names, rng: random.Random, form: float) -> str:
    first, last = rng.choice(names.first), rng.choice(names.last)
    if form < 0.6:
        return f"{first} {last}"
    return f"{first[0]}. {last}" if form < 0.8 else last


def _address(slot: str, names: Names, rng: random.Random) -> str:
    domain = re.sub(r"[^a-z]+", rng.choice(("", "-")), rng.choice(names.organizations).lower()).strip("-") or "example"
    domain += rng.choice(_DOMAINS)
    if slot == "LINK":
        return rng.choice(("www.", "https://www.", "http://")) + domain
    first, last = rng.choice(names.first).lower(), rng.choice(names.last).lower()
    return rng.choice((f"{first}.{last}", f"{first}{rng.randint(1, 99)}", f"{first[0]}{last}", "info")) + f"@{domain}"


def _date(rng: random.Random) -> str:
    year, month, day = rng.randint(1950, 2030), rng.randrange(12), rng.randint(1, 28)
    forms = (
        f"{year}-{month + 1:02}-{day:02}",
        f"{_MONTHS[month]} {day}",
        f"{day} {_MONTHS[month]} {year}",
        f"{_MONTHS[month]} {day} , {year}",
        f"{day:02}/{month + 1:02}/{year}",
    )
    return rng.choice(forms)


def _number(rng: random.Random) -> str:
    whole = str(rng.randint(0, 10 ** rng.choice((1, 1, 2, 2, 2, 3))))
    return whole if rng.random() < 0.85 else f"{whole}{rng.choice('.:')}{rng.randint(0, 59):02}"
