"""Scores of entities that were seen in training and of entities that were not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from nertagger.evaluation.aligned import AlignedSentence, PartialSpan, PredictedSpan, span_text
from nertagger.evaluation.scores import Counts
from nertagger.text.document import Sentence
from nertagger.text.schemes import read_spans


class SeenStatus(StrEnum):
    """The status of an entity: whether its words were seen as an entity in training."""

    SEEN = "seen"
    OTHER_LABEL = "seen with another label only"
    UNSEEN = "unseen"


Lexicon = dict[tuple[str, ...], set[str]]


def entity_lexicon(sentences: Iterable[Sentence]) -> Lexicon:
    """Return the labels of each entity of annotated sentences, by its words in lower case."""
    lexicon: Lexicon = {}
    for sentence in sentences:
        for span in read_spans(sentence.tags or ()):
            lexicon.setdefault(_words(sentence.words, span), set()).add(span.label)
    return lexicon


def count_by_seen_status(sentences: Iterable[AlignedSentence], lexicon: Lexicon) -> dict[SeenStatus, Counts]:
    """Return the counts of entities by status: gold and predicted entities each by their own words and label.

    A correct entity has the same status on both sides, so that precision and recall of each status are well defined.
    """
    counts = dict.fromkeys(SeenStatus, Counts())
    for words, gold, predicted, *_ in sentences:
        correct = set(gold).intersection(predicted)
        for sides, spans in (((1, 0, 0), gold), ((0, 1, 0), predicted), ((0, 0, 1), correct)):
            for span in spans:
                counts[_seen_status(words, span, lexicon)] += Counts(*sides)
    return counts


def _seen_status(words: Sequence[str], span: PredictedSpan, lexicon: Lexicon) -> SeenStatus:
    labels = lexicon.get(_words(words, span))
    if labels is None:
        return SeenStatus.UNSEEN
    return SeenStatus.SEEN if span.label in labels else SeenStatus.OTHER_LABEL


def _words(words: Sequence[str], span: PredictedSpan) -> tuple[str, ...]:
    """Return the words of an entity in lower case; of a `PartialSpan`, its part of them."""
    if isinstance(span, PartialSpan):
        return tuple(span_text(words, span).lower().split(" "))
    return tuple(word.lower() for word in words[span.first : span.stop])
