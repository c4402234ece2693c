"""Dates as English writes them to ISO 8601: a small encoder-decoder whose answers must agree with the text.

The network comes with the package (``dates.onnx``, made by `nertagger.dates.training`). It reads characters and writes
a date symbol by symbol. Its answer counts if it is probable, if the calendar has it, and if it holds what the text
holds, no more and no less: each number and each month's name of the text is one part of the date, and every other word
is one that dates are written with.
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
from nertagger.text.document import Document, Entity

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 ,./-'"
DIGITS = "0123456789-"
FIRST_ID, UNKNOWN, END = 3, 2, 1  # ids of input and output symbols: 0 is padding, 1 the end, 2 any other character
LONGEST, STEPS = 48, 11  # characters that are read; symbols that are written, the end included

_IDS = {letter: number for number, letter in enumerate(LETTERS, start=FIRST_ID)}


class Guess(NamedTuple):
    """The network's answer to a text, a date or nothing, with its probability; not yet checked."""

    date: str
    probability: float


class DateNormalizer:
    """Runs the network of a graph as `training.dates` exports it; safe to share between threads."""

    def __init__(self, content: bytes) -> None:
        """Raises ModelFileError if the graph does not run."""
        self._content = content
        self._session = Session(ModelFile.in_memory({Member.DATES: content}, name=Member.DATES), Member.DATES)

    def __reduce__(self) -> tuple[type[Self], tuple[bytes]]:
        return type(self), (self._content,)

    def __call__(
        self, texts: Sequence[str], *, day_first: bool | None = None, min_probability: float = 0.5
    ) -> list[str | None]:
        """Each text's date, ``2009-05-03``, ``2009-05`` or ``2009``; None for what has no single one.

        Args:
            texts: of a date each, without other words around it.
            day_first: whether 3/5/2009 is the 3rd of May (True) or the 5th of March (False); None if that is not known.
            min_probability: answers of which the network is less sure are None too.
        """
        bare = [bare_date(text, day_first=day_first) for text in texts]
        return [
            guess.date if guess.probability >= min_probability and is_consistent(guess.date, text) else None
            for text, guess in zip(bare, self.guess(bare), strict=True)
        ]

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        """The network's answer to each text; an empty one to a text of more than 48 characters."""
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
        for column, said in zip(readable, probabilities.transpose(1, 0, 2), strict=True):
            guesses[column] = _said(said)
        return guesses


def normalize_date(text: str, *, day_first: bool | None = None, min_probability: float = 0.5) -> str | None:
    """The date that a text means, in ISO 8601, or None if it means no single one.

    Months may be names or their abbreviations, days ordinals in figures or words; weekdays and times of day are passed
    over. 00 to 68 are years of the 21st century, 69 to 99 of the 20th. Texts without a year have no date; nor have
    ranges, seasons, decades, and what is before, after, about, early or late.

    Args:
        text: the date, as an entity's text gives it.
        day_first: the order of day and month in dates such as 3/5/2009, which is None unless this is given. Dates that
            can be read in one order only, such as 25/12/2009, need no order.
        min_probability: answers of which the network is less sure are None too.

    >>> normalize_date("the 3rd of May 2009"), normalize_date("Sept. 1999"), normalize_date("last week")
    ('2009-05-03', '1999-09', None)
    >>> normalize_date("3/5/2009"), normalize_date("3/5/2009", day_first=True)
    (None, '2009-05-03')
    """
    return load_normalizer()([text], day_first=day_first, min_probability=min_probability)[0]


normalize = normalize_date
"""The former name of `normalize_date`."""


def normalize_entities(
    document: Document, *, label: str = "DATE", day_first: bool | None = None, min_probability: float = 0.5
) -> dict[Entity, str | None]:
    """The date of each of a document's entities of a label, or None; see `normalize_date`."""
    entities = [entity for entity in document.entities if entity.label == label]
    texts = [entity.text for entity in entities]
    dates = load_normalizer()(texts, day_first=day_first, min_probability=min_probability)
    return dict(zip(entities, dates, strict=True))


@cache
def load_normalizer() -> DateNormalizer:
    """The normalizer that comes with the package, opened when it is first asked for."""
    return DateNormalizer(files("nertagger.dates").joinpath(Member.DATES).read_bytes())


def _said(probabilities: np.ndarray) -> Guess:
    """The most probable symbols up to the end, from their probabilities (steps, V), and how probable they are."""
    symbols = probabilities.argmax(axis=1)
    ends: Iterable[int] = np.flatnonzero(symbols == END)
    stop = next(iter(ends), len(symbols))
    text = "".join(DIGITS[i - FIRST_ID] if i >= FIRST_ID else "?" for i in symbols[:stop])
    return Guess(text, float(np.prod(probabilities.max(axis=1)[: stop + 1])))
