"""Normalization of dates to ISO 8601: accepted and rejected phrasings, and the accuracy on English dates."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nertagger
from nertagger.dates.normalizer import DateNormalizer, load_normalizer, normalize_entities
from nertagger.dates.text import bare_date, is_consistent, simplify
from nertagger.errors import DataError, ModelFileError
from nertagger.text.document import Document, Entity

ORDERS = {"": None, "day": True, "month": False}


class Phrasing(NamedTuple):
    """A text, its date or None, and the value of `day_first`."""

    text: str
    date: str | None
    day_first: bool | None


def _phrasings() -> list[Phrasing]:
    rows = Path(__file__).with_name("date_phrasings.tsv").read_text(encoding="utf-8").split("\n")
    cells = [(row + "\t\t").split("\t") for row in rows[:-1] if not row.startswith("#")]
    return [Phrasing(text, date or None, ORDERS[order]) for text, date, order, *_ in cells]


PHRASINGS = _phrasings()
TEXTS = [phrasing.text for phrasing in PHRASINGS if phrasing.day_first is None]
NO_DATE = [" ", "x" * 500, "😀", "0000", "3 May 123456789012345678901234567890", "\u0661\u0669\u0668\u0664", "3 \n May"]


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(DataError, match=r"^got None, expected a text"):
        nertagger.normalize_date(None)  # type: ignore[arg-type]


def test_there_are_enough_phrasings() -> None:
    assert len(PHRASINGS) >= 300
    assert 100 < sum(phrasing.date is not None for phrasing in PHRASINGS) < 200


@pytest.mark.parametrize("phrasing", PHRASINGS)
def test_dates_of_newspapers_courts_and_clinics(phrasing: Phrasing) -> None:
    assert nertagger.normalize_date(phrasing.text, day_first=phrasing.day_first) == phrasing.date


@pytest.mark.parametrize("text", NO_DATE)
def test_a_text_without_a_single_date_gives_none(text: str) -> None:
    assert nertagger.normalize_date(text) is None


def test_many_real_dates_written_by_the_standard_library() -> None:
    rng = np.random.default_rng(5)
    days = [datetime.date.fromordinal(int(n)) for n in rng.integers(693_000, 750_000, 400)]  # 1898 to 2054
    forms = ["%d %B %Y", "%B %d, %Y", "%d %b %Y", "%A, %d %B %Y", "%b. %d, %Y", "%m/%d/%Y", "%Y-%m-%d", "%A, %B %d, %Y"]
    texts = [day.strftime(forms[i % len(forms)]) for i, day in enumerate(days)]
    found = load_normalizer()(texts, day_first=False)
    wrong = [(text, got) for text, got, day in zip(texts, found, days, strict=True) if got != day.isoformat()]
    assert len(wrong) <= 8, wrong
    assert sum(got is not None for _, got in wrong) <= 2, wrong  # doubtful dates are rejected, not guessed


@given(st.text(max_size=60))
def test_the_year_of_a_date_is_in_the_text(text: str) -> None:
    date = nertagger.normalize_date(text)
    assert date is None or date[2:4] in text


def test_texts_in_a_batch_are_independent() -> None:
    texts = [*TEXTS, *NO_DATE]
    assert load_normalizer()(texts) == [load_normalizer()([text])[0] for text in texts]
    assert load_normalizer()([]) == []


def test_a_higher_min_probability_rejects_more_dates() -> None:
    normalizer = load_normalizer()
    dates, sure = normalizer(TEXTS), normalizer(TEXTS, min_probability=1.0)
    assert all(kept in (None, date) for kept, date in zip(sure, dates, strict=True))
    assert sum(date is None for date in sure) > sum(date is None for date in dates)
    assert all(0 < guess.probability <= 1 for guess in normalizer.guess(TEXTS))


def test_entities_of_a_document() -> None:
    text = "On May 3, 2009 and last week Anna spoke."
    entities = (Entity("DATE", 3, 14, text[3:14]), Entity("DATE", 19, 28, text[19:28]), Entity("PER", 29, 33, "Anna"))
    document = Document(text, (), entities)
    assert list(normalize_entities(document).values()) == ["2009-05-03", None]
    assert list(normalize_entities(document, label="PER").values()) == [None]


@pytest.mark.parametrize(
    ("iso", "text", "expected"),
    [
        ("2009-05-03", "3 may 09", True),
        ("2003-05-09", "3 may 09", False),
        ("2009-05-03", "3 may", False),
        ("2009-05-03", "may 2009", False),
        ("2009-05", "3 may 2009", False),
        ("2009-05-09", "may 2009", False),
        ("2009-05-03", "3 may 2008 or 2009", False),
        ("2009-05-10", "may 2009/10", False),
        ("2009-03-03", "3 2009", False),
        ("2009-13", "13 2009", False),
        ("2009-5-3", "3 5 2009", False),
        ("0000", "0000", False),
        ("", "", False),
        ("2009-05-03", "20090503", True),
        ("2009", "tuesday 2009", False),
        ("2009", "2009th", False),
    ],
)
def test_a_date_is_consistent_with_the_numbers_of_its_text(iso: str, text: str, *, expected: bool) -> None:
    assert is_consistent(iso, text) == expected


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Effective as of 3 May 2009, 5 p.m.", "3 may 2009"),
        ("this", "this"),
        ("in the month of May 2009", "may 2009"),
        ("03Sept1999 23:59:59", "03 sept 1999"),
        ("13-13-2009", "13/13/2009"),
        ("in", "in"),
    ],
)
def test_bare_dates(text: str, bare: str) -> None:
    assert bare_date(text) == bare


def test_simplify_maps_to_the_characters_of_the_network() -> None:
    assert simplify("May ’99 – ２０００") == "may '99 - 2000"


def test_an_invalid_graph_is_an_error() -> None:
    with pytest.raises(ModelFileError, match=r"dates\.onnx does not run"):
        DateNormalizer(b"nothing")
