"""Predicted entities given as characters, put on the tokens of the gold sentences.

A tool that finds entities in text has tokens of its own; what it found can be scored on others as long as the text is
the same.
"""

from __future__ import annotations

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nertagger.text.document import Document, Entity, Sentence, Span
from nertagger.text.entities import entities_to_spans
from nertagger.text.schemes import write_tags

logger = logging.getLogger(__name__)


def same_texts(gold: Sequence[Document], predicted: Sequence[Document]) -> bool:
    """Whether both sides are the same texts in the same order."""
    return [document.text for document in gold] == [document.text for document in predicted]


def project(gold: Sequence[Document], predicted: Sequence[Document]) -> tuple[list[Sentence], list[list[float]] | None]:
    """The gold sentences with the predicted entities as IOB2 tags, and these entities' confidences.

    An entity with an edge inside a gold token takes in the whole token, and one that goes on in the next sentence is
    two; both are counted and logged, for neither can be correct. Of two that come to share a token the first is kept.

    Args:
        gold: documents with sentences.
        predicted: the same texts, with entities in order and apart.

    Returns:
        The sentences, and for each the confidences of its entities; None if one has none.
    """
    sentences: list[Sentence] = []
    confidences: list[list[float | None]] = []
    misfits = 0
    for one, other in zip(gold, predicted, strict=True):
        for sentence in one.sentences:
            inside = _inside(other.entities, sentence)
            spans = entities_to_spans(inside, sentence)
            kept = [0, *(n for n, (a, b) in enumerate(pairwise(spans), 1) if a.stop <= b.first)] if spans else []
            misfits += sum(not _fits(entity, sentence, span) for entity, span in zip(inside, spans, strict=True))
            tags = write_tags([spans[n] for n in kept], len(sentence))
            sentences.append(replace(sentence, tags=tuple(tags)))
            confidences.append([inside[n].confidence for n in kept])
    if misfits:
        logger.warning("%d predicted entities do not begin and end with tokens of the gold sentences", misfits)
    known = [[c for c in found if c is not None] for found in confidences]
    return sentences, known if list(map(len, known)) == list(map(len, confidences)) else None


def _inside(entities: Sequence[Entity], sentence: Sentence) -> list[Entity]:
    """The entities that hold a token of the sentence."""
    if not sentence.words:
        return []
    near = bisect_right(entities, sentence.starts[0], key=lambda entity: entity.end)
    far = bisect_left(entities, sentence.starts[-1] + len(sentence.words[-1]), key=lambda entity: entity.start)
    return [entity for entity in entities[near:far] if entities_to_spans([entity], sentence)]


def _fits(entity: Entity, sentence: Sentence, span: Span) -> bool:
    """Whether the span's tokens are exactly the entity's characters."""
    last = span.stop - 1
    edges = sentence.starts[span.first], sentence.starts[last] + len(sentence.words[last])
    return edges == (entity.start, entity.end)
