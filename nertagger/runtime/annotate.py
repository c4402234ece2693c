"""Documents with what a model found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nertagger.decoding.predictions import Prediction
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.schemes import TagScheme, write_tags


def annotate(document: Document, found: Sequence[Sequence[Prediction]], *, min_confidence: float) -> Document:
    """The document with its sentences' IOB2 tags and its entities set anew; those less sure are left out."""
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
