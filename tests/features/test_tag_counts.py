"""Tag counts, and frequencies without the tokens of a batch, compared with counting one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.features import TagCounts
from nertagger.features.vocabulary import fold_digits

TAGS = ["O", "S-X", "B-X"]
TAG_IDS = {tag: number for number, tag in enumerate(TAGS)}
WORDS = [("The", "cat", "met", "Cat"), ("cat", "the", "2020"), ("1999",)]
GOLD = [("O", "S-X", "O", "B-X"), ("S-X", "O", "O"), ("S-X",)]

words_of = st.sampled_from(["a", "A", "b", "B", "7", "12", "89", "ß", "ẞ", "İ", "ΑΣ", "ας"])
corpora = st.lists(st.lists(st.tuples(words_of, st.sampled_from(TAGS)), min_size=1, max_size=5), min_size=1, max_size=6)


def counted_by_hand(tokens: list[tuple[str, str]], word: str) -> list[float]:
    borne = [tag for other, tag in tokens if fold_digits(other) == fold_digits(word)]
    return [borne.count(tag) / (len(borne) + 1) for tag in TAGS]


def test_words_that_differ_only_in_case_or_digits_are_one() -> None:
    counts = TagCounts.build(WORDS, GOLD, TAG_IDS)
    assert len(counts.index) == 4
    found = counts.frequencies(["CAT", "the", "0000", "met", "dog"])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [[0, 2 / 4, 1 / 4], [2 / 3, 0, 0], [1 / 3, 1 / 3, 0], [1 / 2, 0, 0], [0, 0, 0]])


def test_frequencies_of_no_words_are_empty() -> None:
    assert TagCounts.build(WORDS, GOLD, TAG_IDS).frequencies([]).shape == (0, 3)


def test_a_word_that_occurs_once_has_no_frequencies_in_its_own_batch() -> None:
    counts = TagCounts.build(WORDS, GOLD, TAG_IDS)
    found = counts.frequencies_elsewhere(counts.rows(["met"]), np.array([0]), np.array([TAG_IDS["O"]]))
    assert found.tolist() == [[0, 0, 0]]


@given(corpora)
@settings(max_examples=100)
def test_frequencies_are_those_of_counting(corpus: list[list[tuple[str, str]]]) -> None:
    counts = TagCounts.build(
        [[word for word, _ in row] for row in corpus], [[tag for _, tag in row] for row in corpus], TAG_IDS
    )
    tokens = [token for row in corpus for token in row]
    asked = sorted({word for word, _ in tokens} | {"unheard"})
    expected = [counted_by_hand(tokens, word) for word in asked]
    np.testing.assert_allclose(counts.frequencies(asked), expected, rtol=1e-6)


@given(corpora, st.data())
@settings(max_examples=100)
def test_frequencies_elsewhere_are_those_of_counting_the_others(
    corpus: list[list[tuple[str, str]]], data: st.DataObject
) -> None:
    words, tags = [[w for w, _ in row] for row in corpus], [[t for _, t in row] for row in corpus]
    counts = TagCounts.build(words, tags, TAG_IDS)
    chosen = data.draw(st.sets(st.sampled_from(range(len(corpus))), min_size=1))
    here = [token for i in chosen for token in corpus[i]]
    others = [token for i, row in enumerate(corpus) if i not in chosen for token in row]
    distinct = sorted({word for word, _ in here})
    places = np.array([distinct.index(word) for word, _ in here])
    found = counts.frequencies_elsewhere(counts.rows(distinct), places, np.array([TAG_IDS[tag] for _, tag in here]))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [counted_by_hand(others, word) for word in distinct], rtol=1e-6)
