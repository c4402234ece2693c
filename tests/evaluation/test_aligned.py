"""Gold sentences with predicted entities and their confidences."""

from __future__ import annotations

import pytest

from nertagger.errors import DataError
from nertagger.evaluation.aligned import AlignedSentence, align_sentences
from nertagger.text import Sentence, Span

GOLD = [Sentence.from_words(("New", "York", "wins"), tags=("B-LOC", "I-LOC", "O"), source="g.conll:13")]


def test_align_sentences_requires_one_confidence_per_entity() -> None:
    [one] = align_sentences(GOLD[:1], [["B-LOC", "I-LOC", "O"]], [[0.5]])
    assert one == AlignedSentence(
        ("New", "York", "wins"), [Span("LOC", 0, 2)], [Span("LOC", 0, 2)], (0.5,), "g.conll:13"
    )
    with pytest.raises(DataError, match=r"^g\.conll:13, sentence 1: got 2 confidences for 1 entity"):
        align_sentences(GOLD[:1], [["B-LOC", "I-LOC", "O"]], [[0.5, 0.1]])
