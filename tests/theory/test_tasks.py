"""The synthetic tasks: the seed determines the examples, and each task depends on what it is meant to test."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from nertagger.features import sequences
from nertagger.theory import agreement, kinds, names, reviews, teddy

MAKERS: dict[str, Any] = {
    "agreement": lambda count, seed: agreement.examples(count, seed=seed, distance=9),
    "kinds": lambda count, seed: kinds.examples(count, seed=seed),
    "names": lambda count, seed: names.examples(count, seed=seed),
    "reviews": lambda count, seed: reviews.examples(count, seed=seed),
    "teddy": lambda count, seed: teddy.examples(count, seed=seed),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_seed_determines_the_examples(make: Any) -> None:
    assert len(make(50, 1)) == 50
    assert make(50, 1) == make(50, 1)
    assert make(50, 1) != make(50, 2)


@pytest.mark.parametrize("task", [agreement, reviews, teddy])
def test_every_word_has_an_id(task: Any) -> None:
    made = agreement.examples(300, seed=0, distance=12) if task is agreement else task.examples(300, seed=0)
    assert sequences.UNKNOWN not in task.arrays(made)[0]


@pytest.mark.parametrize("task", [kinds, reviews, names])
def test_classes_are_balanced(task: Any) -> None:
    made = task.examples(3000, seed=0)
    column = [pair[0] if task is names else pair[1] for pair in made]
    counts = np.bincount(column)
    assert counts.min() > 0.8 * counts.max()


def test_agreement_has_the_given_distance_and_depends_on_the_subject_alone() -> None:
    made = agreement.examples(2000, seed=0, distance=11)
    assert {len(words) for words, _ in made} == {4 + 2 + 11}
    plurals = {words[5] for words, verb in made if agreement.VERBS[verb] == "were"}
    assert plurals.isdisjoint(words[5] for words, verb in made if agreement.VERBS[verb] == "was")
    for place in [*range(5), *range(6, 17)]:
        verbs_of_word: dict[str, list[int]] = defaultdict(list)
        for words, verb in made:
            verbs_of_word[words[place]].append(verb)
        assert all(0.3 < np.mean(verbs) < 0.7 for verbs in verbs_of_word.values() if len(verbs) > 50)


def test_only_the_next_word_disambiguates_teddy() -> None:
    made = teddy.examples(3000, seed=0)
    before: dict[tuple[str, ...], set[int]] = defaultdict(set)
    after: dict[str, set[int]] = defaultdict(set)
    for words, tags in made:
        assert len(words) == len(tags)
        before[tuple(words[2 : teddy.AMBIGUOUS + 1])].add(tags[teddy.AMBIGUOUS])
        after[words[teddy.AMBIGUOUS + 1]].add(tags[teddy.AMBIGUOUS])
    assert all(tags == {0, 1} for tags in before.values())
    assert all(len(tags) == 1 for tags in after.values())


def test_each_name_is_of_one_kind_only() -> None:
    for kind, name in names.examples(500, seed=0):
        assert [names.is_of_kind(name, other) for other in range(3)] == [other == kind for other in range(3)]
        assert len(name) <= names.LONGEST
    assert not names.is_of_kind("ada Kernson", 0)
    assert not names.is_of_kind("Kern", 1)


def test_kinds_are_described_by_counts() -> None:
    np.testing.assert_array_equal(kinds.describe("Ab-12") * 4, [1, 1, 2, 1, 1])
    np.testing.assert_array_equal(kinds.describe("e") * 4, [0, 1, 0, 0, 0])
