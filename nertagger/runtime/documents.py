"""Documents with the entities that a model predicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nertagger.decoding.predictions import Prediction
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.schemes import TagScheme, write_tags


def with_predictions(document: Document, found: Sequence[Sequence[Prediction]], *, min_confidence: float) -> Document:
    """Return a document with these predictions as its entities and as the IOB2 tags of its sentences.

    Args:
        document: its own tags and entities are replaced.
        found: the predictions for each of its sentences.
        min_confidence: predictions of lower confidence are left out.
    """
    if min_confidence > 0:
        found = [[p for p in predictions if p.confidence >= min_confidence] for predictions in found]
    sentences, entities = [], []
    for sentence, predictions in zip(document.sentences, found, strict=True):
        words, starts = sentence.words, sentence.starts
        tags = write_tags([span for span, _ in predictions], len(words), TagScheme.IOB2)
        sentences.append(Sentence(words, starts, tuple(tags), sentence.source))
        for (label, first, stop), confidence in predictions:
            start, end = starts[first], starts[stop - 1] + len(words[stop - 1])
            entities.append(Entity(label, start, end, document.text[start:end], confidence))
    return replace(document, sentences=tuple(sentences), entities=tuple(entities), predicted=True)
