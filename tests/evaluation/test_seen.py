"""Counts of entities seen and not seen in training."""

from __future__ import annotations

from nertagger.evaluation.aligned import AlignedSentence
from nertagger.evaluation.scores import Counts
from nertagger.evaluation.seen import SeenStatus, count_by_seen_status, entity_lexicon
from nertagger.text import Sentence, Span


def test_counts_of_seen_and_unseen_entities() -> None:
    train = [
        Sentence.from_words(("New", "York", "wins"), tags=("B-LOC", "I-LOC", "O")),
        Sentence.from_words(("Washington",), tags=("B-PER",)),
    ]
    lexicon = entity_lexicon(train)
    assert lexicon == {("new", "york"): {"LOC"}, ("washington",): {"PER"}}
    gold = [Span("LOC", 0, 2), Span("LOC", 2, 3), Span("LOC", 3, 4)]
    predicted = [Span("LOC", 0, 2), Span("PER", 2, 3)]
    sentence = AlignedSentence(("NEW", "YORK", "Washington", "Oslo"), gold, predicted)
    assert count_by_seen_status([sentence], lexicon) == {
        SeenStatus.SEEN: Counts(1, 2, 1),
        SeenStatus.OTHER_LABEL: Counts(1, 0, 0),
        SeenStatus.UNSEEN: Counts(1, 0, 0),
    }
