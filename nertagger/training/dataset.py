"""The data of a run: sentences, and what is built from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nertagger.config import Config
from nertagger.features import EncodedCorpus, Features, VectorTable
from nertagger.modelfile.schema import NetworkGraph, WordsGraph
from nertagger.runtime.language_model.contexts import Contexts
from nertagger.text.document import Sentence
from nertagger.text.tokenization.profiles import Agreement
from nertagger.training.contextual import ContextStore, Language
from nertagger.training.encoder.encoder import Encoder

_DEVIATIONS, _ROWS = 10.0, 1 << 14


@dataclass(frozen=True)
class Dataset:
    """The sentences that a run is trained and scored on, and what is built from them.

    Attributes:
        config: the settings of the run, those that the encoder decides included.
        train, dev: annotated sentences, none empty.
        replay: annotated sentences of an earlier training, some of which are in each epoch.
        trained_on: the sentences to train on: the training split and `replay`, later with those that `with_dev` adds.
        tags: the K BIOES tags of the training sentences' labels, ``O`` first.
        features: the vocabularies of the inputs.
        vectors: the table of pretrained word vectors; None unless they are the input.
        encoded: the sentences to train on as arrays.
        tokenizer: how raw text is to be tokenized, and how well that agrees with the training tokens.
        encoder: the pretrained encoder that training starts from; None for random weights.
        language: the language model whose states are features; None without one.
        contexts: gives the states of a frozen language model, and caches them.
        source: gives the batches their part of the language model's states or inputs.
    """

    config: Config
    train: list[Sentence]
    dev: list[Sentence]
    replay: list[Sentence]
    trained_on: list[Sentence]
    tags: list[str]
    features: Features
    vectors: VectorTable | None
    encoded: EncodedCorpus
    tokenizer: Agreement
    encoder: Encoder | None = None
    language: Language | None = None
    contexts: Contexts | None = None
    source: ContextStore | None = None

    @property
    def lists(self) -> Sequence[str]:
        """The labels of the gazetteer, none without one."""
        return () if self.features.gazetteer is None else self.features.gazetteer.labels

    @cached_property
    def vector_limits(self) -> np.ndarray | None:
        """Float32 (D,), beyond which the numbers of nearly no word vector are; None without vectors."""
        return None if self.vectors is None else _limits(self.vectors)

    @property
    def sizes(self) -> dict[str, int]:
        """Return the number of ids of each input of the word encoder, or its width for vectors, tags and states."""
        known = {
            WordsGraph.WORD_IDS: self.features.words,
            WordsGraph.CHARACTERS: self.features.characters,
            WordsGraph.SHAPES: self.features.shapes,
        }
        sizes = {name: len(part) for name, part in known.items() if part is not None}
        if self.features.tag_counts is not None:
            sizes[WordsGraph.TAG_SHARES] = len(self.tags)
        if self.features.gazetteer is not None:
            sizes[WordsGraph.GAZETTEER] = self.features.gazetteer.width
        if self.language is not None:
            sizes[NetworkGraph.CONTEXT] = self.language.width
        return sizes if self.vectors is None else {WordsGraph.VECTORS: self.vectors.shape[1], **sizes}


def _limits(table: VectorTable) -> np.ndarray:
    """Return ten times the root mean square of each column of a table of vectors."""
    size = table.shape[0]
    parts = np.array_split(np.arange(size), size // _ROWS + 1)
    squares = sum(np.square(table.lookup(part)).sum(axis=0) for part in parts)
    limits: np.ndarray = _DEVIATIONS * np.sqrt(squares / size)
    return limits
