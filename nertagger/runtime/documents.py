"""Documents as they go into a model, and with the entities that it predicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import tee
from typing import TYPE_CHECKING, Any

from nertagger.decoding.predictions import Prediction
from nertagger.errors import DataError
from nertagger.text.arguments import check_several, checked, shown
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.schemes import TagScheme, write_tags

if TYPE_CHECKING:
    from nertagger.runtime.tagger import Tagger


def checked_documents(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield the documents; raise DataError if one is something else."""
    remedy = "texts are for pipe"
    check_several(documents, "documents", remedy=remedy)
    return checked(documents, Document, what="document", remedy=remedy)


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


def entity_types(tagger: Tagger) -> dict[str, type]:
    """Return the type of each value of an entity in a table; those of a tagger with rules have one more, ``rule``."""
    types = {"label": str, "start": int, "end": int, "text": str, "confidence": float}
    return types | {"rule": str} if tagger.rules else types


def entities_of_column(
    tagger: Tagger, batch: Mapping[str, Sequence[str | None]], column: str
) -> list[list[dict[str, Any]] | None]:
    """Return the entities of each text of a column of a batch, as `entities_of_texts` yields them.

    Raises:
        DataError: if there is no such column, or it holds something else than texts.
    """
    if column not in batch:
        raise DataError(f"there is no column {column!r}; there are {', '.join(batch)}")
    if batch[column] is None or isinstance(batch[column], str):
        got = f"column {column!r}: got {shown(batch[column])}, expected a list of texts"
        raise DataError(f"{got}; pass batched=True: dataset.map(tagger.map_batch, batched=True)")
    return list(entities_of_texts(tagger, batch[column]))


def entities_of_texts(
    tagger: Tagger, texts: Iterable[str | None], *, min_confidence: float = 0.0
) -> Iterator[list[dict[str, Any]] | None]:
    """Yield the entities of each text of a column, in order; None for a missing text.

    A bounded number of texts is read ahead, as by `Tagger.pipe`.

    Args:
        tagger: the model.
        texts: texts, or None.
        min_confidence: entities of lower confidence are left out.

    Yields:
        dicts with the keys of `entity_types`.

    Raises:
        DataError: if a text is something else, with its number.
    """
    names = tuple(entity_types(tagger))
    ahead, behind = tee(_checked(texts))
    segmented = (tagger.segment("" if text is None else text) for text in ahead)
    documents = tagger.tag_documents(segmented, min_confidence=min_confidence)
    for text, document in zip(behind, documents, strict=True):
        yield None if text is None else [dict(zip(names, entity, strict=False)) for entity in document.entities]


def _checked(texts: Iterable[Any]) -> Iterator[str | None]:
    for number, text in enumerate(texts, 1):
        if text is not None and not isinstance(text, str):
            raise DataError(f"text {number}: got {shown(text)}, expected a text or None")
        yield text
