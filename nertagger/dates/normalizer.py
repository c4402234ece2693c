"""English dates to ISO 8601, by a small encoder-decoder whose predictions must agree with the text.

The network comes with the package (``dates.onnx``, made by `nertagger.dates.training`). It reads characters and writes
a date symbol by symbol. A prediction is accepted if it is probable, if the date exists, and if it has the same parts as
the text: each number and each name of a month in the text is one part of the date, and every other word is one that
dates are written with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple, Self

import numpy as np

from nertagger.dates.text import bare_date, is_consistent, simplify
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import DatesGraph, Member
from nertagger.runtime.session import Session
from nertagger.text.arguments import check_text
from nertagger.text.document import Document, Entity

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 ,./-'"
DIGITS = "0123456789-"
FIRST_ID, UNKNOWN, END = 3, 2, 1  # ids of input and output symbols: 0 is padding, 1 the end, 2 any other character
LONGEST, STEPS = 48, 11  # characters of the input; symbols of the output, including the end

_IDS = {letter: number for number, letter in enumerate(LETTERS, start=FIRST_ID)}


class Guess(NamedTuple):
    """The date that the network predicts for a text, or nothing, and its probability; not yet checked."""

    date: str
    probability: float


class DateNormalizer:
    """Runs a graph made by `export_dates`; safe to share between threads."""

    def __init__(self, content: bytes) -> None:
        """Raises ModelFileError if the graph does not run."""
        self._content = content
        self._session = Session(ModelFile.in_memory({Member.DATES: content}, name=Member.DATES), Member.DATES)

    def __reduce__(self) -> tuple[type[Self], tuple[bytes]]:
        return type(self), (self._content,)

    def __call__(
        self, texts: Sequence[str], *, day_first: bool | None = None, min_probability: float = 0.5
    ) -> list[str | None]:
        """Return the date of each text, ``2009-05-03``, ``2009-05`` or ``2009``; None if it has no single one.

        Args:
            texts: one date each, without other words around it.
            day_first: whether 3/5/2009 is the 3rd of May (True) or the 5th of March (False); None if that is not known.
            min_probability: less probable predictions become None too.
        """
        bare = [bare_date(text, day_first=day_first) for text in texts]
        return [
            guess.date if guess.probability >= min_probability and is_consistent(guess.date, text) else None
            for text, guess in zip(bare, self.guess(bare), strict=True)
        ]

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        """Return the prediction for each text, an empty one for a text of more than 48 characters."""
        simple = [simplify(text) for text in texts]
        readable = [column for column, text in enumerate(simple) if 0 < len(text) <= LONGEST]
        guesses = [Guess("", 1.0)] * len(texts)
        if not readable:
            return guesses
        ids = np.zeros((LONGEST, len(readable)), np.int32)  # (T, B)
        for row, column in enumerate(readable):
            ids[: len(simple[column]), row] = [_IDS.get(letter, UNKNOWN) for letter in simple[column]]
        probabilities = self._session.run(
            {DatesGraph.SOURCE: ids, DatesGraph.LENGTHS: (ids != 0).sum(axis=0, dtype=np.int32)}
        )
        for column, steps in zip(readable, probabilities.transpose(1, 0, 2), strict=True):
            guesses[column] = _most_probable(steps)
        return guesses


def normalize_date(text: str, *, day_first: bool | None = None, min_probability: float = 0.5) -> str | None:
    """Return the date of a text in ISO 8601, or None if it does not have a single one.

    Months may be names or abbreviations, days ordinals in figures or words; weekdays and times of day are ignored. 00
    to 68 are years of the 21st century, 69 to 99 of the 20th. None is returned for texts without a year, for ranges,
    seasons and decades, and for times before, after, about, early in or late in a date.

    Args:
        text: the date, such as the text of an entity.
        day_first: the order of day and month in dates such as 3/5/2009, for which None is returned unless it is given.
            Dates with one possible order, such as 25/12/2009, do not need it.
        min_probability: less probable predictions become None too.

    Raises:
        DataError: if the text is not a string.

    >>> normalize_date("the 3rd of May 2009"), normalize_date("Sept. 1999"), normalize_date("last week")
    ('2009-05-03', '1999-09', None)
    >>> normalize_date("3/5/2009"), normalize_date("3/5/2009", day_first=True)
    (None, '2009-05-03')
    """
    check_text(text, remedy="such as the text of an entity")
    return load_normalizer()([text], day_first=day_first, min_probability=min_probability)[0]


normalize = normalize_date
"""The former name of `normalize_date`."""


def normalize_entities(
    document: Document, *, label: str = "DATE", day_first: bool | None = None, min_probability: float = 0.5
) -> dict[Entity, str | None]:
    """Return the date of each entity of a document with this label, or None; see `normalize_date`."""
    entities = [entity for entity in document.entities if entity.label == label]
    texts = [entity.text for entity in entities]
    dates = load_normalizer()(texts, day_first=day_first, min_probability=min_probability)
    return dict(zip(entities, dates, strict=True))


@cache
def load_normalizer() -> DateNormalizer:
    """Return the normalizer that comes with the package, loaded once."""
    return DateNormalizer(files("nertagger.dates").joinpath(Member.DATES).read_bytes())


def _most_probable(probabilities: np.ndarray) -> Guess:
    """Return the most probable symbols up to the end, from probabilities (steps, V), and their joint probability."""
    symbols = probabilities.argmax(axis=1)
    ends: Iterable[int] = np.flatnonzero(symbols == END)
    stop = next(iter(ends), len(symbols))
    text = "".join(DIGITS[i - FIRST_ID] if i >= FIRST_ID else "?" for i in symbols[:stop])
    return Guess(text, float(np.prod(probabilities.max(axis=1)[: stop + 1])))
