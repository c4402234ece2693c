"""A trained network as the members of a model file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors.numpy

from nertagger.config import Config
from nertagger.export.graph import NamedArrays
from nertagger.export.tagger import export_network, with_limited_words, without_one_hot
from nertagger.export.words import export_words, word_limits
from nertagger.modelfile.schema import Member, Tensor, VocabularyKey, WordsGraph, tensor_name
from nertagger.modelfile.tensors import members_of
from nertagger.modelfile.writer import compact_json_member, json_member
from nertagger.runtime.leakage import sentence_keys
from nertagger.runtime.tokenizing import tokenizer_record
from nertagger.training.card import model_card
from nertagger.training.dataset import Dataset
from nertagger.training.loop.weights import Weights


def model_members(config: Config, dataset: Dataset, weights: Weights, metrics: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the members of the model file; the same arguments give the same bytes."""
    vocabulary = {
        VocabularyKey.TAGS: dataset.tags,
        VocabularyKey.OUTPUT: config.network.output,
        **dataset.features.to_dict(),
    }
    vocabulary[VocabularyKey.TOKENIZER] = tokenizer_record(dataset.tokenizer)
    language = dataset.language
    if language is not None:
        vocabulary[VocabularyKey.CONTEXT] = language.symbols.items
    tensors: dict[str, np.ndarray] = dict(weights)
    if dataset.vectors is not None and dataset.features.vectors is not None:
        tensors |= {**dataset.vectors.tensors, Tensor.WORD_KEYS: dataset.features.vectors.keys}
    if (counts := dataset.features.tag_counts) is not None:
        tensors |= {Tensor.TAG_COUNTS: counts.counts, Tensor.TAG_KEYS: counts.index.keys}
    if (gazetteer := dataset.features.gazetteer) is not None:
        tensors |= {tensor_name(Tensor.GAZETTEER, name): array for name, array in gazetteer.arrays.items()}
    tensors[Tensor.SENTENCE_KEYS] = sentence_keys(sentence.words for sentence in dataset.trained_on)
    one_hot = config.words.input == "one-hot"
    members: list[NamedArrays] = list(members_of(weights))
    if one_hot:
        members = [without_one_hot(config.network, one, dataset.sizes[WordsGraph.WORD_IDS]) for one in members]
    limits = []
    if config.is_int8:
        limits = [word_limits(config, one, dataset.sizes, vectors=dataset.vector_limits) for one in members]
        members = [with_limited_words(config.network, *pair) for pair in zip(members, limits, strict=True)]
    context = {} if language is None else {Member.CONTEXT: language.graph(weights)}
    return {
        **context,
        Member.CONFIG: config.to_toml().encode(),
        Member.VOCABULARY: compact_json_member(vocabulary),
        Member.METRICS: json_member(metrics),
        Member.CARD: model_card(config, dataset, metrics).encode(),
        Member.WORDS: export_words(config, members, dataset.sizes, limits=limits),
        Member.NETWORK: export_network(config.network, members, int8=config.is_int8),
        Member.WEIGHTS: safetensors.numpy.save(tensors),
    }


def model_size(dataset: Dataset, weights: Weights) -> int:
    """Return about how many bytes the model file takes: weights as tensors and in graphs, and word vectors."""
    vectors = 0 if dataset.vectors is None else dataset.vectors.numbers.nbytes
    return 2 * sum(array.nbytes for array in weights.values()) + vectors
