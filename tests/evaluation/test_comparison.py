"""Comparison of two outputs."""

from __future__ import annotations

import pytest

from nertagger.errors import DataError
from nertagger.evaluation.aligned import align_sentences
from nertagger.evaluation.comparison import DiscordantEntity, compare
from nertagger.text import Sentence


def sentence(words: str, tags: str) -> Sentence:
    return Sentence.from_words(tuple(words.split()), tags=tuple(tags.split()), source=f"g.conll:{len(words)}")


GOLD = [sentence("New York wins", "B-LOC I-LOC O"), sentence("Ann ran", "B-PER O")]
A = align_sentences(GOLD, [["B-LOC", "I-LOC", "O"], ["O", "O"]])
B = align_sentences(GOLD, [["O", "B-ORG", "O"], ["B-PER", "O"]])


def test_compare() -> None:
    found = compare(A, B, resamples=200)
    assert found.only_a == [DiscordantEntity("g.conll:13", "LOC", "New York", "ORG York")]
    assert found.only_b == [DiscordantEntity("g.conll:7", "PER", "Ann", "nothing")]
    assert found.f1 == {"LOC": (1.0, 0.0), "ORG": (0.0, 0.0), "PER": (0.0, 1.0), "micro": pytest.approx((2 / 3, 1 / 2))}
    assert found.differences["micro"].value == pytest.approx(1 / 6)
    report = found.report(examples=1)
    assert "1 gold entity that A has and B does not:\n  g.conll:13: LOC 'New York', B has ORG York" in report
    assert "adjusted for testing 3 types together; micro is a single test.\n" in report
    assert found.to_dict()["types"]["LOC"]["f1_a"] == 1.0
    assert found.to_dict()["types"]["LOC"]["p_holm"] == found.differences["LOC"].p_holm
    mirrored = compare(B, A, resamples=200)
    assert mirrored.differences["micro"].value == -found.differences["micro"].value


def test_compare_refuses_other_sentences() -> None:
    with pytest.raises(DataError, match="not for the same gold sentences"):
        compare(A, B[:1])
