"""Documents as they go into a model, and with the entities that it predicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nertagger.decoding.predictions import Prediction
from nertagger.text.arguments import check_several, checked
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.schemes import TagScheme, write_tags


def checked_documents(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield the documents; raise DataError if one is something else."""
    remedy = "texts are for pipe"
    check_several(documents, "documents", remedy=remedy)
    return checked(documents, Document, "document", remedy=remedy)


def words_of(document: Document) -> list[Sequence[str]]:
    """Return the words of each sentence of a document."""
    return [sentence.words for sentence in document.sentences]


def with_predictions(document: Document, found: Sequence[Sequence[Prediction]]) -> Document:
    """Return a document with these predictions as its entities and as the IOB2 tags of its sentences.

    Args:
        document: its own tags and entities are replaced.
        found: the predictions for each of its sentences.
    """
    sentences, entities = [], []
    for sentence, predictions in zip(document.sentences, found, strict=True):
        words, starts = sentence.words, sentence.starts
        tags = write_tags([prediction.span for prediction in predictions], len(words), TagScheme.IOB2)
        sentences.append(Sentence(words, starts, tuple(tags), sentence.source))
        for (label, first, stop), confidence, rule in predictions:
            start, end = starts[first], starts[stop - 1] + len(words[stop - 1])
            entities.append(Entity(label, start, end, document.text[start:end], confidence, rule))
    return replace(document, sentences=tuple(sentences), entities=tuple(entities), predicted=True)
