"""Dates to ISO 8601: what is read, what is refused, and that the network of the package knows English dates."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nertagger
from nertagger.errors import ModelFileError
from nertagger.runtime.dates import DateNormalizer, is_borne_out, load_normalizer, normalize_entities, simplify
from nertagger.text.document import Document, Entity

KNOWN = {
    "the 3rd of May 2009": "2009-05-03",
    "3 May 2009": "2009-05-03",
    "May 3, 2009": "2009-05-03",
    "May 3rd , 2009": "2009-05-03",
    "Sunday, 3 May 2009": "2009-05-03",
    "Sept. 1999": "1999-09",
    "October of 2012": "2012-10",
    "1984": "1984",
    "2009-05-03": "2009-05-03",
    "12/25/2010": "2010-12-25",
    "December 25 , 2010": "2010-12-25",
    "twenty-first of June 1987": "1987-06-21",
    "14 July 1789": "1789-07-14",
    "4\u00a0July\u00a01776": "1776-07-04",
    "JULY 4, 1776": "1776-07-04",
}
NO_DATE = [
    "",
    " ",
    "last week",
    "Tuesday",
    "the 1990s",
    "May 3",
    "1999-2003",
    "three years",
    "Barack Obama",
    "29 February 2009",
    "31 April 2001",
    "x" * 500,
    "😀",
]


@pytest.mark.parametrize(("text", "date"), KNOWN.items())
def test_english_dates(text: str, date: str) -> None:
    assert nertagger.normalize(text) == date


@pytest.mark.parametrize("text", NO_DATE)
def test_what_is_no_single_date_is_none(text: str) -> None:
    assert nertagger.normalize(text) is None


def test_many_real_dates_written_by_the_standard_library() -> None:
    generator = np.random.default_rng(5)
    days = [datetime.date.fromordinal(int(n)) for n in generator.integers(693_000, 750_000, 400)]  # 1898 to 2054
    forms = ["%d %B %Y", "%B %d, %Y", "%d %b %Y", "%A, %d %B %Y", "%b. %d, %Y", "%m/%d/%Y", "%Y-%m-%d", "%A, %B %d, %Y"]
    texts = [day.strftime(forms[i % len(forms)]) for i, day in enumerate(days)]
    found = load_normalizer()(texts)
    wrong = [(text, got) for text, got, day in zip(texts, found, days, strict=True) if got != day.isoformat()]
    assert len(wrong) <= 8, wrong
    assert sum(got is not None for _, got in wrong) <= 2, wrong  # doubtful ones are refused, not made up


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_that_it_bears_out(text: str) -> None:
    date = nertagger.normalize(text)
    assert date is None or is_borne_out(date, text)


def test_a_text_does_not_change_what_another_one_means() -> None:
    texts = [*KNOWN, *NO_DATE]
    assert load_normalizer()(texts) == [load_normalizer()([text])[0] for text in texts]
    assert load_normalizer()([]) == []


def test_more_is_refused_where_more_is_asked() -> None:
    normalizer = load_normalizer()
    texts = list(KNOWN)
    sure = normalizer(texts, min_probability=1.0)
    assert all(date in (None, KNOWN[text]) for text, date in zip(texts, sure, strict=True))
    assert sum(d is None for d in sure) >= sum(d is None for d in normalizer(texts))
    assert all(0 < guess.probability <= 1 for guess in normalizer.guess(texts))


def test_entities_of_a_document() -> None:
    text = "On May 3, 2009 and last week Anna spoke."
    entities = (Entity("DATE", 3, 14, text[3:14]), Entity("DATE", 19, 28, text[19:28]), Entity("PER", 29, 33, "Anna"))
    document = Document(text, (), entities)
    assert list(normalize_entities(document).values()) == ["2009-05-03", None]
    assert list(normalize_entities(document, label="PER").values()) == [None]


@pytest.mark.parametrize(
    ("iso", "text", "is_one"),
    [
        ("2009-05-03", "3 May 09", True),
        ("2009-05-03", "3 May", False),
        ("2009-05-03", "3 May 2008 or 2009", False),
        ("2009-13", "13 2009", False),
        ("2009-5-3", "3 5 2009", False),
        ("0000", "0000", False),
        ("", "", False),
        ("2009-05-03", "20090503", True),
    ],
)
def test_borne_out(iso: str, text: str, is_one: bool) -> None:
    assert is_borne_out(iso, text) == is_one


def test_simplify_leaves_what_the_network_knows() -> None:
    assert simplify("May ’99 – ２０００") == "may '99 - 2000"


def test_a_graph_that_does_not_run_is_an_error() -> None:
    with pytest.raises(ModelFileError, match=r"dates\.onnx does not run"):
        DateNormalizer(b"nothing")
