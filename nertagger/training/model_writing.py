"""A trained network as the members of a model file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from nertagger.config import Config
from nertagger.export.tagger import export_network, export_words, without_one_hot
from nertagger.modelfile import model_file
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime.leakage import TENSOR, sentence_keys
from nertagger.runtime.tokenizing import tokenizer_record
from nertagger.training.card import model_card
from nertagger.training.data import Dataset
from nertagger.training.loop.weights import Weights


def model_members(config: Config, dataset: Dataset, weights: Weights, metrics: Mapping[str, Any]) -> dict[str, bytes]:
    """The members of the model file; the same arguments give the same bytes."""
    vocabulary = {"tags": dataset.tags, "output": config.network.output, **dataset.features.to_dict()}
    vocabulary["tokenizer"] = tokenizer_record(dataset.tokenizer)
    language = dataset.language
    if language is not None:
        vocabulary["context"] = language.symbols.items
    tensors: dict[str, np.ndarray] = dict(weights)
    if dataset.vectors is not None and dataset.features.vectors is not None:
        tensors |= {"word_vectors": dataset.vectors, "word_keys": dataset.features.vectors.keys}
    if (counts := dataset.features.tag_counts) is not None:
        tensors |= {"tag_counts": counts.counts, "tag_keys": counts.index.keys}
    tensors[TENSOR] = sentence_keys(sentence.words for sentence in dataset.learned)
    one_hot = config.words.input == "one-hot"
    run = without_one_hot(config.network, weights, dataset.sizes["word_ids"]) if one_hot else weights
    context = {} if language is None else {model_file.CONTEXT_MEMBER: language.graph(weights)}
    return {
        **context,
        "config.toml": config.to_toml().encode(),
        "vocabulary.json": json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":")).encode(),
        "metrics.json": (json.dumps(metrics, indent=2, ensure_ascii=False) + "\n").encode(),
        "README.md": model_card(config, dataset, metrics).encode(),
        "words.onnx": export_words(config, run, dataset.sizes),
        "network.onnx": export_network(config.network, run),
        "weights.safetensors": safetensors.numpy.save(tensors),
    }


def model_size(dataset: Dataset, weights: Weights) -> int:
    """About how many bytes the model file takes: the weights as tensors and in graphs, and the word vectors."""
    vectors = 0 if dataset.vectors is None else dataset.vectors.nbytes
    return 2 * sum(array.nbytes for array in weights.values()) + vectors


def in_memory(members: Mapping[str, bytes]) -> ModelFile:
    """A model file that was never written, for judging weights by the very code that will run them."""
    return ModelFile(
        Path("the network in training"), "", {}, {name: memoryview(content) for name, content in members.items()}
    )


def save_model(path: str | Path, members: Mapping[str, bytes]) -> None:
    """Write the model file; see `model_file.write`."""
    model_file.write(path, members)
