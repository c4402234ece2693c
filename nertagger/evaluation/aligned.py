"""Sentences with what is wanted and what was found in them, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nertagger.errors import DataError
from nertagger.evaluation.alignment import Annotated, check_aligned, tags_of
from nertagger.evaluation.parts import Found
from nertagger.text.document import Sentence, Span
from nertagger.text.schemes import read_spans


class Judged(NamedTuple):
    """A sentence with both sides.

    Attributes:
        words: of the sentence.
        gold: the entities wanted.
        predicted: those found, in order.
        confidences: of those found, in their order; None where they are not known.
        source: ``file:line``, may be empty.
    """

    words: tuple[str, ...]
    gold: list[Span]
    predicted: Sequence[Found]
    confidences: tuple[float, ...] | None = None
    source: str = ""


def side_by_side(
    gold: Sequence[Sentence],
    predicted: Sequence[Annotated],
    confidences: Sequence[Sequence[float]] | None = None,
) -> list[Judged]:
    """Each sentence with both sides.

    Args:
        gold: annotated sentences.
        predicted: as many, with the same words, or tags alone.
        confidences: of the entities of each predicted sentence, in order; None where they are not known.

    Raises:
        DataError: if the sides do not align, or an entity is without confidence.
    """
    check_aligned(gold, predicted)
    wanted = [read_spans(tags) for tags in tags_of(gold, side="gold")]
    found = [read_spans(tags) for tags in tags_of(predicted, side="predicted")]
    known = [None] * len(gold) if confidences is None else [tuple(one) for one in confidences]
    judged = [
        Judged(sentence.words, one, other, sure, sentence.source)
        for sentence, one, other, sure in zip(gold, wanted, found, known, strict=True)
    ]
    for number, sentence in enumerate(judged, 1):
        if sentence.confidences is not None and len(sentence.confidences) != len(sentence.predicted):
            got = f"{len(sentence.confidences)} confidences for {len(sentence.predicted)} entities"
            raise DataError(f"{sentence.source}, sentence {number}: got {got}, expected one each")
    return judged
