"""Small model files made by hand, to test tagging without training."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load, save

from nertagger.features import WordIndex
from nertagger.features.vectors.columns import quantize_columns
from nertagger.modelfile.writer import write_model
from nertagger.text.schemes import bioes_tags

CONFIG = '[network]\ncell = "lstm"\nlayers = 1\n'
CARD = "# A model made for a test\n"


def float_info(name: str, *shape: int | str):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def int_info(name: str, *shape: int | str):
    return helper.make_tensor_value_info(name, TensorProto.INT32, shape)


def graph_bytes(nodes, inputs, outputs, weights: Mapping[str, np.ndarray]) -> bytes:
    tensors = [numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "graph", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def crf_weights(between: np.ndarray, start: np.ndarray, end: np.ndarray) -> dict[str, np.ndarray]:
    named = {"crf/transitions": between, "crf/start": start, "crf/end": end}
    return {name: array.astype(np.float32) for name, array in named.items()}


def members_of(vocabulary: dict, weights: dict[str, np.ndarray], words: bytes, network: bytes) -> dict[str, bytes]:
    """Return the members of a model file with these parts."""
    return {
        "config.toml": CONFIG.encode(),
        "vocabulary.json": json.dumps(vocabulary).encode(),
        "metrics.json": json.dumps({"dev": {"f1": 0.5}}).encode(),
        "README.md": CARD.encode(),
        "words.onnx": words,
        "network.onnx": network,
        "weights.safetensors": save(weights),
    }


def lexicon_members(lexicon: Mapping[str, str], *, output: str = "crf", certainty: float = 8.0) -> dict[str, bytes]:
    """Return a tagger that predicts the BIOES tag of each word in a lexicon and O for others, where that is legal."""
    tags = bioes_tags(dict.fromkeys(tag[2:] for tag in lexicon.values()))
    K = len(tags)
    rows = np.array([0, *map(tags.index, lexicon.values())])
    table = np.eye(K, dtype=np.float32)[rows] * certainty
    if output == "softmax":
        table -= np.log(np.exp(table).sum(axis=1, keepdims=True))
    words = graph_bytes(
        [helper.make_node("Gather", ["table", "word_ids"], ["words"])],
        [int_info("word_ids", "W")],
        [float_info("words", "W", K)],
        {"table": table},
    )
    network = graph_bytes(
        [helper.make_node("Identity", ["words"], ["emissions"])],
        [float_info("words", "T", "B", K), int_info("lengths", "B")],
        [float_info("emissions", "T", "B", K)],
        {},
    )
    vocabulary = {"tags": tags, "output": output, "words": list(lexicon)}
    zeros = np.zeros((K, K))
    return members_of(vocabulary, crf_weights(zeros, zeros[0], zeros[0]), words, network)


@pytest.fixture(scope="session")
def model_parts() -> SimpleNamespace:
    """Return the functions above, for tests that make models."""
    functions = (float_info, int_info, graph_bytes, crf_weights, members_of)
    return SimpleNamespace(**{function.__name__: function for function in functions})


LEXICON = {
    "Barack": "B-PER",
    "Obama": "E-PER",
    "Michelle": "S-PER",
    "Paris": "S-LOC",
    "New": "B-LOC",
    "York": "E-LOC",
    "妈": "S-PER",
}


@pytest.fixture(scope="session")
def lexicon_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model file that knows "Barack Obama", "Michelle", "Paris", "New York" and "妈"."""
    path = tmp_path_factory.mktemp("lexicon") / "lexicon.ner"
    write_model(path, lexicon_members(LEXICON))
    return path


@pytest.fixture
def make_lexicon_model(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a model file with another lexicon or output layer."""

    def make(lexicon: Mapping[str, str], **options) -> Path:
        path = tmp_path / "made.ner"
        write_model(path, lexicon_members(lexicon, **options))
        return path

    return make


ENCODER_CONFIG = """[characters]
encoder = "cnn"
size = 2
units = 3
width = 3

[shapes]
size = 2

[network]
layers = 2
units = 4
"""
ENCODER_WORDS = ["paris", "new", "york", "obama"]


def encoder_members(table: np.ndarray | None = None) -> dict[str, bytes]:
    """Return an encoder with vectors of width 5 for four words, characters, shapes and two layers of 4 units."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(len(ENCODER_WORDS), 5)).astype(np.float32) if table is None else table
    shapes = {"words/characters/table/embeddings": (6, 2), "words/shapes/embeddings": (3, 2)}
    shapes |= {"words/characters/filters/kernel": (3, 2, 3), "words/characters/filters/bias": (3,)}
    for level, width in enumerate([5 + 3 + 2, 8]):
        for direction in ("forward", "backward"):
            layer = f"stack/layer{level}_{direction}"
            shapes |= {f"{layer}/kernel": (width, 16), f"{layer}/bias": (16,), f"{layer}/loop/cell/recurrent": (4, 16)}
    index, order = WordIndex.build(ENCODER_WORDS)
    numbers, scales = quantize_columns(table)
    tensors = {name: rng.normal(0, 0.5, shape).astype(np.float16) for name, shape in shapes.items()}
    tensors |= {"word_keys": index.keys, "vector_scales": scales}
    tensors["word_vectors"] = np.concatenate([np.zeros((1, 5), np.int8), numbers[order]])
    vocabulary = {"characters": ["a", "b"], "max_length": 9, "shapes": ["Xx", "xx"]}
    return {
        "config.toml": ENCODER_CONFIG.encode(),
        "vocabulary.json": json.dumps(vocabulary).encode(),
        "metrics.json": json.dumps({"step": 9}).encode(),
        "README.md": b"# An encoder made for a test\n",
        "weights.safetensors": save(tensors),
    }


def package_members() -> dict[str, dict[str, bytes]]:
    """Return made-up files of the package: a tagger that finds "Paris" and "New York", stored without its vectors."""
    tags = bioes_tags(["LOC"])
    K = len(tags)
    scores = 8 * np.eye(K, dtype=np.float32)[[tags.index(tag) for tag in ("S-LOC", "B-LOC", "E-LOC", "O")]]
    words = graph_bytes(
        [helper.make_node("Concat", ["vectors"], ["words"], axis=1)],
        [float_info("vectors", "W", K)],
        [float_info("words", "W", K)],
        {},
    )
    network = graph_bytes(
        [helper.make_node("Add", ["words", "outside"], ["emissions"])],
        [float_info("words", "T", "B", K), int_info("lengths", "B")],
        [float_info("emissions", "T", "B", K)],
        {"outside": np.eye(K, dtype=np.float32)[0]},
    )
    zeros = np.zeros((K, K))
    weights = crf_weights(zeros, zeros[0], zeros[0]) | {"emit/bias": np.zeros(K, np.float16)}
    encoder = encoder_members(scores)
    without = {
        name: t for name, t in load(encoder["weights.safetensors"]).items() if name.startswith(("words", "stack"))
    }
    return {
        "english.enc": encoder,
        "fast.enc": encoder | {"weights.safetensors": save(without)},
        "tagger.ner": members_of({"tags": tags, "output": "crf"}, weights, words, network),
    }


@pytest.fixture
def english_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with made-up files in place of those of the package, for this process."""
    folder = tmp_path / "package"
    folder.mkdir()
    for name, members in package_members().items():
        write_model(folder / name, members)
    monkeypatch.setattr("nertagger.english.files.FOLDER", folder)
    return folder


@pytest.fixture
def good_members() -> dict[str, bytes]:
    """Return the members of a valid model file, for tests to change."""
    return lexicon_members(LEXICON)
