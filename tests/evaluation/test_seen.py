"""Seen and unseen entities apart."""

from __future__ import annotations

from nertagger.evaluation.scores import Counts
from nertagger.evaluation.seen import Novelty, by_novelty, entity_lexicon
from nertagger.text import Sentence, Span


def test_by_novelty() -> None:
    train = [
        Sentence.from_words(("New", "York", "wins"), tags=("B-LOC", "I-LOC", "O")),
        Sentence.from_words(("Washington",), tags=("B-PER",)),
    ]
    lexicon = entity_lexicon(train)
    assert lexicon == {("new", "york"): {"LOC"}, ("washington",): {"PER"}}
    words = [("NEW", "YORK", "Washington", "Oslo")]
    gold = [[Span("LOC", 0, 2), Span("LOC", 2, 3), Span("LOC", 3, 4)]]
    predicted = [[Span("LOC", 0, 2), Span("PER", 2, 3)]]
    assert by_novelty(words, gold, predicted, lexicon) == {
        Novelty.SEEN: Counts(1, 2, 1),
        Novelty.OTHER_LABEL: Counts(1, 0, 0),
        Novelty.UNSEEN: Counts(1, 0, 0),
    }
