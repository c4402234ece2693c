"""Splits are stratified, disjoint, complete and reproducible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.corpus import read_documents
from nertagger.corpus.splitting import SplitUnit, split_documents, split_into_folds, stratify
from nertagger.errors import DataError
from nertagger.text import Document, Sentence
from nertagger.text.entities import document_entities


def record(words: str, label: str = "", *, opens: bool = False) -> Document:
    parts = tuple(words.split())
    tags = tuple(f"B-{label}" if label and not n else "O" for n in range(len(parts)))
    return Document.from_sentence(Sentence.from_words(parts, tags=tags), opens=opens)


def sentences(part: Sequence[Document]) -> set[str]:
    return {" ".join(s.words).lower() for document in part for s in document.sentences}


RECORDS = st.lists(
    st.builds(record, st.sampled_from(["a b", "A b", "c", "d e", "f", "g"]), st.sampled_from(["", "X", "Y"]),
              opens=st.booleans()),
    min_size=12, max_size=40,
)  # fmt: skip


@given(RECORDS, st.sampled_from(SplitUnit), st.integers(0, 9))
def test_parts_are_complete_ordered_disjoint_and_reproducible(
    records: list[Document], by: SplitUnit, seed: int
) -> None:
    try:
        parts = split_documents(records, [0.5, 0.3, 0.2], by=by, seed=seed)
    except DataError:
        assert by is SplitUnit.DOCUMENT or len(sentences(records)) < 3
        return
    order = {id(document): number for number, document in enumerate(records)}
    numbers = [[order[id(document)] for document in part] for part in parts]
    assert sorted(n for part in numbers for n in part) == list(range(len(records)))
    assert all(part == sorted(part) for part in numbers)
    assert all(not sentences(one) & sentences(other) for one, other in combinations(parts, 2))
    assert parts == split_documents(records, [0.5, 0.3, 0.2], by=by, seed=seed)
    if by is SplitUnit.DOCUMENT:
        part_of = {number: index for index, part in enumerate(numbers) for number in part}
        for number in range(1, len(records)):
            assert records[number].opens or part_of[number] == part_of[number - 1]


def test_every_label_is_split_by_the_fractions() -> None:
    labels = ["A"] * 500 + ["B"] * 50 + ["C"] * 10 + [""] * 440
    records = [record(f"w{number} x", label) for number, label in enumerate(labels)]
    parts = split_documents(records, [0.8, 0.1, 0.1], seed=3)
    assert [len(part) for part in parts] == [800, 100, 100]
    counts = [Counter(e.label for d in part for e in document_entities(d)) for part in parts]
    assert counts == [{"A": 400, "B": 40, "C": 8}, {"A": 50, "B": 5, "C": 1}, {"A": 50, "B": 5, "C": 1}]
    assert split_documents(records, [0.8, 0.1, 0.1], seed=4) != parts


def test_stratify_of_many_kinds_is_close_to_the_fractions() -> None:
    rng = np.random.default_rng(0)
    contents = np.column_stack([rng.poisson(rate, 2000) for rate in (0.02, 0.1, 0.5)] + [np.ones(2000)])
    parts = stratify(contents, [0.7, 0.2, 0.1], seed=1)
    sums = np.array([contents[parts == part].sum(axis=0) for part in range(3)]) / contents.sum(axis=0)
    assert np.abs(sums - np.array([[0.7], [0.2], [0.1]])).max() < 0.02


def test_folds_contain_every_record_once() -> None:
    records = [record(f"w{number // 2}", "X" if number % 3 else "") for number in range(40)]
    pairs = split_into_folds(records, 5)
    assert sorted(id(d) for _, fold in pairs for d in fold) == sorted(map(id, records))
    for rest, fold in pairs:
        assert len(rest) + len(fold) == len(records)
        assert not sentences(rest) & sentences(fold)


def test_too_few_groups_raise() -> None:
    with pytest.raises(DataError, match="got 1 sentence without a sentence in common, expected at least 2"):
        split_documents([record("a"), record("A")], [0.5, 0.5])


def check_split(records: list[Document]) -> None:
    """Check that parts of both units are disjoint and have similar labels."""
    for by in SplitUnit:
        if by is SplitUnit.DOCUMENT and not any(document.opens for document in records):
            continue
        parts = split_documents(records, [0.8, 0.1, 0.1], by=by, seed=1)
        assert all(not sentences(one) & sentences(other) for one, other in combinations(parts, 2))
        whole = Counter(e.label for document in records for e in document_entities(document))
        for part, fraction in zip(parts, (0.8, 0.1, 0.1), strict=True):
            counts = Counter(e.label for document in part for e in document_entities(document))
            for label, count in whole.items():
                assert counts[label] == pytest.approx(fraction * count, abs=max(3, 0.05 * count))


def test_split_of_a_corpus(bundled: Path) -> None:
    records = list(read_documents(bundled / "train.conll"))
    check_split([replace(record, opens=number % 20 == 0) for number, record in enumerate(records)])


@pytest.mark.parametrize("path", ["wnut17/test.conll", "wikigold/wikigold.conll"])
def test_split_of_real_corpora(shared_data: Path, path: str) -> None:
    check_split(list(read_documents(shared_data / path)))
