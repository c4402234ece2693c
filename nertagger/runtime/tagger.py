"""The tagger: entities in texts, in tokenized sentences and in documents."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Self, TypeVar

import numpy as np

from nertagger.decoding.predictions import Labelling, Prediction, SentenceDetails
from nertagger.english.files import opened
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import ModelSource
from nertagger.modelfile.writer import model_bytes, write_model
from nertagger.printable import counted
from nertagger.runtime.batching import drop_first, look_ahead, one_ahead
from nertagger.runtime.decoder import open_decoder, read_tags
from nertagger.runtime.documents import with_predictions
from nertagger.runtime.engine import Engine
from nertagger.runtime.features import open_features
from nertagger.runtime.language_model.contexts import Contexts
from nertagger.runtime.tokenizing import read_tokenizer
from nertagger.text.arguments import (
    check_fraction,
    check_sentences,
    check_several,
    check_text,
    check_whole,
    checked,
    checked_sentences,
)
from nertagger.text.document import Document, Span
from nertagger.text.schemes import TagScheme, write_tags
from nertagger.text.segment import segment

logger = logging.getLogger(__name__)
_T = TypeVar("_T")
_Item = TypeVar("_Item")

_SHOWN_LABELS = 10  # in a `repr`


class Tagger:
    """A trained model that finds entities in text; `load` it once, threads can share it.

    Attributes:
        model: the model file, with the model card, settings and metrics.
        tags: the K BIOES tags that the network predicts.
        labels: the labels that entities can have.
        engine: computes emissions from words.
        decoder: decodes emissions.
        tokenizer: the profile by which raw text is tokenized, and how well it agrees with the training data.
    """

    def __init__(self, model: ModelFile, *, threads: int | None = None, contexts: Contexts | None = None) -> None:
        """Prepare a model file for tagging; for `threads` see `load`, for `contexts` see `Engine`."""
        model.expect("tagger")
        vocabulary = model.vocabulary
        self.model = model
        self._rebuild = partial(type(self), threads=threads, contexts=contexts)
        self.tags = read_tags(vocabulary, model)
        self.labels = tuple(dict.fromkeys(tag[2:] for tag in self.tags[1:]))
        self.decoder = open_decoder(model, vocabulary, self.tags)
        self.tokenizer = read_tokenizer(vocabulary, model)
        self._has_warned = False
        features = open_features(model, tags=len(self.tags))
        self.engine = Engine(model, features.encode, tags=len(self.tags), threads=threads, contexts=contexts)

    @classmethod
    def load(cls, path: ModelSource, *, threads: int | None = None) -> Self:
        """Return the tagger in a model file.

        Args:
            path: the file ``NAME.ner``, or its bytes; ``"english"`` is the English tagger of the package.
            threads: how many batches the network runs at a time; None for one per processor, at most 4.

        Raises:
            ModelFileError: if the file cannot be read, is damaged, or its parts do not fit together.
        """
        if threads is not None:
            check_whole("threads", threads, least=1)
        with opened(path) as model:
            return cls(model, threads=threads)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model file ``NAME.ner``, such as that of a tagger trained in memory.

        Raises:
            NerTaggerError: if it cannot be written.
        """
        write_model(path, self._members())

    def to_bytes(self) -> bytes:
        """Return the bytes of the file that `save` writes, which `load` accepts too."""
        return model_bytes(self._members())

    def _members(self) -> dict[str, bytes]:
        return {name: bytes(content) for name, content in self.model.members.items()}

    def __repr__(self) -> str:
        labels = ", ".join(self.labels[:_SHOWN_LABELS]) + (", ..." if len(self.labels) > _SHOWN_LABELS else "")
        size = f"{self.model.size / 1e6:.1f} MB"
        return f"<Tagger {self.model.path.name}: {counted(len(self.labels), 'label')} ({labels}), {size}>"

    def __reduce__(self) -> tuple[Callable[[ModelFile], Tagger], tuple[ModelFile]]:
        """A pickle holds the model itself, not its path, so that a file replaced meanwhile changes no result."""
        return self._rebuild, (self.model,)

    def __call__(self, text: str) -> Document:
        """Return a text as a document: sentences with IOB2 tags, and entities with their confidence.

        Args:
            text: raw text of any length.

        Raises:
            DataError: if it is not a string.
        """
        check_text(text, remedy="several texts are for pipe, words for tag_tokens")
        return next(self.tag_documents([self.segment(text)]))

    def pipe(self, texts: Iterable[str]) -> Iterator[Document]:
        """Yield each text as a tagged document, in order; a bounded number of texts is read ahead.

        Args:
            texts: any number of raw texts.

        Raises:
            DataError: if this is a single text, or one of the texts is not a string.
        """
        check_several(texts, "texts", remedy="a single one is for the tagger itself: tagger(text)")
        return self.tag_documents(map(self.segment, checked(texts, str, "text", remedy="leave out what is missing")))

    def segment(self, text: str, *, source: str = "", offset: int = 0) -> Document:
        """Split raw text into sentences and words by the tokenizer of this model.

        Args:
            text: raw text.
            source: the name of the document, such as the path of a file.
            offset: the position of the text in that document, in characters.

        Returns:
            a document without tags.
        """
        self.warn_of_tokenizer()
        return segment(text, source=source, offset=offset, profile=self.tokenizer.profile)

    def warn_of_tokenizer(self) -> None:
        """Log, once, that raw text is tokenized differently from the training data, if it is."""
        if not self._has_warned and not self.tokenizer.fits:
            logger.warning("%s: %s", self.model.path, self.tokenizer.warning)
        self._has_warned = True

    def tag_documents(
        self, documents: Iterable[Document], *, min_confidence: float = 0.0, skip: int = 0
    ) -> Iterator[Document]:
        """Yield each document with predicted entities and IOB2 tags in place of its own, in order.

        A bounded number of documents is read ahead, to batch sentences of similar length.

        Args:
            documents: any number of documents.
            min_confidence: entities of lower confidence are left out.
            skip: how many documents at the beginning to leave out; the others are batched as if they were not.

        Raises:
            DataError: if one of the documents is not a `Document`, or `min_confidence` is not from 0 to 1.
        """
        check_fraction("min_confidence", min_confidence)
        nothing: list[Prediction] = []
        for document, found in self._decode(
            _checked_documents(documents), _words_of_document, self.decoder.predictions, nothing, skip
        ):
            yield with_predictions(document, found, min_confidence=min_confidence)

    def tag_in_detail(
        self,
        documents: Iterable[Document],
        *,
        n_best: int = 0,
        posteriors: bool = False,
        min_confidence: float = 0.0,
        skip: int = 0,
    ) -> Iterator[tuple[Document, list[SentenceDetails]]]:
        """Yield each document as `tag_documents` does, with details of the predictions for each of its sentences.

        Args:
            documents: any number of documents.
            n_best: how many of the best labellings of each sentence to return, see `n_best`; 0 for none.
            posteriors: whether to return the probability of each tag at each token, see `posteriors`.
            min_confidence: entities of lower confidence are left out of the documents.
            skip: as in `tag_documents`.

        Raises:
            DataError: as `tag_documents`, and if `n_best` is negative.
        """
        check_whole("n_best", n_best, least=0)
        check_fraction("min_confidence", min_confidence)
        decode = partial(self.decoder.details, n_best=n_best, posteriors=posteriors)
        for document, found in self._decode(
            _checked_documents(documents), _words_of_document, decode, SentenceDetails([], None, None), skip
        ):
            predictions = [details.predictions for details in found]
            yield with_predictions(document, predictions, min_confidence=min_confidence), found

    def tag_tokens(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return the IOB2 tags of sentences that are given as lists of words.

        Args:
            sentences: any number of sentences, each a list of words.

        Raises:
            DataError: if this is a single sentence or a text, or a word is not a string.
        """
        nothing: list[Span] = []
        found = self._decode_sentences(sentences, self.decoder.spans, nothing)
        return [write_tags(spans, len(words), TagScheme.IOB2) for words, spans in found]

    def n_best(self, sentences: Iterable[Sequence[str]], n: int) -> list[list[Labelling]]:
        """Return the `n` most probable labellings of each sentence, best first, or all if there are fewer.

        A labelling is a tag sequence for the whole sentence with its exact probability: that of the CRF, among all
        legal sequences. If the output layer is a softmax, it is the product of the tokens' probabilities, among all
        sequences, two of which can have the same entities. The first labelling is that of `tag_tokens`; the order
        of equally probable ones is unspecified.

        Args:
            sentences: as for `tag_tokens`.
            n: at least 1.

        Raises:
            DataError: as `tag_tokens`, and if `n` is less than 1.
            NerTaggerError: if `n` labellings of a sentence do not fit into memory.
        """
        check_whole("n", n, least=1)
        decode = partial(self.decoder.labellings, n=n)
        return [found for _, found in self._decode_sentences(sentences, decode, [Labelling((), 1.0)])]

    def posteriors(self, sentences: Iterable[Sequence[str]]) -> list[np.ndarray]:
        """Return the exact probability of each of `tags` at each token: float64 (T, K) per sentence."""
        nothing = np.zeros((0, len(self.tags)))
        return [found for _, found in self._decode_sentences(sentences, self.decoder.posteriors, nothing)]

    def emissions(self, sentences: Iterable[Sequence[str]]) -> list[np.ndarray]:
        """Return the network's scores of `tags` at each token, before decoding: float32 (T, K) per sentence."""
        nothing = np.zeros((0, len(self.tags)), dtype=np.float32)
        return [found for _, found in self._decode_sentences(sentences, _columns, nothing)]

    def _decode_sentences(
        self, sentences: Iterable[Sequence[str]], decode: Callable[[np.ndarray, np.ndarray], list[_T]], empty: _T
    ) -> Iterator[tuple[Sequence[str], _T]]:
        check_sentences(sentences)
        for words, (found,) in self._decode(checked_sentences(sentences), lambda words: [words], decode, empty):
            yield words, found

    def _decode(
        self,
        items: Iterable[_Item],
        sentences_of: Callable[[_Item], list[Sequence[str]]],
        decode: Callable[[np.ndarray, np.ndarray], list[_T]],
        empty: _T,
        skip: int = 0,
    ) -> Iterator[tuple[_Item, list[_T]]]:
        """Yield each item with the results of `decode` for its sentences; `empty` is the result for an empty sentence.

        The network runs on the next window of items while this one is decoded and used. The first `skip` items are left
        out.
        """
        windows = look_ahead((item, sentences_of(item)) for item in items)
        done, windows = drop_first(windows, skip)
        started = ((window, self.engine.run([s for _, parts in window for s in parts])) for window in windows)
        for window, batches in one_ahead(started):
            decoded = [empty] * sum(len(parts) for _, parts in window)
            for batch in batches:
                for sentence, found in zip(batch.sentences.tolist(), decode(batch.scores, batch.lengths), strict=True):
                    decoded[sentence] = found
            first = 0
            for item, parts in window:
                if not done:
                    yield item, decoded[first : first + len(parts)]
                done = max(done - 1, 0)
                first += len(parts)


def _checked_documents(documents: Iterable[Document]) -> Iterator[Document]:
    remedy = "texts are for pipe"
    check_several(documents, "documents", remedy=remedy)
    return checked(documents, Document, "document", remedy=remedy)


def _words_of_document(document: Document) -> list[Sequence[str]]:
    return [sentence.words for sentence in document.sentences]


def _columns(scores: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """Return the part of a batch (T, B, K) that belongs to each sentence, (T, K)."""
    return [scores[:length, column].copy() for column, length in enumerate(lengths.tolist())]
