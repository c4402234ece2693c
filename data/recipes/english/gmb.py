"""The silver labels of GMB, made more like those of the corpora that people annotated.

Nationalities and countries share the label ``gpe``; titles belong to names of persons; times include durations and
prepositions; and the same name has now this label and now that.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sources import surface, with_spans

from nertagger.text.document import Sentence, Span
from nertagger.text.schemes import read_spans

_TITLES = set(
    "mr. mrs. ms. dr. sir president vice prime minister minister. minster chancellor secretary senator general gen. "
    "colonel col. major lieutenant captain sergeant admiral brigadier king queen prince princess pope ayatollah "
    "justice judge mayor governor congressman congresswoman representative rep. sen. premier ambassador sheikh mullah "
    "foreign defense interior finance deputy former state attorney chief commander of presiding senior minority "
    "majority leader speaker us u.s.".split()
)
_OTHER_TITLES = ("Mr", "Mr", "Mr", "Mrs", "Mrs", "Mrs.", "Ms", "Miss", "Dr", "Dr.", "Prof.")
_HONORIFICS = set("mr mr. mrs mrs. ms ms. miss dr dr. prof. professor".split())
_FAITHS = set("sunni sunnis shi'ite shi'ites muslim muslims islamic islam christian christians jewish".split())
_TRIMMED = set(
    "since from of in on until till to the during over almost about 's that - \" ' and , by at for than each before "
    "after every around between up a an".split()
)
_CALENDAR = re.compile(
    r"(mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|(jan|feb|mar|apr|aug|sept?|oct|nov|dec)\.?|1[0-9]{3}|20[0-9]{2}|[0-9]{2,4}'?s|century|"
    r"today|yesterday|tomorrow|tonight|christmas|easter|ramadan|thanksgiving|summer|winter|spring|autumn",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"\w+(an|ese|i|lo|ic|[bkt]s?|[ndrs]s|is|sh|ch)")
_PEOPLES = set(
    "chechen chechens aussie aussies briton britons czechs dane danes filipino filipinos poles spaniard swedes "
    "argentine argentines kazakh kyrgyz lao mongol mongols philippine sikhs slovene slovenes yugoslav "
    "indo-bhutanese".split()
)
_COUNTRIES = set(
    "niger nepal jordan sudan spain poland senegal malta kyrgyzstan denmark gibraltar peru iran japan pakistan "
    "afghanistan azerbaijan kazakhstan uzbekistan tajikistan turkmenistan brunei haiti fiji mali burundi malawi "
    "djibouti egypt kuwait greenland finland iceland ireland scotland england switzerland netherlands philippines "
    "bahamas honduras maldives cyprus laos barbados seychelles bangladesh budapest bucharest bangkok".split()
)
_EVENTS = (
    "World Cup, World Series, Super Bowl, Olympics, Olympic Games, Winter Olympics, Summer Olympics, Grand Slam, "
    "Australian Open, French Open, U.S. Open, Wimbledon, Nobel Prize, Nobel Peace Prize"
).split(", ")
# Names whose silver label is wrong more often than right.
_KNOWN = {
    **dict.fromkeys(("U.N.", "UN", "A.U.", "AU"), "ORG"),
    **dict.fromkeys(("US", "UK", "West Bank", "Tehran", "Pyongyang", "Kabul", "Singapore", "Sri Lanka"), "LOC"),
    **dict.fromkeys(_EVENTS, "MISC"),
}


def clean(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences with labels PER, LOC, ORG, MISC and DATE; each name has its most frequent one."""
    spans = [[_cleaned(span, sentence) for span in read_spans(sentence.tags or ())] for sentence in sentences]
    known = [
        [part for span in found if span for part in _split(span, sentence)]
        for found, sentence in zip(spans, sentences, strict=True)
    ]
    labels = _majorities(sentences, known)
    return [
        with_spans(sentence, [_of_majority(span, sentence, labels) for span in found])
        for sentence, found in zip(sentences, known, strict=True)
    ]


def _cleaned(span: Span, sentence: Sentence) -> Span | None:
    if span.label == "PER":
        return _without(span, sentence, _TITLES)
    if span.label == "DATE":
        return _date(span, sentence)
    name = surface(sentence, span).lower()
    if name in _FAITHS or (span.label == "gpe" and not _is_country(name)):
        return span._replace(label="MISC")
    return span._replace(label="LOC") if span.label == "gpe" else span


def _split(span: Span, sentence: Sentence) -> list[Span]:
    """Return the country and the body of ``U.S. Senate``, as two entities, or the entity alone."""
    if span.label != "ORG" or len(sentence.words[span.first : span.stop]) < 2 or sentence.words[span.first] != "U.S.":
        return [span]
    return [Span("LOC", span.first, span.first + 1), span._replace(first=span.first + 1)]


def _is_country(name: str) -> bool:
    last = name.split()[-1]
    return name in _COUNTRIES or not (last in _PEOPLES or _ADJECTIVE.fullmatch(last))


def _without(span: Span, sentence: Sentence, words: set[str]) -> Span | None:
    """Return the entity without such words at its beginning; None if nothing remains."""
    first = span.first
    while first < span.stop and sentence.words[first].lower() in words:
        first += 1
    return span._replace(first=first) if first < span.stop else None


def _date(span: Span, sentence: Sentence) -> Span | None:
    """Return the time without prepositions around it; None unless something of a calendar is in it."""
    begun = _without(span, sentence, _TRIMMED)
    if begun is None:
        return None
    stop = begun.stop
    while sentence.words[stop - 1].lower() in _TRIMMED:
        stop -= 1
    words = sentence.words[begun.first : stop]
    return begun._replace(stop=stop) if any(map(_CALENDAR.fullmatch, words)) else None


def _majorities(sentences: Iterable[Sentence], spans: Iterable[Iterable[Span]]) -> Mapping[str, str]:
    """Return the label of each name that has one in at least two thirds of its occurrences, three or more."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sentence, found in zip(sentences, spans, strict=True):
        for span in found:
            counts[surface(sentence, span)][span.label] += 1
    best = {name: (*labels.most_common(1)[0], labels.total()) for name, labels in counts.items()}
    frequent = {name: label for name, (label, count, total) in best.items() if total >= 3 and 3 * count >= 2 * total}
    return frequent | _KNOWN


def without_honorifics(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences of any corpus with ``Mr`` and the like outside of the names of persons."""
    return [
        with_spans(
            sentence, [span for span in (_plain(span, sentence) for span in read_spans(sentence.tags or ())) if span]
        )
        for sentence in sentences
    ]


def _plain(span: Span, sentence: Sentence) -> Span | None:
    return _without(span, sentence, _HONORIFICS) if span.label == "PER" else span


def vary_titles(sentences: Sequence[Sentence], *, rng: random.Random) -> list[Sentence]:
    """Return the sentences, some of them with other titles than Mr. and Ms., which are nearly all that GMB has."""
    return [_with_other_titles(sentence, rng) for sentence in sentences]


def _with_other_titles(sentence: Sentence, rng: random.Random) -> Sentence:
    if {"Mr.", "Ms."}.isdisjoint(sentence.words) or rng.random() < 0.4:
        return sentence
    title = rng.choice(_OTHER_TITLES)
    words = tuple(title if word in {"Mr.", "Ms."} else word for word in sentence.words)
    return Sentence.from_words(words, tags=sentence.tags, source=sentence.source)


def _of_majority(span: Span, sentence: Sentence, labels: Mapping[str, str]) -> Span:
    return span._replace(label=labels.get(surface(sentence, span), span.label))
