"""The tagger: text, tokens or documents in, entities out."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Self, TypeVar

import numpy as np

from nertagger.decoding.predictions import Details, Prediction, Reading
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import checked_meanwhile
from nertagger.runtime.annotate import annotate
from nertagger.runtime.decoder import open_decoder, read_tags
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

# Enough sentences to find many of like length among, little enough to wait for and to hold; two such windows are held.
_LOOK_AHEAD_TOKENS = 1 << 14
_LOOK_AHEAD_ITEMS = 1 << 11
_SHOWN_LABELS = 10  # in a `repr`
_LOOK_AHEAD_CHARACTERS = 1 << 20  # ten times as many as so many tokens usually have


class Tagger:
    """A trained model that finds entities; load it once and share it, between threads too.

    Attributes:
        model: the file it was loaded from: model card, settings, metrics.
        tags: the K BIOES tags that the network tells apart.
        labels: the labels that entities can have.
        engine: words to emissions.
        decoder: emissions to entities.
        tokenizer: how raw text is cut into words, and how well that agrees with the training words.
    """

    def __init__(self, model: ModelFile, *, threads: int | None = None, contexts: Contexts | None = None) -> None:
        """Makes a model file ready to run; see `load`, and of `contexts` see `Engine`."""
        model.expect_tagger()
        vocabulary = model.vocabulary
        self.model = model
        self._anew = partial(type(self), threads=threads, contexts=contexts)
        self.tags = read_tags(vocabulary, model)
        self.labels = tuple(dict.fromkeys(tag[2:] for tag in self.tags[1:]))
        self.decoder = open_decoder(model, vocabulary, self.tags)
        self.tokenizer = read_tokenizer(vocabulary, model)
        self._has_warned = False
        features = open_features(model, tags=len(self.tags))
        self.engine = Engine(model, features.encode, tags=len(self.tags), threads=threads, contexts=contexts)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, threads: int | None = None) -> Self:
        """The tagger in a model file.

        Args:
            path: the file ``NAME.ner``.
            threads: how many batches the network runs at a time; None for one a processor, at most 4.

        Raises:
            ModelFileError: if the file cannot be read, is damaged, or its parts do not fit one another.
        """
        if threads is not None:
            check_whole("threads", threads, least=1)
        with checked_meanwhile(path) as model:
            return cls(model, threads=threads)

    def __repr__(self) -> str:
        size = sum(map(len, self.model.members.values()))
        labels = ", ".join(self.labels[:_SHOWN_LABELS]) + (", ..." if len(self.labels) > _SHOWN_LABELS else "")
        return f"<Tagger {self.model.path.name}: {len(self.labels)} labels ({labels}), {size / 1e6:.1f} MB>"

    def __reduce__(self) -> tuple[Callable[[ModelFile], Tagger], tuple[ModelFile]]:
        """A pickle holds the model itself, not its path: a file that is replaced meanwhile changes no result."""
        return self._anew, (self.model,)

    def __call__(self, text: str) -> Document:
        """The text as a document: sentences with IOB2 tags, and entities with their confidence."""
        check_text(text, remedy="several texts are for pipe, words for tag_tokens")
        return next(self.tag_documents([self.segment(text)]))

    def pipe(self, texts: Iterable[str]) -> Iterator[Document]:
        """Each text as a tagged document, in order; reads a bounded number of texts ahead."""
        check_several(texts, "texts", remedy="a single one is for the tagger itself: tagger(text)")
        return self.tag_documents(map(self.segment, checked(texts, str, "text", remedy="leave out what is missing")))

    def segment(self, text: str, *, source: str = "", offset: int = 0) -> Document:
        """The sentences and words of raw text, cut as the training words were, as far as the tokenizer agrees."""
        self.warn_of_tokenizer()
        return segment(text, source=source, offset=offset, profile=self.tokenizer.profile)

    def warn_of_tokenizer(self) -> None:
        """Log, once, that raw text is cut otherwise than the training words, if it is."""
        if not self._has_warned and not self.tokenizer.fits:
            logger.warning("%s: %s", self.model.path, self.tokenizer.warning)
        self._has_warned = True

    def tag_documents(
        self, documents: Iterable[Document], *, min_confidence: float = 0.0, skip: int = 0
    ) -> Iterator[Document]:
        """Each document with its sentences' IOB2 tags and its entities set anew, in order.

        Reads a bounded number of documents ahead, to find sentences of like length.

        Args:
            documents: in order.
            min_confidence: entities that the model is less sure of are left out.
            skip: how many of the first documents to leave out; the others are tagged as if these were there.
        """
        check_fraction("min_confidence", min_confidence)
        nothing: list[Prediction] = []
        for document, found in self._decode(
            _checked_documents(documents), _words_of_document, self.decoder.predictions, nothing, skip
        ):
            yield annotate(document, found, min_confidence=min_confidence)

    def tag_in_detail(
        self,
        documents: Iterable[Document],
        *,
        n_best: int = 0,
        posteriors: bool = False,
        min_confidence: float = 0.0,
        skip: int = 0,
    ) -> Iterator[tuple[Document, list[Details]]]:
        """As `tag_documents`, each document with more of what the model thinks of each of its sentences.

        Args:
            documents: in order.
            n_best: how many of each sentence's best readings to find (see `n_best`); 0 for none.
            posteriors: whether to find the probability of each tag at each token (see `posteriors`).
            min_confidence: entities that the model is less sure of are left out of the documents.
            skip: as of `tag_documents`.
        """
        check_whole("n_best", n_best, least=0)
        check_fraction("min_confidence", min_confidence)
        decode = partial(self.decoder.details, n_best=n_best, posteriors=posteriors)
        for document, found in self._decode(
            _checked_documents(documents), _words_of_document, decode, Details([], None, None), skip
        ):
            predictions = [details.predictions for details in found]
            yield annotate(document, predictions, min_confidence=min_confidence), found

    def tag_tokens(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """IOB2 tags for sentences that are given as their words."""
        nothing: list[Span] = []
        found = self._decode_sentences(sentences, self.decoder.spans, nothing)
        return [write_tags(spans, len(words), TagScheme.IOB2) for words, spans in found]

    def n_best(self, sentences: Iterable[Sequence[str]], n: int) -> list[list[Reading]]:
        """The `n` most probable readings of each sentence, the best first, or all if there are fewer.

        A reading is a sequence of tags for the whole sentence with its exact probability: that of the CRF, among all
        sequences that are proper. Where the output is a softmax, which takes tokens for independent, it is the product
        of the tokens' probabilities, among all sequences; two of them may then mean the same entities. The first
        reading is the one of `tag_tokens`; of equally probable ones either may come first.
        """
        check_whole("n", n, least=1)
        decode = partial(self.decoder.readings, n=n)
        return [found for _, found in self._decode_sentences(sentences, decode, [Reading((), 1.0)])]

    def posteriors(self, sentences: Iterable[Sequence[str]]) -> list[np.ndarray]:
        """The exact probability of each of `tags` at each token, given the sentence: (T, K) float64 for each."""
        nothing = np.zeros((0, len(self.tags)))
        return [found for _, found in self._decode_sentences(sentences, self.decoder.posteriors, nothing)]

    def emissions(self, sentences: Iterable[Sequence[str]]) -> list[np.ndarray]:
        """The network's scores of the tags, before decoding: (T, K) float32 for each sentence."""
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
        """Each item with what `decode` makes of the emissions and lengths of its sentences; `empty` of an empty one.

        The network runs on the next window of items while this one is decoded and made use of. The first `skip` items
        are left out.
        """
        windows = _windows((item, sentences_of(item)) for item in items)
        done, windows = _drop_windows(windows, skip)
        started = ((window, self.engine.run([s for _, parts in window for s in parts])) for window in windows)
        for window, batches in _one_ahead(started):
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


