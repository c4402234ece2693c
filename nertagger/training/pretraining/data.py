"""The data of a run: the text, the annotated corpora, and the features of words that are built from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from nertagger.config import EncoderConfig, RecurrentConfig
from nertagger.config.settings import Section
from nertagger.corpus import read_documents
from nertagger.errors import ConfigError
from nertagger.features import EncodedCorpus, Features, VectorTable, Vocabulary, WordIndex
from nertagger.features.characters import CharacterEncoder
from nertagger.features.shapes import word_shape
from nertagger.features.vectors.columns import quantize_columns
from nertagger.features.vectors.joining import read_joined_vectors
from nertagger.modelfile.schema import WordsGraph
from nertagger.training.encoder.encoder import Encoder
from nertagger.training.encoder.sources import find_encoder
from nertagger.training.loop.fingerprint import digest_values
from nertagger.training.loop.weights import Weights
from nertagger.training.pretraining.corpora import Corpus, corpus_files, read_corpus
from nertagger.training.pretraining.exclusion import Exclusion
from nertagger.training.pretraining.reports import EncoderListener
from nertagger.training.pretraining.text import EncodedText, encoded_text

_CHARACTERS, _LEAST_CHARACTER, _SHAPES = 240, 10, 500
"""How many characters and shapes have ids, and how often such a character occurs at least."""


@dataclass(frozen=True)
class PretrainingData:
    """What an encoder is trained on.

    Attributes:
        features: encode words as inputs of the word encoder.
        vectors: the table of their vectors, int8; None without vectors.
        weights: the weights that the encoder starts with, by the names that they have in a tagger; may be empty.
        text: the raw text; None without it.
        corpora: the annotated corpora.
    """

    features: Features
    vectors: VectorTable | None
    weights: Weights
    text: EncodedText | None
    corpora: list[Corpus]

    @property
    def sizes(self) -> dict[str, int]:
        """Return the number of ids of each input of the word encoder, or its width for vectors."""
        sizes = {} if self.vectors is None else {WordsGraph.VECTORS: self.vectors.shape[1]}
        if self.features.characters is not None:
            sizes[WordsGraph.CHARACTERS] = len(self.features.characters)
        if self.features.shapes is not None:
            sizes[WordsGraph.SHAPES] = len(self.features.shapes)
        return sizes

    @property
    def removed(self) -> Iterator[str]:
        """Yield the sentences that were left out, each as where it was, what it was and its words, between tabs."""
        for name, lines in [
            ("text", [] if self.text is None else self.text.removed),
            *((corpus.name, corpus.removed) for corpus in self.corpora),
        ]:
            yield from (f"{name}\t{line}" for line in lines)

    def encoded(self, corpus: Corpus) -> EncodedCorpus:
        """Return an annotated corpus as arrays."""
        words, tags = zip(*corpus.sentences, strict=True)
        numbers = {tag: number for number, tag in enumerate(corpus.tags)}
        return EncodedCorpus(self.features, words, tags, tag_ids=numbers, vectors=self.vectors)


def load_data(
    config: EncoderConfig, folder: Path, digests: dict[str, str], listener: EncoderListener
) -> PretrainingData:
    """Return the data that `config` names.

    Args:
        config: the run.
        folder: where the ids of the text are kept.
        digests: the hashes of the contents of the files, by what they are.
        listener: receives the progress.

    Raises:
        DataError: for a file that cannot be read.
        TrainingError: for one that has nothing to train on.
    """
    listener.on_stage("reading the data")
    exclusion = Exclusion.of(_excluded(config.data.exclude))
    longest, most = config.masked.max_length, config.masked.max_forms
    corpora = [read_corpus(name, exclusion=exclusion, max_length=longest) for name in config.data.annotated]
    index, vectors = _vectors(config, listener) if config.data.vectors else (None, None)
    text = None
    if config.data.text:
        text = encoded_text(
            config.data.text,
            folder,
            key=digest_values([digests, longest, most]),
            exclusion=exclusion,
            max_forms=most,
            max_length=longest,
            report=listener.on_text,
        )
    if config.data.start:
        start = open_start(config)
        return PretrainingData(start.features, start.vectors, start.weights, text, corpora)
    features = _build_features(config, *_forms(text, corpora), index=index)
    return PretrainingData(features, vectors, {}, text, corpora)


def settled(config: EncoderConfig) -> EncoderConfig:
    """Return the settings of a run, those that the encoder decides which it starts from included.

    Raises:
        ConfigError: if settings contradict one another, or there is nothing to train on.
        ModelFileError: if the encoder cannot be read.
    """
    data = config.data
    if not data.text and not data.annotated:
        raise ConfigError("nothing to train on; name raw text, or annotated corpora (--annotated FILE)")
    if not data.annotated and not config.masked.passes:
        raise ConfigError("masked.passes is 0 and there is no annotated corpus, so that nothing would be trained")
    if len(set(data.annotated)) < len(data.annotated):
        raise ConfigError("an annotated corpus is named twice; join the files of one corpus by a plus sign: A+B")
    if config.annotated.masked_every and not data.text:
        raise ConfigError("annotated.masked_every needs raw text to mask words of")
    if not data.start:
        return config
    if data.vectors:
        raise ConfigError(f"{data.start} has the word vectors to go on with; leave out --vectors, or --start")
    start = open_start(config)
    decided = {"characters": start.characters, "shapes": start.shapes, "network": start.network}
    return config.updated(
        {f"{name}.{key}": value for name, of in decided.items() for key, value in _decided(of).items()},
        source=data.start,
    )


def open_start(config: EncoderConfig) -> Encoder:
    """Return the encoder that a run starts from: in a file, or one of the package by its name.

    Raises:
        ModelFileError: if it cannot be read, or is a tagger, which has inputs that no encoder has.
    """
    start = find_encoder(config.data.start)
    start.model.expect("encoder")
    return start


def _decided(section: Section) -> dict[str, Any]:
    """Return the settings of an encoder's section, of the recurrent stack alone those that an encoder has."""
    return section.model_dump(
        include=set(RecurrentConfig.model_fields) if isinstance(section, RecurrentConfig) else None
    )


