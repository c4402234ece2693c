"""Dates as English writes them to ISO 8601: a small encoder-decoder, and what its answers must stand up to.

The network comes with the package (``dates.onnx``, made by `nertagger.training.dates`). It reads characters and says a
date symbol by symbol. An answer counts if it is probable, if the calendar has it, and if each number of the text has
its place in it: a network may be sure and wrong, but a year that it read nowhere is no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nertagger.runtime.model_file import ModelFile
from nertagger.runtime.session import Session
from nertagger.text.document import Document, Entity

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 ,./-'"
DIGITS = "0123456789-"
FIRST_ID, UNKNOWN, END = 3, 2, 1  # ids of what is read and said: 0 is padding, 1 the end, 2 any other character
LONGEST, STEPS = 48, 11  # characters that are read; symbols that are said, the end included
MEMBER = "dates.onnx"

_IDS = {letter: number for number, letter in enumerate(LETTERS, start=FIRST_ID)}
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_PLAIN = str.maketrans(dict.fromkeys("‘’ʼ`", "'") | dict.fromkeys("‐‑–−", "-"))


class Guess(NamedTuple):
    """What the network makes of a text: a date, or nothing, and how probable that is; not yet checked."""

    date: str
    probability: float


class DateNormalizer:
    """Runs the network of a graph as `training.dates` exports it; safe to share between threads."""

    def __init__(self, content: bytes) -> None:
        """Raises ModelFileError if the graph does not run."""
        self._session = Session(ModelFile(Path(MEMBER), "", {}, {MEMBER: memoryview(content)}), MEMBER)

    def __call__(self, texts: Sequence[str], *, min_probability: float = 0.5) -> list[str | None]:
        """Each text's date, ``2009-05-03``, ``2009-05`` or ``2009``; None for what has no single one.

        Args:
            texts: of a date each, without words around it.
            min_probability: what the network is less sure of is None too.
        """
        guesses = self.guess(texts)
        return [
            guess.date if guess.probability >= min_probability and is_borne_out(guess.date, text) else None
            for text, guess in zip(texts, guesses, strict=True)
        ]

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        """What the network says of each text; of one longer than 48 characters, nothing."""
        simple = [simplify(text) for text in texts]
        readable = [column for column, text in enumerate(simple) if 0 < len(text) <= LONGEST]
        guesses = [Guess("", 1.0)] * len(texts)
        if not readable:
            return guesses
        ids = np.zeros((LONGEST, len(readable)), np.int32)  # (T, B)
        for row, column in enumerate(readable):
            ids[: len(simple[column]), row] = [_IDS.get(letter, UNKNOWN) for letter in simple[column]]
        probabilities = self._session.run({"source": ids, "lengths": (ids != 0).sum(axis=0, dtype=np.int32)})
        for column, said in zip(readable, probabilities.transpose(1, 0, 2), strict=True):
            guesses[column] = _said(said)
        return guesses


def normalize(text: str, *, min_probability: float = 0.5) -> str | None:
    """The date that a text means, in ISO 8601, or None if it means no single one.

    Months may be names or their abbreviations, days ordinals in figures or words; weekdays are not looked at. Slashes
    mean month/day/year, as in the United States; 00 to 68 are years of the 21st century, 69 to 99 of the 20th. What
    lacks a year is no date; nor are ranges, seasons and the like.

    >>> normalize("the 3rd of May 2009"), normalize("Sept. 1999"), normalize("last week")
    ('2009-05-03', '1999-09', None)
    """
    return load_normalizer()([text], min_probability=min_probability)[0]


def normalize_entities(
    document: Document, *, label: str = "DATE", min_probability: float = 0.5
) -> dict[Entity, str | None]:
    """The date that each of a document's entities of a label means, or None; see `normalize`."""
    entities = [entity for entity in document.entities if entity.label == label]
    dates = load_normalizer()([entity.text for entity in entities], min_probability=min_probability)
    return dict(zip(entities, dates, strict=True))


@cache
def load_normalizer() -> DateNormalizer:
    """The normalizer that comes with the package, opened when it is first asked for."""
    return DateNormalizer(files("nertagger.runtime").joinpath(MEMBER).read_bytes())


def simplify(text: str) -> str:
    """The text as the network reads it: plain letters in lower case, one space where there is any, none before a comma.

    >>> simplify("The 3rd  of\u00a0MAY , 2009")
    'the 3rd of may, 2009'
    """
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).lower()
    return re.sub(r" (?=[,.])", "", " ".join(plain.split()))


def is_borne_out(iso: str, text: str) -> bool:
    """Whether the calendar has the date, and each number of the text is a part of it, its year among them.

    >>> is_borne_out("2009-05-03", "3 May 2009"), is_borne_out("2009-05-03", "3-6 May 2009")
    (True, False)
    >>> is_borne_out("2009-02-29", "29/2/2009"), is_borne_out("2008", "May 2009")
    (False, False)
    """
    match = _ISO.fullmatch(iso)
    if match is None:
        return False
    year, *rest = (int(part) for part in match.groups() if part)
    month, day = [*rest, 1, 1][:2]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return _numbers(text) <= {year, year % 100, *rest} and bool(_numbers(text) & {year, year % 100})


def _numbers(text: str) -> set[int]:
    """The numbers in the figures of a text; eight figures are a year, a month and a day."""
    apart = re.sub(r"\b(\d{4})(\d\d)(\d\d)\b", r"\1 \2 \3", simplify(text))
    return {int(figures) for figures in re.findall(r"\d+", apart)}


def _said(probabilities: np.ndarray) -> Guess:
    """The most probable symbols up to the end, from their probabilities (steps, V), and how probable they are."""
    symbols = probabilities.argmax(axis=1)
    ends: Iterable[int] = np.flatnonzero(symbols == END)
    stop = next(iter(ends), len(symbols))
    text = "".join(DIGITS[i - FIRST_ID] if i >= FIRST_ID else "?" for i in symbols[:stop])
    return Guess(text, float(np.prod(probabilities.max(axis=1)[: stop + 1])))