def _windows(items: Iterable[tuple[_Item, list[Sequence[str]]]]) -> Iterator[list[tuple[_Item, list[Sequence[str]]]]]:
    """The items in lists that end once there is enough to fill the network's batches."""
    window: list[tuple[_Item, list[Sequence[str]]]] = []
    tokens = characters = 0
    for item in items:
        window.append(item)
        tokens += sum(map(len, item[1]))
        characters += sum(map(len, chain.from_iterable(item[1])))
        if tokens >= _LOOK_AHEAD_TOKENS or characters >= _LOOK_AHEAD_CHARACTERS or len(window) >= _LOOK_AHEAD_ITEMS:
            yield window
            window, tokens, characters = [], 0, 0
    if window:
        yield window


def _drop_windows(windows: Iterator[list[_T]], skip: int) -> tuple[int, Iterator[list[_T]]]:
    """How many of the first items that are left are to be skipped, and the windows from theirs on."""
    for window in windows:
        if skip < len(window):
            return skip, chain([window], windows)
        skip -= len(window)
    return 0, iter(())


def _one_ahead(items: Iterator[_T]) -> Iterator[_T]:
    """The items, each given once the next one has been made."""
    for held in items:
        for item in items:
            yield held
            held = item
        yield held


def _checked_documents(documents: Iterable[Document]) -> Iterator[Document]:
    remedy = "texts are for pipe"
    check_several(documents, "documents", remedy=remedy)
    return checked(documents, Document, "document", remedy=remedy)


def _words_of_document(document: Document) -> list[Sequence[str]]:
    return [sentence.words for sentence in document.sentences]


def _columns(scores: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """The part of a batch (T, B, K) that belongs to each sentence, (T, K)."""
    return [scores[:length, column].copy() for column, length in enumerate(lengths.tolist())]
