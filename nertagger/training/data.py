"""The data of a run: corpora read and checked, tags and features built from the training split."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from nertagger.config import Config
from nertagger.corpus import annotated_sentences, read_documents
from nertagger.errors import TrainingError
from nertagger.features import (
    EncodedCorpus,
    Features,
    FeatureSettings,
    TagCounts,
    WordIndex,
    WordVectors,
    read_vectors,
)
from nertagger.modelfile.schema import NetworkGraph, WordsGraph
from nertagger.runtime.language_model.contexts import Contexts
from nertagger.text.document import Sentence
from nertagger.text.schemes import TagScheme, bioes_tags, convert_tags, read_spans
from nertagger.text.segment import segment
from nertagger.text.tokenization.agreement import Excerpt, choose_profile, excerpts_of
from nertagger.text.tokenization.profiles import Agreement, Profile
from nertagger.training.contextual import (
    ContextStore,
    FineTunedSource,
    FrozenSource,
    Language,
    RememberedContexts,
    load_language,
)
from nertagger.training.split_checks import check_splits

logger = logging.getLogger(__name__)
_HELD_OUT = 10  # without a dev file, one training sentence in so many is held out


@dataclass(frozen=True)
class Dataset:
    """All that a run learns from and is judged by.

    Attributes:
        train, dev: annotated sentences, none empty.
        learned: those to learn from: the training split, then those of `with_dev`.
        tags: the K BIOES tags of the training sentences' labels, ``O`` first.
        features: what is seen of a word.
        vectors: float16 (V, D), row 0 zeros for words without a vector; None unless the input is pretrained.
        encoded: the sentences to learn from as arrays.
        tokenizer: how raw text is to be cut into words, and how well that agrees with the training words.
        language: the language model whose states are features; None without one.
        contexts: what gives the states of a language model that is frozen, and remembers them.
        source: what the batches get of the language model.
    """

    train: list[Sentence]
    dev: list[Sentence]
    learned: list[Sentence]
    tags: list[str]
    features: Features
    vectors: np.ndarray | None
    encoded: EncodedCorpus
    tokenizer: Agreement
    language: Language | None = None
    contexts: Contexts | None = None
    source: ContextStore | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """How many ids each input of the word encoder has, and how wide vectors, shares of tags and states are."""
        known = {
            WordsGraph.WORD_IDS: self.features.words,
            WordsGraph.CHARACTERS: self.features.characters,
            WordsGraph.SHAPES: self.features.shapes,
        }
        sizes = {name: len(part) for name, part in known.items() if part is not None}
        if self.features.tag_counts is not None:
            sizes[WordsGraph.TAG_SHARES] = len(self.tags)
        if self.language is not None:
            sizes[NetworkGraph.CONTEXT] = self.language.width
        return sizes if self.vectors is None else {WordsGraph.VECTORS: self.vectors.shape[1], **sizes}


def load_dataset(
    config: Config,
    *,
    on_vectors: Callable[[int, int | None], None] | None = None,
    vectors_ahead: Callable[[], WordVectors] | None = None,
) -> Dataset:
    """The data that `config` names.

    Args:
        config: the run.
        on_vectors: called with the number of word vectors read so far, and of all where that is known.
        vectors_ahead: gives the word vectors that `config` names, where they are being read already.

    Raises:
        DataError: for a file that cannot be read.
        TrainingError: if there is nothing to learn from.
    """
    train, dev, tokenizer = _read_split(config)
    labels = sorted({span.label for sentence in train for span in read_spans(sentence.tags or ())})
    if not labels:
        raise TrainingError(
            f"{', '.join(config.data.train)}: got {len(train)} sentences without a single entity, "
            "expected annotated text; check data.tag_column"
        )
    check_splits(train, dev, refit=config.training.refit > 0)
    vectors = None
    if config.words.input == "pretrained":
        words = config.words
        vectors = (
            vectors_ahead()
            if vectors_ahead is not None
            else read_vectors(words.vectors, limit=words.max_vectors, progress=on_vectors)
        )
    index, table = _index(vectors) if vectors else (None, None)
    tags = bioes_tags(labels)
    counts = _count_tags(train, tags) if config.words.tag_shares else None
    features = Features.build(
        [sentence.words for sentence in train], _settings(config), vectors=index, tag_counts=counts
    )
    language, contexts, source = _context(config)
    encoded = _encode(train, tags, features, table, source)
    return Dataset(train, dev, train, tags, features, table, encoded, tokenizer, language, contexts, source)


def with_dev(dataset: Dataset) -> Dataset:
    """The same data, with the dev sentences to be learned from behind the training sentences.

    The counts of words' tags are of both. Dev sentences with a label that training has not are left out.
    """
    known = set(dataset.tags)
    both = [*dataset.train, *(sentence for sentence in dataset.dev if known.issuperset(_bioes(sentence)))]
    features = dataset.features
    if features.tag_counts is not None:
        features = replace(features, tag_counts=_count_tags(both, dataset.tags))
    encoded = _encode(both, dataset.tags, features, dataset.vectors, dataset.source, known=len(dataset.train))
    return replace(dataset, learned=both, features=features, encoded=encoded)


def read_test(config: Config) -> list[Sentence]:
    """The sentences to score the final model on; nothing is ever built from them.

    Raises:
        DataError, TrainingError: as `load_dataset`.
    """
    return _read_all(config.data.test, config) if config.data.test else []


def _count_tags(sentences: Sequence[Sentence], tags: Sequence[str]) -> TagCounts:
    return TagCounts.build([sentence.words for sentence in sentences], map(_bioes, sentences), _numbers(tags))


def _context(config: Config) -> tuple[Language | None, Contexts | None, ContextStore | None]:
    """The language model of the run, what gives its states if it is frozen, and what the batches get of it."""
    if not config.features.language_model:
        return None, None, None
    language = load_language(config.features.language_model)
    if config.features.fine_tune:
        return language, None, FineTunedSource(language)
    encoder = language.encoder()
    return language, RememberedContexts(encoder), FrozenSource(encoder, lower_case=config.training.lower_case > 0)


def _encode(
    sentences: Sequence[Sentence],
    tags: Sequence[str],
    features: Features,
    vectors: np.ndarray | None,
    source: ContextStore | None,
    *,
    known: int = 0,
) -> EncodedCorpus:
    """The sentences as arrays; the first ones, as many as are `known`, are in the source of contexts already."""
    words = [sentence.words for sentence in sentences]
    gold = list(map(_bioes, sentences))
    if source is not None:
        source.add(words[known:])
    return EncodedCorpus(features, words, gold, tag_ids=_numbers(tags), vectors=vectors, context=source)


def _numbers(tags: Sequence[str]) -> dict[str, int]:
    return {tag: number for number, tag in enumerate(tags)}


def _read_split(config: Config) -> tuple[list[Sentence], list[Sentence], Agreement]:
    """The sentences to train on, those that score the epochs, and how raw text is to be cut into words."""
    data = config.data
    if not data.train:
        raise TrainingError("no training data; set data.train, or pass --train FILE")
    excerpts: list[Excerpt] = []
    train = _read_all(data.train, config, excerpts=excerpts)
    tokenizer = _tokenizer(config, excerpts)
    if data.dev:
        return train, _read_all(data.dev, config), tokenizer
    if len(train) < 2 * _HELD_OUT:
        raise TrainingError(f"got {len(train)} training sentences and no dev file; pass --dev FILE")
    logger.warning("no dev file: one training sentence in %d is held out to score the epochs", _HELD_OUT)
    dev = train[_HELD_OUT - 1 :: _HELD_OUT]
    return [sentence for i, sentence in enumerate(train, start=1) if i % _HELD_OUT], dev, tokenizer


def _tokenizer(config: Config, excerpts: Sequence[Excerpt]) -> Agreement:
    """The tokenizer that is named or agrees best; a warning if that is not good."""
    named = config.text.tokenizer
    tokenizer = choose_profile(excerpts, Profile if named == "auto" else [Profile(named)])
    if not tokenizer.fits:
        remedy = 'or train on characters, text.tokenizer = "character", if the data are annotated text'
        logger.warning("%s: %s; %s", ", ".join(config.data.train), tokenizer.warning, remedy)
    return tokenizer


def _read_all(paths: Sequence[str], config: Config, *, excerpts: list[Excerpt] | None = None) -> list[Sentence]:
    """The sentences of files; excerpts of each, where there is a list to add them to."""
    named = config.text.tokenizer
    cut = None if named == "auto" else partial(segment, profile=Profile(named))
    sentences: list[Sentence] = []
    for path in paths:
        documents = list(read_documents(path, **config.data.reading, segment=cut))
        sentences.extend(sentence for sentence in annotated_sentences(documents, path) if len(sentence))
        if excerpts is not None:
            excerpts += excerpts_of(documents)
    if not sentences:
        raise TrainingError(f"{', '.join(paths)}: got no sentence, expected annotated text")
    if bare := next((sentence for sentence in sentences if sentence.tags is None), None):
        raise TrainingError(f"{bare.source or paths[0]}: the words have no tags; name the column with data.tag_column")
    return sentences


def _settings(config: Config) -> FeatureSettings:
    is_pretrained = config.words.input == "pretrained"
    return FeatureSettings(
        learned_words=not is_pretrained or config.words.fine_tune > 0,
        characters=config.characters.encoder != "none",
        shapes=config.shapes.size > 0,
        min_count=config.words.fine_tune if is_pretrained else config.words.min_count,
        max_words=config.words.max_words,
        max_length=config.characters.max_length,
        shape_min_count=config.shapes.min_count,
    )


def _index(vectors: WordVectors) -> tuple[WordIndex, np.ndarray]:
    """The index of the words, and the table in its order with a first row of zeros for words without a vector."""
    index, order = WordIndex.build(vectors.words)
    zeros = np.zeros((1, vectors.table.shape[1]), np.float16)
    return index, np.concatenate([zeros, vectors.table[order]])


def _bioes(sentence: Sentence) -> list[str]:
    return convert_tags(sentence.tags or (), TagScheme.BIOES)
