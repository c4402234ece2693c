"""The tagger: entities in texts, in tokenized sentences and in documents."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Self

import numpy as np

from nertagger.decoding.predictions import Labelling, Prediction, SentenceDetails
from nertagger.english.files import opened
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import ModelSource
from nertagger.modelfile.writer import model_bytes, write_model
from nertagger.printable import counted
from nertagger.rules import Rules
from nertagger.rules.ruling import Ruling
from nertagger.runtime.decoder import labels_of, open_decoder, read_tags
from nertagger.runtime.documents import checked_documents, entities_of_column, with_predictions, words_of
from nertagger.runtime.engine import Engine, columns
from nertagger.runtime.features import open_features
from nertagger.runtime.language_model.contexts import Contexts
from nertagger.runtime.streaming import StreamDecoder
from nertagger.runtime.tokenizing import read_tokenizer
from nertagger.text.arguments import check_fraction, check_several, check_text, check_whole, checked
from nertagger.text.document import Document, Span
from nertagger.text.schemes import TagScheme, write_tags
from nertagger.text.segment import segment

logger = logging.getLogger(__name__)
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
        rules: names and patterns that are entities whatever the model finds; None without any.
    """

    def __init__(self, model: ModelFile, *, threads: int | None = None, contexts: Contexts | None = None) -> None:
        """Prepare a model file for tagging; for `threads` see `load`, for `contexts` see `Engine`."""
        model.expect("tagger")
        vocabulary = model.vocabulary
        self.model = model
        self._rebuild = partial(type(self), threads=threads, contexts=contexts)
        self.tags = read_tags(vocabulary, model)
        self.labels = labels_of(self.tags)
        self.decoder = open_decoder(model, vocabulary, self.tags)
        self.tokenizer = read_tokenizer(vocabulary, model)
        self._ruling: Ruling | None = None
        self._has_warned = False
        features = open_features(model, tags=len(self.tags))
        self.engine = Engine(model, features, tags=len(self.tags), threads=threads, contexts=contexts)

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

    def __reduce__(self) -> tuple[Callable[..., Tagger], tuple[object, ...]]:
        """A pickle holds the model itself, not its path, so that a file replaced meanwhile changes no result."""
        return _rebuilt, (self._rebuild, self.model, self.rules)

    @property
    def rules(self) -> Rules | None:
        """The rules of this tagger."""
        return self._ruling.rules if self._ruling else None

    def with_rules(self, rules: Rules | None) -> Self:
        """Return a tagger with this model and these rules in place of its own; the two share what is loaded.

        Where a rule and the model overlap, the precedence of the rules says which wins. If it is ``first``, the tags of
        the rules' tokens are fixed, and the model finds its best entities around them: its probabilities are exact
        given the rules. If it is ``last``, the rules add entities that overlap none of the model's (of those that have
        the least confidence that is asked for). Entities of rules have the confidence 1 and the name of their rule.

        Args:
            rules: the rules; None for none.

        Raises:
            DataError: if they are something else.
        """
        tagger = object.__new__(type(self))
        vars(tagger).update(vars(self))
        tagger._ruling = None if rules is None else Ruling(rules, self.decoder, self.tokenizer.profile)
        tagger.labels = tuple(dict.fromkeys([*labels_of(self.tags), *(rules.labels if rules else ())]))
        return tagger

    def __call__(self, text: str, *, min_confidence: float = 0.0) -> Document:
        """Return a text as a document: sentences with IOB2 tags, and entities with their confidence.

        Args:
            text: raw text of any length.
            min_confidence: entities of lower confidence are left out.

        Raises:
            DataError: if it is not a string, or `min_confidence` is not from 0 to 1.
        """
        return next(self.tag_documents([self.segment(text)], min_confidence=min_confidence))

    def pipe(self, texts: Iterable[str], *, min_confidence: float = 0.0) -> Iterator[Document]:
        """Yield each text as a tagged document, in order; a bounded number of texts is read ahead.

        Args:
            texts: any number of raw texts.
            min_confidence: entities of lower confidence are left out.

        Raises:
            DataError: if this is a single text, one of the texts is not a string, or `min_confidence` is not from 0
                to 1.
        """
        check_several(texts, "texts", remedy="a single one is for the tagger itself: tagger(text)")
        each = checked(texts, str, what="text", remedy="leave out what is missing")
        return self.tag_documents(map(self.segment, each), min_confidence=min_confidence)

    def map_batch(
        self, batch: Mapping[str, Sequence[str | None]], column: str = "text"
    ) -> dict[str, list[list[dict[str, Any]] | None]]:
        """Return the entities of a batch of texts as a new column, for ``dataset.map(tagger.map_batch, batched=True)``.

        Args:
            batch: the values of each column, as the library `datasets` passes them.
            column: the column of the texts; another than ``text`` is ``map(..., fn_kwargs={"column": "body"})``.

        Returns:
            the column ``entities``: the label, start, end, text and confidence of each entity; None for a missing text.

        Raises:
            DataError: if there is no such column, or it holds something else than texts.
        """
        return {"entities": entities_of_column(self, batch, column)}

    def segment(self, text: str, *, source: str = "", offset: int = 0) -> Document:
        """Split raw text into sentences and words by the tokenizer of this model.

        Args:
            text: raw text.
            source: the name of the document, such as the path of a file.
            offset: the position of the text in that document, in characters.

        Returns:
            a document without tags.

        Raises:
            DataError: if it is not a string.
        """
        check_text(text, remedy="several texts are for pipe, words for tag_tokens")
        self.warn_of_tokenizer()
        return segment(str(text), source=source, offset=offset, profile=self.tokenizer.profile)

    def warn_of_tokenizer(self) -> None:
        """Log, once, that raw text is tokenized differently from the training data, if it is."""
        if not self._has_warned and not self.tokenizer.fits:
            logger.warning("%s: %s", self.model.path, self.tokenizer.warning)
        self._has_warned = True

    def tag_documents(self, documents: Iterable[Document], *, min_confidence: float = 0.0) -> Iterator[Document]:
        """Yield each document with predicted entities and IOB2 tags in place of its own, in order.

        A bounded number of documents is read ahead, to batch sentences of similar length.

        Args:
            documents: any number of documents.
            min_confidence: entities of lower confidence are left out.

        Raises:
            DataError: if one of the documents is not a `Document`, or `min_confidence` is not from 0 to 1.
        """
        check_fraction("min_confidence", min_confidence)
        nothing: list[Prediction] = []
        for document, found in self._stream.items(
            checked_documents(documents),
            words_of,
            lambda decoder, *batch: decoder.predictions(*batch, min_confidence=min_confidence),
            nothing,
        ):
            yield with_predictions(document, found)

    def tag_in_detail(
        self,
        documents: Iterable[Document],
        *,
        n_best: int = 0,
        posteriors: bool = False,
        min_confidence: float = 0.0,
    ) -> Iterator[tuple[Document, list[SentenceDetails]]]:
        """Yield each document as `tag_documents` does, with details of the predictions for each of its sentences.

        Args:
            documents: any number of documents.
            n_best: how many of the best labellings of each sentence to return, see `n_best`; 0 for none.
            posteriors: whether to return the probability of each tag at each token, see `posteriors`.
            min_confidence: entities of lower confidence are left out.

        Raises:
            DataError: as `tag_documents`, and if `n_best` is negative.
        """
        check_whole("n_best", n_best, least=0)
        check_fraction("min_confidence", min_confidence)
        for document, found in self._stream.items(
            checked_documents(documents),
            words_of,
            lambda decoder, *batch: decoder.details(
                *batch, n_best=n_best, posteriors=posteriors, min_confidence=min_confidence
            ),
            SentenceDetails([], None, None),
        ):
            predictions = [details.predictions for details in found]
            yield with_predictions(document, predictions), found

    def tag_tokens(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return the IOB2 tags of sentences that are given as lists of words.

        Args:
            sentences: any number of sentences, each a list of words.

        Raises:
            DataError: if this is a single sentence or a text, or a word is not a string.
        """
        nothing: list[Span] = []
        found = self._stream.sentences(sentences, lambda decoder, *batch: decoder.spans(*batch), nothing)
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
        nothing = [Labelling((), 1.0)]
        decoded = self._stream.sentences(sentences, lambda decoder, *batch: decoder.labellings(*batch, n), nothing)
        return [found for _, found in decoded]

    def posteriors(self, sentences: Iterable[Sequence[str]]) -> list[np.ndarray]:
        """Return the exact probability of each of `tags` at each token: float64 (T, K) per sentence."""
        nothing = np.zeros((0, len(self.tags)))
        decoded = self._stream.sentences(sentences, lambda decoder, *batch: decoder.posteriors(*batch), nothing)
        return [found for _, found in decoded]

    def emissions(self, sentences: Iterable[Sequence[str]]) -> list[np.ndarray]:
        """Return the network's scores of `tags` at each token, before decoding: float32 (T, K) per sentence."""
        nothing = np.zeros((0, len(self.tags)), dtype=np.float32)
        return [found for _, found in self._stream.sentences(sentences, lambda _, *batch: columns(*batch), nothing)]

    @property
    def _stream(self) -> StreamDecoder:
        ruling = self._ruling
        return StreamDecoder(self.engine, ruling.decoder if ruling else lambda _: self.decoder)


def _rebuilt(rebuild: Callable[[ModelFile], Tagger], model: ModelFile, rules: Rules | None) -> Tagger:
    tagger = rebuild(model)
    return tagger if rules is None else tagger.with_rules(rules)
