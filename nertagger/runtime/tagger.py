"""The tagger: text, tokens or documents in, entities out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Self, TypeVar

import numpy as np

from nertagger.features import Features
from nertagger.runtime import model_file
from nertagger.runtime.engine import Engine
from nertagger.runtime.model_file import ModelFile
from nertagger.runtime.predictions import Prediction, open_decoder, read_tags
from nertagger.runtime.words import read_word_keys
from nertagger.text.document import Document, Entity, Sentence, Span
from nertagger.text.schemes import TagScheme, write_tags
from nertagger.text.segment import segment

_T = TypeVar("_T")

# Enough sentences to find many of like length among, little enough to wait for and to hold.
_LOOK_AHEAD_TOKENS = 1 << 15
_LOOK_AHEAD_DOCUMENTS = 1 << 12


class Tagger:
    """A trained model that finds entities; load it once and share it, between threads too.

    Attributes:
        model: the file it was loaded from: model card, settings, metrics.
        tags: the K BIOES tags that the network tells apart.
        labels: the labels that entities can have.
    """

    def __init__(self, model: ModelFile, *, threads: int | None = None) -> None:
        """Makes a model file ready to run; see `load`."""
        vocabulary = model.json("vocabulary.json")
        self.model = model
        self.tags = read_tags(vocabulary, model)
        self.labels = tuple(dict.fromkeys(tag[2:] for tag in self.tags[1:]))
        self._decoder = open_decoder(model, vocabulary, self.tags)
        keys = read_word_keys(model)
        try:
            features = Features.from_dict(vocabulary, vector_keys=keys)
        except (KeyError, TypeError, ValueError) as error:
            raise model.error(f"vocabulary.json does not describe features ({error!r})") from error
        self._engine = Engine(model, features.encode, tags=len(self.tags), threads=threads)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, threads: int | None = None) -> Self:
        """The tagger in a model file.

        Args:
            path: the file ``NAME.ner``.
            threads: for the network to run on; None for one a processor, at most 4.

        Raises:
            ModelFileError: if the file cannot be read, is damaged, or its parts do not fit one another.
        """
        with model_file.checked_meanwhile(path) as model:
            return cls(model, threads=threads)

    def __call__(self, text: str) -> Document:
        """The text as a document: sentences with IOB2 tags, and entities with their confidence."""
        return next(self.tag_documents([segment(text)]))

    def pipe(self, texts: Iterable[str]) -> Iterator[Document]:
        """Each text as a tagged document, in order; reads a bounded number of texts ahead."""
        return self.tag_documents(segment(text) for text in texts)

    def tag_tokens(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """IOB2 tags for sentences that are given as their words."""
        spans = self._decode(sentences, self._decoder.spans)
        return [_tags(found, len(words)) for found, words in zip(spans, sentences, strict=True)]

    def tag_documents(self, documents: Iterable[Document], *, min_confidence: float = 0.0) -> Iterator[Document]:
        """Each document with its sentences' IOB2 tags and its entities set anew, in order.

        Reads a bounded number of documents ahead, to find sentences of like length. Entities whose confidence is below
        `min_confidence` are left out.
        """
        for window in _windows(documents):
            sentences = [sentence.words for document in window for sentence in document.sentences]
            predictions = iter(self._decode(sentences, self._decoder.predictions))
            for document in window:
                found = [next(predictions) for _ in document.sentences]
                sure = [[p for p in sentence if p.confidence >= min_confidence] for sentence in found]
                yield _annotate(document, sure)

    def emissions(self, sentences: Sequence[Sequence[str]]) -> list[np.ndarray]:
        """The network's scores of the tags, before decoding: (T, K) float32 for each sentence."""
        scores = [np.zeros((0, len(self.tags)), dtype=np.float32)] * len(sentences)
        for batch in self._engine.run(sentences):
            for column, (sentence, length) in enumerate(zip(batch.sentences, batch.lengths, strict=True)):
                scores[sentence] = batch.scores[:length, column].copy()
        return scores

    def _decode(
        self, sentences: Sequence[Sequence[str]], decode: Callable[[np.ndarray, np.ndarray], list[list[_T]]]
    ) -> list[list[_T]]:
        """What `decode` makes of the emissions and lengths of each batch, in the sentences' order."""
        decoded: list[list[_T]] = [[] for _ in sentences]
        for batch in self._engine.run(sentences):
            for sentence, found in zip(batch.sentences, decode(batch.scores, batch.lengths), strict=True):
                decoded[sentence] = found
        return decoded


def _windows(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """The documents in lists that end once there is enough to fill the network's batches."""
    window: list[Document] = []
    tokens = 0
    for document in documents:
        window.append(document)
        tokens += sum(map(len, document.sentences))
        if tokens >= _LOOK_AHEAD_TOKENS or len(window) >= _LOOK_AHEAD_DOCUMENTS:
            yield window
            window, tokens = [], 0
    if window:
        yield window


def _tags(spans: Sequence[Span], length: int) -> list[str]:
    return write_tags(spans, length, TagScheme.IOB2)


def _annotate(document: Document, predictions: Sequence[Sequence[Prediction]]) -> Document:
    pairs = list(zip(document.sentences, predictions, strict=True))
    sentences = tuple(
        replace(sentence, tags=tuple(_tags([span for span, _ in found], len(sentence)))) for sentence, found in pairs
    )
    entities = tuple(_entity(one, sentence, document.text) for sentence, found in pairs for one in found)
    return replace(document, sentences=sentences, entities=entities)


def _entity(prediction: Prediction, sentence: Sentence, text: str) -> Entity:
    (label, first, stop), confidence = prediction
    start, end = sentence.starts[first], sentence.starts[stop - 1] + len(sentence.words[stop - 1])
    return Entity(label, start, end, text[start:end], confidence)
