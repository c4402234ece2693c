"""Error analysis: its keys, its tables, and what is left out where it is not known."""

from __future__ import annotations

from nertagger.evaluation.aligned import align_sentences
from nertagger.evaluation.analysis import analyse
from nertagger.text import Sentence


def sentence(words: str, tags: str) -> Sentence:
    return Sentence.from_words(tuple(words.split()), tags=tuple(tags.split()), source=f"g.conll:{len(words)}")


GOLD = [sentence("New York wins", "B-LOC I-LOC O"), sentence("Ann ran", "B-PER O")]


def test_analysis() -> None:
    aligned = align_sentences(GOLD, [["B-LOC", "I-LOC", "O"], ["B-LOC", "O"]], [[0.9], [0.3]])
    analysis = analyse(aligned, lexicon={("ann",): {"PER"}}, wanted_precision=0.9, resamples=100)
    content = analysis.to_dict()
    assert content.keys() == {"intervals", "matching", "confusion", "seen_in_training", "calibration", "threshold"}
    assert content["threshold"] == {
        "wanted_precision": 0.9,
        "at": {"confidence": 0.9, "precision": 1.0, "kept_correct": 1.0, "kept": 1},
    }
    assert content["seen_in_training"]["seen"]["support"] == 1
    assert content["calibration"]["bins"] == [
        {"size": 1, "confidence": 0.3, "correct": 0.0},
        {"size": 1, "confidence": 0.9, "correct": 1.0},
    ]
    report = analysis.report()
    for title in ("F1 with 95 %", "Matching strategies", "Outcomes", "Confusion", "seen in training", "ECE"):
        assert title in report
    assert analyse(aligned[:1], wanted_precision=1.0).threshold is not None
    assert "no confidence has this precision" in analyse(aligned[1:], wanted_precision=0.5).report()


def test_analysis_without_confidences_and_without_sentences() -> None:
    content = analyse(align_sentences(GOLD, GOLD), wanted_precision=0.5).to_dict()
    assert content.keys() == {
        "intervals",
        "matching",
        "confusion",
    }
    assert "micro" in analyse([]).report()
