"""The made-up tasks: the same seed makes the same list, and each asks for what it says."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nertagger.dates import examples as dates
from nertagger.theory import agreement, kinds, names, reviews, symbols, teddy

MAKERS: dict[str, Any] = {
    "agreement": lambda count, seed: agreement.examples(count, seed=seed, distance=9),
    "dates": lambda count, seed: dates.examples(count, seed=seed),
    "kinds": lambda count, seed: kinds.examples(count, seed=seed),
    "names": lambda count, seed: names.examples(count, seed=seed),
    "reviews": lambda count, seed: reviews.examples(count, seed=seed),
    "teddy": lambda count, seed: teddy.examples(count, seed=seed),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_seed_decides(make: Any) -> None:
    assert len(make(50, 1)) == 50
    assert make(50, 1) == make(50, 1)
    assert make(50, 1) != make(50, 2)


@pytest.mark.parametrize("task", [agreement, reviews, teddy])
def test_every_word_has_an_id(task: Any) -> None:
    made = agreement.examples(300, seed=0, distance=12) if task is agreement else task.examples(300, seed=0)
    assert symbols.UNKNOWN not in task.arrays(made)[0]


@pytest.mark.parametrize("task", [kinds, reviews, names])
def test_classes_are_about_as_frequent_as_one_another(task: Any) -> None:
    made = task.examples(3000, seed=0)
    column = [pair[0] if task is names else pair[1] for pair in made]
    counts = np.bincount(column)
    assert counts.min() > 0.8 * counts.max()


def test_agreement_has_the_distance_and_nothing_but_the_subject_tells() -> None:
    made = agreement.examples(2000, seed=0, distance=11)
    assert {len(words) for words, _ in made} == {4 + 2 + 11}
    plurals = {words[5] for words, verb in made if agreement.VERBS[verb] == "were"}
    assert plurals.isdisjoint(words[5] for words, verb in made if agreement.VERBS[verb] == "was")
    for place in [*range(5), *range(6, 17)]:
        share: dict[str, list[int]] = defaultdict(list)
        for words, verb in made:
            share[words[place]].append(verb)
        assert all(0.3 < np.mean(verbs) < 0.7 for verbs in share.values() if len(verbs) > 50)


def test_teddy_is_only_told_by_what_follows() -> None:
    made = teddy.examples(3000, seed=0)
    before: dict[tuple[str, ...], set[int]] = defaultdict(set)
    after: dict[str, set[int]] = defaultdict(set)
    for words, tags in made:
        assert len(words) == len(tags)
        before[tuple(words[2 : teddy.AMBIGUOUS + 1])].add(tags[teddy.AMBIGUOUS])
        after[words[teddy.AMBIGUOUS + 1]].add(tags[teddy.AMBIGUOUS])
    assert all(tags == {0, 1} for tags in before.values())
    assert all(len(tags) == 1 for tags in after.values())


def test_names_are_of_their_kind_and_of_no_other() -> None:
    for kind, name in names.examples(500, seed=0):
        assert [names.is_of_kind(name, other) for other in range(3)] == [other == kind for other in range(3)]
        assert len(name) <= names.LONGEST
    assert not names.is_of_kind("ada Kernson", 0)
    assert not names.is_of_kind("Kern", 1)


def test_kinds_are_described_by_counts() -> None:
    np.testing.assert_array_equal(kinds.describe("Ab-12") * 4, [1, 1, 2, 1, 1])
    np.testing.assert_array_equal(kinds.describe("e") * 4, [0, 1, 0, 0, 0])


def test_dates_are_iso_and_the_text_has_their_year() -> None:
    made = dates.examples(5000, seed=0)
    for text, date in made:
        assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", date), text
        if date:
            assert date[:4] in text or date[2:4] in text, (text, date)
    assert 0.1 < np.mean([date == "" for _, date in made]) < 0.3


def test_iso_dates_and_month_names_are_read_back_by_the_standard_library() -> None:
    checked = 0
    for text, date in dates.examples(5000, seed=1):
        match = re.fullmatch(r"([A-Z][a-z]+) (\d{1,2}), (\d{4})", text)
        if match and match[1] in dates.MONTHS and len(date) == 10 and int(match[2]) <= 28:
            assert datetime.datetime.strptime(text, "%B %d, %Y").date().isoformat() == date
            checked += 1
    assert checked > 20


def test_held_out_dates_are_in_no_other_list() -> None:
    trained = {date for _, date in dates.examples(5000, seed=0) if date}
    held_out = {date for _, date in dates.examples(2000, seed=1, held_out=True) if date}
    assert trained.isdisjoint(held_out)
    assert len(held_out) > 300


def test_symbols_pad_end_and_know_what_they_do_not_know() -> None:
    letters = symbols.Symbols("abc")
    assert letters.encode(["abz", "", "c"], length=4).tolist() == [[3, 4, 2, 0], [0, 0, 0, 0], [5, 0, 0, 0]]
    assert letters.encode([], end=True).shape == (0, 1)
    assert letters.decode([4, 2, 3, 1, 3]) == ["b", "?", "a"]
    with pytest.raises(ValueError, match="got a sequence of 4 symbols, expected at most 3"):
        letters.encode(["abc"], end=True, length=3)
    words = symbols.Symbols(["the", "cat", "the"])
    assert [a < b for a, b in pairwise(words.id(w) for w in ("dog", "the", "cat"))] == [True, True]
