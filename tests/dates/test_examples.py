"""Generated dates: the seed determines the list, and each text agrees with its date."""

from __future__ import annotations

import datetime
import re

import numpy as np

from nertagger.dates.examples import examples
from nertagger.dates.words import MONTHS


def test_the_seed_determines_the_examples() -> None:
    assert len(examples(50, seed=1)) == 50
    assert examples(50, seed=1) == examples(50, seed=1)
    assert examples(50, seed=1) != examples(50, seed=2)


def test_dates_are_iso_and_the_text_has_their_year() -> None:
    made = examples(5000, seed=0)
    for text, date in made:
        assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", date), text
        if date:
            assert date[:4] in text or date[2:4] in text, (text, date)
    assert 0.1 < np.mean([date == "" for _, date in made]) < 0.3


def test_iso_dates_and_month_names_are_parsed_by_the_standard_library() -> None:
    checked = 0
    for text, date in examples(5000, seed=1):
        match = re.fullmatch(r"([A-Z][a-z]+) (\d{1,2}), (\d{4})", text)
        if match and match[1] in MONTHS and len(date) == 10 and int(match[2]) <= 28:
            assert datetime.datetime.strptime(text, "%B %d, %Y").date().isoformat() == date
            checked += 1
    assert checked > 20


def test_held_out_dates_are_in_no_other_list() -> None:
    trained = {date for _, date in examples(5000, seed=0) if date}
    held_out = {date for _, date in examples(2000, seed=1, held_out=True) if date}
    assert trained.isdisjoint(held_out)
    assert len(held_out) > 300