def input_files(config: EncoderConfig) -> dict[str, list[str]]:
    """Return the files that a run reads, by what they are; that of an encoder to start from is not among them."""
    data = config.data
    files = {
        "the text": data.text,
        "the annotated corpora": [path for name in data.annotated for path in corpus_files(name)],
        "the word vectors": data.vectors,
        "the sentences to exclude": data.exclude,
    }
    return {name: paths for name, paths in files.items() if paths}


def _excluded(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    documents = chain.from_iterable(map(read_documents, paths))
    return (sentence.words for document in documents for sentence in document.sentences)


def _vectors(config: EncoderConfig, listener: EncoderListener) -> tuple[WordIndex, VectorTable]:
    """Return the index of the words, and the table in its order with a first row of zeros for words without one."""
    read = read_joined_vectors(config.data.vectors, limit=config.data.max_vectors, progress=listener.on_vectors)
    index, order = WordIndex.build(read.words)
    numbers, scales = quantize_columns(read.table[order])
    return index, VectorTable(np.concatenate([np.zeros_like(numbers[:1]), numbers]), scales)


def _forms(text: EncodedText | None, corpora: Iterable[Corpus]) -> tuple[Sequence[str], Sequence[int]]:
    """Return the different words to build features from, of the text if there is one, and how often each occurs."""
    if text is not None:
        return text.forms, text.counts.tolist()
    counts = Counter(word for corpus in corpora for words, _ in corpus.sentences for word in words)
    return list(counts), list(counts.values())


def _build_features(
    config: EncoderConfig, forms: Sequence[str], counts: Sequence[int], *, index: WordIndex | None
) -> Features:
    """Return the features of words: characters that are not too rare, and the shapes that most forms have."""
    characters = shapes = None
    if config.characters.encoder != "none":
        amounts: Counter[str] = Counter()
        for form, count in zip(forms, counts, strict=True):
            for character in set(form):
                amounts[character] += count
        kept = [item for item, count in amounts.most_common(_CHARACTERS) if count >= _LEAST_CHARACTER]
        characters = CharacterEncoder(Vocabulary(kept), max_length=config.characters.max_length)
    if config.shapes.size:
        of_forms = map(word_shape, forms)
        shapes = Vocabulary.build(of_forms, min_count=config.shapes.min_count, max_items=_SHAPES)
    return Features(vectors=index, characters=characters, shapes=shapes)
