"""Predicted entities given as characters, put on the tokens of the gold sentences.

A tool that finds entities in text has tokens of its own; what it found can be scored on others as long as the text is
the same.
"""

from __future__ import annotations

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from nertagger.evaluation.aligned import Judged
from nertagger.evaluation.alignment import tags_of
from nertagger.evaluation.parts import Found, Part
from nertagger.evaluation.scores import Scores
from nertagger.evaluation.scoring import count_types
from nertagger.text.document import Document, Entity, Sentence, Span
from nertagger.text.entities import document_entities
from nertagger.text.schemes import OUTSIDE, read_spans, write_tags

logger = logging.getLogger(__name__)


def same_texts(gold: Sequence[Document], predicted: Sequence[Document]) -> bool:
    """Whether both sides are the same texts in the same order."""
    return [document.text for document in gold] == [document.text for document in predicted]


def project(gold: Sequence[Document], predicted: Sequence[Document]) -> list[Judged]:
    """The gold sentences beside the predicted entities, each of these in exactly one sentence.

    An entity that is not exactly some tokens of one sentence is a `Part`, which can be partly right at best: these are
    counted and logged. One across a sentence end belongs to the first of its sentences in which it meets a gold entity.

    Args:
        gold: documents with annotated sentences.
        predicted: the same texts, with entities in order and apart.

    Raises:
        DataError: if a gold sentence has no tags.
    """
    judged: list[Judged] = []
    misfits = 0
    for one, other in zip(gold, predicted, strict=True):
        entities = document_entities(other)
        rows = _rows(one, place_for_any=bool(entities))
        filled = [row for row in rows if row.starts] or rows
        misfits += sum(not _put(entity, filled) for entity in entities)
        judged += [row.judged() for row in rows]
    if misfits:
        logger.warning("%d predicted entities do not begin and end with tokens of the gold sentences", misfits)
    return judged


def scores_of(judged: Sequence[Judged]) -> Scores:
    """The scores of projected entities; tokens are compared in IOB2, and one held in part has no right tag."""
    pairs = [pair for one in judged for pair in _token_tags(one)]
    return Scores(
        tokens=len(pairs),
        correct_tags=sum(wanted == found for wanted, found in pairs),
        repaired=0,
        types=count_types([one.gold for one in judged], [one.predicted for one in judged]),
    )


def _token_tags(judged: Judged) -> Iterator[tuple[str, str]]:
    """The gold and the predicted tag of each token; "" for a token of which an entity holds a part."""
    predicted = [OUTSIDE] * len(judged.words)
    held = [span for span in judged.predicted if span.first < span.stop]
    for span in held:
        length = span.stop - span.first
        predicted[span.first : span.stop] = write_tags([Span(span.label, 0, length)], length)
    for span in held:
        if isinstance(span, Part):
            for token, missing in ((span.first, span.head), (span.stop - 1, span.tail)):
                predicted[token] = "" if missing else predicted[token]
    return zip(write_tags(judged.gold, len(judged.words)), predicted, strict=True)


class _Row:
    """A gold sentence while predicted entities are put on its tokens."""

    def __init__(self, sentence: Sentence, tags: Sequence[str]) -> None:
        self.sentence, self.gold = sentence, read_spans(tags)
        self.starts = sentence.starts
        self.ends = [start + len(word) for start, word in zip(sentence.starts, sentence.words, strict=True)]
        self.found: list[Found] = []
        self.confidences: list[float | None] = []

    def place(self, entity: Entity) -> Found:
        """The entity on the tokens of this sentence, of which it may hold none."""
        first, stop = bisect_right(self.ends, entity.start), bisect_left(self.starts, entity.end)
        if first >= stop:
            return Part(entity.label, stop, stop)
        head, tail = entity.start - self.starts[first], self.ends[stop - 1] - entity.end
        if head == tail == 0:
            return Span(entity.label, first, stop)
        return Part(entity.label, first, stop, max(head, 0), max(tail, 0))

    def meets(self, found: Found) -> bool:
        """Whether a gold entity shares a token with this one."""
        return any(span.first < found.stop and found.first < span.stop for span in self.gold)

    def judged(self) -> Judged:
        """Both sides of the sentence."""
        known = tuple(c for c in self.confidences if c is not None)
        sure = known if len(known) == len(self.confidences) else None
        return Judged(self.sentence.words, self.gold, self.found, sure, self.sentence.source)


def _rows(document: Document, *, place_for_any: bool) -> list[_Row]:
    """The sentences of a gold document; at least an empty one if there are entities to hold."""
    tags = tags_of(document.sentences, side="gold")
    rows = [_Row(sentence, one) for sentence, one in zip(document.sentences, tags, strict=True)]
    return rows or ([_Row(Sentence((), ()), ())] if place_for_any else [])


def _put(entity: Entity, rows: Sequence[_Row]) -> bool:
    """Put an entity into the sentence that it belongs to; returns whether it is exactly some tokens there."""
    stop = bisect_left(rows, entity.end, key=_start)
    first = bisect_right(rows, entity.start, hi=stop, key=_start)
    near = rows[max(first - 1, 0) : max(stop, 1)]
    places = [(row, row.place(entity)) for row in near]
    touched = [(row, found) for row, found in places if found.first < found.stop] or places
    row, found = next(((row, found) for row, found in touched if row.meets(found)), touched[0])
    row.found.append(found)
    row.confidences.append(entity.confidence)
    return isinstance(found, Span)


def _start(row: _Row) -> int:
    return row.starts[0] if row.starts else 0
