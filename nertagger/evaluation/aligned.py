"""Gold sentences aligned with predictions: the entities of both sides on the tokens of the gold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nertagger.errors import DataError
from nertagger.evaluation.checks import TaggedSentence, check_aligned, tags_of
from nertagger.printable import counted
from nertagger.text.document import Sentence, Span
from nertagger.text.schemes import read_spans


class PartialSpan(NamedTuple):
    """A predicted entity that does not begin and end with tokens of one sentence, and so equals no `Span`.

    Attributes:
        label: the label of the entity.
        first: the first token with a character of the entity.
        stop: the token after the last such token; equal to `first` if there is no such token.
        head: the number of characters of the first token before the entity.
        tail: the number of characters of the last token after the entity.
    """

    label: str
    first: int
    stop: int
    head: int = 0
    tail: int = 0


PredictedSpan = Span | PartialSpan
"""A predicted entity on the tokens of a gold sentence."""
GoldSpans = Sequence[Span]
"""The gold entities of a sentence, in order, without overlaps."""
PredictedSpans = Sequence[PredictedSpan]
"""The predicted entities of a sentence, in order, without overlaps."""


class AlignedSentence(NamedTuple):
    """A gold sentence with its gold and predicted entities.

    Attributes:
        words: the words of the sentence.
        gold: its gold entities, in order.
        predicted: its predicted entities, in order.
        confidences: one for each predicted entity; None if they are not known.
        source: ``file:line``; may be empty.
    """

    words: tuple[str, ...]
    gold: list[Span]
    predicted: PredictedSpans
    confidences: tuple[float, ...] | None = None
    source: str = ""


def align_sentences(
    gold: Sequence[Sentence],
    predicted: Sequence[TaggedSentence],
    confidences: Sequence[Sequence[float]] | None = None,
) -> list[AlignedSentence]:
    """Return each gold sentence with the entities of both sides.

    Args:
        gold: annotated sentences.
        predicted: a sentence with the same words, or its tags alone, for each gold sentence.
        confidences: the confidences of the entities of each predicted sentence, in order; None if they are not known.

    Raises:
        DataError: if the sides do not align, or the numbers of entities and confidences differ.
    """
    check_aligned(gold, predicted)
    gold_spans = [read_spans(tags) for tags in tags_of(gold, side="gold")]
    predicted_spans = [read_spans(tags) for tags in tags_of(predicted, side="predicted")]
    known = [None] * len(gold) if confidences is None else [tuple(one) for one in confidences]
    aligned = [
        AlignedSentence(sentence.words, one, other, values, sentence.source)
        for sentence, one, other, values in zip(gold, gold_spans, predicted_spans, known, strict=True)
    ]
    for number, sentence in enumerate(aligned, 1):
        if sentence.confidences is not None and len(sentence.confidences) != len(sentence.predicted):
            part = ", ".join(filter(None, [sentence.source, f"sentence {number}"]))
            entities = counted(len(sentence.predicted), "entity", "entities")
            got = f"{counted(len(sentence.confidences), 'confidence')} for {entities}"
            raise DataError(part=part, got=got, expected="one per entity")
    return aligned


def span_text(words: Sequence[str], span: PredictedSpan) -> str:
    """Return the characters of an entity, its words joined by single spaces.

    >>> span_text(["Ann-Marie", "Li"], PartialSpan("PER", 0, 2, head=4))
    'Marie Li'
    """
    start, end = character_range(words, span)
    return " ".join(words)[start:end]


def character_range(words: Sequence[str], span: PredictedSpan) -> tuple[int, int]:
    """Return the half-open range of an entity's characters in its sentence, whose words are joined by single spaces."""
    head, tail = span[3:] if isinstance(span, PartialSpan) else (0, 0)
    start = sum(map(len, words[: span.first])) + span.first + head
    inside = words[span.first : span.stop]
    return start, start + max(sum(map(len, inside)) + len(inside) - 1 - head - tail, 0)
