"""Projection of predicted entities, given as ranges of characters, onto the tokens of gold sentences.

The predictions of a tool with its own tokens can so be scored on other tokens of the same text.
"""

from __future__ import annotations

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from nertagger.evaluation.aligned import AlignedSentence, PartialSpan, PredictedSpan
from nertagger.evaluation.checks import tags_of
from nertagger.evaluation.scores import Scores
from nertagger.evaluation.scoring import count_by_type
from nertagger.text.document import Document, Entity, Sentence, Span
from nertagger.text.entities import document_entities
from nertagger.text.schemes import OUTSIDE, read_spans, write_tags

logger = logging.getLogger(__name__)


def same_texts(gold: Sequence[Document], predicted: Sequence[Document]) -> bool:
    """Return whether both sides have the same texts in the same order."""
    return [document.text for document in gold] == [document.text for document in predicted]


def project(gold: Sequence[Document], predicted: Sequence[Document]) -> list[AlignedSentence]:
    """Return the gold sentences with the predicted entities, each of these in exactly one sentence.

    An entity that does not begin and end with tokens of one sentence becomes a `PartialSpan`, which is never correct;
    these are counted and logged. An entity across a sentence end belongs to the first of its sentences in which it
    overlaps a gold entity.

    Args:
        gold: documents with annotated sentences.
        predicted: the same texts, with entities in order, without overlaps.

    Raises:
        DataError: if a gold sentence has no tags.
    """
    aligned: list[AlignedSentence] = []
    misfits = 0
    for one, other in zip(gold, predicted, strict=True):
        entities = document_entities(other)
        sentences = _gold_sentences(one, at_least_one=bool(entities))
        filled = [sentence for sentence in sentences if sentence.starts] or sentences
        misfits += sum(not _assign(entity, filled) for entity in entities)
        aligned += [sentence.aligned() for sentence in sentences]
    if misfits:
        logger.warning("%d predicted entities do not begin and end with tokens of the gold sentences", misfits)
    return aligned


def score_aligned(aligned: Sequence[AlignedSentence]) -> Scores:
    """Return the scores of projected entities; tags are compared in IOB2, partly covered tokens count as wrong."""
    pairs = [pair for one in aligned for pair in _token_tags(one)]
    return Scores(
        tokens=len(pairs),
        correct_tags=sum(gold == predicted for gold, predicted in pairs),
        repaired=0,
        types=count_by_type([one.gold for one in aligned], [one.predicted for one in aligned]),
    )


def _token_tags(aligned: AlignedSentence) -> Iterator[tuple[str, str]]:
    """Return the gold and the predicted tag of each token; "" if a predicted entity covers the token in part."""
    predicted = [OUTSIDE] * len(aligned.words)
    covered = [span for span in aligned.predicted if span.first < span.stop]
    for span in covered:
        length = span.stop - span.first
        predicted[span.first : span.stop] = write_tags([Span(span.label, 0, length)], length)
    for span in covered:
        if isinstance(span, PartialSpan):
            for token, missing in ((span.first, span.head), (span.stop - 1, span.tail)):
                predicted[token] = "" if missing else predicted[token]
    return zip(write_tags(aligned.gold, len(aligned.words)), predicted, strict=True)


class _GoldSentence:
    """A gold sentence to whose tokens predicted entities are assigned."""

    def __init__(self, sentence: Sentence, tags: Sequence[str]) -> None:
        self.sentence, self.gold = sentence, read_spans(tags)
        self.starts = sentence.starts
        self.ends = [start + len(word) for start, word in zip(sentence.starts, sentence.words, strict=True)]
        self.predicted: list[PredictedSpan] = []
        self.confidences: list[float | None] = []

    def project(self, entity: Entity) -> PredictedSpan:
        """Return the entity on the tokens of this sentence; it may cover none of them."""
        first, stop = bisect_right(self.ends, entity.start), bisect_left(self.starts, entity.end)
        if first >= stop:
            return PartialSpan(entity.label, stop, stop)
        head, tail = entity.start - self.starts[first], self.ends[stop - 1] - entity.end
        if head == tail == 0:
            return Span(entity.label, first, stop)
        return PartialSpan(entity.label, first, stop, max(head, 0), max(tail, 0))

    def has_overlap(self, predicted: PredictedSpan) -> bool:
        """Return whether a gold entity shares a token with a predicted one."""
        return any(span.first < predicted.stop and predicted.first < span.stop for span in self.gold)

    def aligned(self) -> AlignedSentence:
        """Return the sentence with the entities of both sides."""
        known = tuple(confidence for confidence in self.confidences if confidence is not None)
        confidences = known if len(known) == len(self.confidences) else None
        return AlignedSentence(self.sentence.words, self.gold, self.predicted, confidences, self.sentence.source)


def _gold_sentences(document: Document, *, at_least_one: bool) -> list[_GoldSentence]:
    """Return the sentences of a gold document; an empty sentence if it has none and `at_least_one` is asked for."""
    tags = tags_of(document.sentences, side="gold")
    sentences = [_GoldSentence(sentence, one) for sentence, one in zip(document.sentences, tags, strict=True)]
    return sentences or ([_GoldSentence(Sentence((), ()), ())] if at_least_one else [])


def _assign(entity: Entity, sentences: Sequence[_GoldSentence]) -> bool:
    """Add an entity to the sentence that it belongs to; returns whether it begins and ends with tokens there."""
    stop = bisect_left(sentences, entity.end, key=_start)
    first = bisect_right(sentences, entity.start, hi=stop, key=_start)
    near = sentences[max(first - 1, 0) : max(stop, 1)]
    choices = [(sentence, sentence.project(entity)) for sentence in near]
    touched = [(sentence, span) for sentence, span in choices if span.first < span.stop] or choices
    sentence, span = next(((sentence, span) for sentence, span in touched if sentence.has_overlap(span)), touched[0])
    sentence.predicted.append(span)
    sentence.confidences.append(entity.confidence)
    return isinstance(span, Span)


def _start(sentence: _GoldSentence) -> int:
    return sentence.starts[0] if sentence.starts else 0
