"""Two outputs side by side."""

from __future__ import annotations

import pytest

from nertagger.errors import DataError
from nertagger.evaluation.aligned import Judged, side_by_side
from nertagger.evaluation.comparison import Advantage, compare
from nertagger.evaluation.details import examine
from nertagger.text import Sentence, Span


def sentence(words: str, tags: str) -> Sentence:
    return Sentence.from_words(tuple(words.split()), tags=tuple(tags.split()), source=f"g.conll:{len(words)}")


GOLD = [sentence("New York wins", "B-LOC I-LOC O"), sentence("Ann ran", "B-PER O")]
A = side_by_side(GOLD, [["B-LOC", "I-LOC", "O"], ["O", "O"]])
B = side_by_side(GOLD, [["O", "B-ORG", "O"], ["B-PER", "O"]])


def test_compare() -> None:
    found = compare(A, B, resamples=200)
    assert found.only_a == [Advantage("g.conll:13", "LOC", "New York", "ORG York")]
    assert found.only_b == [Advantage("g.conll:7", "PER", "Ann", "nothing")]
    assert found.f1 == {"LOC": (1.0, 0.0), "ORG": (0.0, 0.0), "PER": (0.0, 1.0), "micro": pytest.approx((2 / 3, 1 / 2))}
    assert found.differences["micro"].value == pytest.approx(1 / 6)
    report = found.report(examples=1)
    assert "1 gold entities that A has and B has not:\n  g.conll:13: LOC 'New York', B has ORG York" in report
    assert "adjusted for the 3 types' being tested together; micro is a test by itself.\n" in report
    assert found.to_dict()["types"]["LOC"]["f1_a"] == 1.0
    assert found.to_dict()["types"]["LOC"]["p_holm"] == found.differences["LOC"].p_holm
    mirrored = compare(B, A, resamples=200)
    assert mirrored.differences["micro"].value == -found.differences["micro"].value


def test_compare_refuses_other_sentences() -> None:
    with pytest.raises(DataError, match="not for the same gold sentences"):
        compare(A, B[:1])


def test_side_by_side_wants_a_confidence_for_each_entity() -> None:
    [one] = side_by_side(GOLD[:1], [["B-LOC", "I-LOC", "O"]], [[0.5]])
    assert one == Judged(("New", "York", "wins"), [Span("LOC", 0, 2)], [Span("LOC", 0, 2)], (0.5,), "g.conll:13")
    with pytest.raises(DataError, match=r"^g\.conll:13, sentence 1: got 2 confidences for 1 entities"):
        side_by_side(GOLD[:1], [["B-LOC", "I-LOC", "O"]], [[0.5, 0.1]])


def test_details() -> None:
    judged = side_by_side(GOLD, [["B-LOC", "I-LOC", "O"], ["B-LOC", "O"]], [[0.9], [0.3]])
    details = examine(judged, lexicon={("ann",): {"PER"}}, wanted_precision=0.9, resamples=100)
    content = details.to_dict()
    assert content.keys() == {"intervals", "matching", "confusion", "novelty", "calibration", "threshold"}
    assert content["threshold"] == {
        "wanted_precision": 0.9,
        "at": {"confidence": 0.9, "precision": 1.0, "kept_correct": 1.0, "kept": 1},
    }
    assert content["novelty"]["seen"]["support"] == 1
    assert content["calibration"]["bins"] == [
        {"size": 1, "confidence": 0.3, "correct": 0.0},
        {"size": 1, "confidence": 0.9, "correct": 1.0},
    ]
    report = details.report()
    for title in ("F1 with 95 % interval", "Ways of matching", "What became", "Gold labels", "seen in training", "ECE"):
        assert title in report
    assert examine(judged[:1], wanted_precision=1.0).threshold is not None
    assert "no confidence has it" in examine(judged[1:], wanted_precision=0.5).report()


def test_details_without_confidences_and_without_sentences() -> None:
    assert examine(A, wanted_precision=0.5).to_dict().keys() == {"intervals", "matching", "confusion"}
    assert "micro" in examine([]).report()
