"""Entities of the labels that a corpus does not mark, found by a helper that is trained on a corpus that marks all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sources import Source, with_spans

from nertagger.runtime import Tagger
from nertagger.text.document import Document, Entity, Sentence, Span
from nertagger.text.schemes import read_spans

CONFIDENCE = 0.7
"""Less confident entities of the helper are not added."""


def completed(helper: Tagger, source: Source, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences with the helper's entities of the labels that the source lacks, where it has none itself."""
    missing = set(helper.labels) - source.complete
    documents = helper.tag_documents(map(Document.from_sentence, sentences), min_confidence=CONFIDENCE)
    return [
        _with(sentence, [span for span in _spans(sentence, document.entities) if span.label in missing])
        for sentence, document in zip(sentences, documents, strict=True)
    ]


def _spans(sentence: Sentence, entities: Sequence[Entity]) -> Iterator[Span]:
    """Yield entities of a document of one sentence as ranges of its words."""
    first = {start: i for i, start in enumerate(sentence.starts)}
    stop = {
        start + len(word): i + 1 for i, (start, word) in enumerate(zip(sentence.starts, sentence.words, strict=True))
    }
    return (Span(entity.label, first[entity.start], stop[entity.end]) for entity in entities)


def _with(sentence: Sentence, found: Sequence[Span]) -> Sentence:
    own = list(read_spans(sentence.tags or ()))
    taken = {i for span in own for i in range(span.first, span.stop)}
    added = [span for span in found if taken.isdisjoint(range(span.first, span.stop))]
    return with_spans(sentence, [*own, *added])
