"""ONNX and Keras agree for every architecture in float32: emissions within 1e-4, tags exactly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger.config import Config
from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import viterbi
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger
from nertagger.text.schemes import TagScheme, convert_tags
from nertagger.training.data import load_dataset
from nertagger.training.dataset import Dataset
from nertagger.training.loop.weights import get_weights, set_weights
from nertagger.training.model_writing import model_members
from nertagger.training.state import build_network

CELLS = ["simple", "simple-relu", "simplified-gru", "gru", "lstm", "peephole"]
DIRECTIONS = ["forward", "backward", "both"]
VARIANTS = [
    *([f"network.cell={c}", f"network.direction={d}"] for c in CELLS for d in DIRECTIONS),
    ["network.layers=3", "network.direction=both"],
    *([f"network.cell={c}", "network.layers=3", "network.direction=['both','forward','backward']"] for c in CELLS),
    ["words.input=one-hot", "network.layers=2", "network.direction=['backward','both']"],
    ["network.output=softmax"],
    ["network.dense=[]"],
    ["network.dense=[7, 5]"],
    ["network.dense=[4]", "network.output=softmax", "network.cell=gru"],
    ["characters.encoder=bilstm"],
    ["characters.encoder=none", "shapes.size=0"],
    ["characters.width=4"],
    ["characters.width=1", "characters.max_length=3"],
    ["words.input=one-hot"],
    ["words.input=one-hot", "network.cell=gru", "network.direction=backward"],
    ["words.vectors={vectors}"],
    ["words.tag_shares=false"],
    ["words.tag_shares=false", "words.input=one-hot"],
    ["words.tag_shares=false", "words.vectors={vectors}"],
    ["features.gazetteers=['{names}']"],
    ["features.gazetteers=['{names}']", "words.tag_shares=false", "words.input=one-hot"],
    ["words.vectors={vectors}", "words.fine_tune=1"],
    ["words.vectors={vectors}", "words.fine_tune=0"],
    ["words.vectors={vectors}", "characters.encoder=none", "shapes.size=0"],
]
SLOW = [
    *(["words.input=one-hot", f"network.cell={c}", "network.direction=backward"] for c in CELLS if c != "gru"),
    *([f"network.cell={c}", f"network.direction={d}", "network.layers=3"] for c in CELLS for d in DIRECTIONS),
]
UNSEEN = [["Kern", "2009", "Zürich", "😀", "a" * 60], ["x"], ["Anna"] * 11]


def randomise(network: object, seed: int = 0, *, scale: float = 0.5) -> dict[str, np.ndarray]:
    """Set all weights to random values, since initial values such as zero could hide errors; return the weights."""
    rng = np.random.default_rng(seed)
    weights = {name: rng.normal(0, scale, w.shape).astype(np.float32) for name, w in get_weights(network).items()}
    set_weights(network, weights)
    return weights


def keras_emissions(network: object, dataset: Dataset, sentences: list[list[str]]) -> list[np.ndarray]:
    """Return the emissions (T, K) of each sentence, computed one sentence at a time."""
    results = []
    for words in sentences:
        inputs = dataset.features.encode(dataset.features.forms(words))
        if dataset.vectors is not None:
            inputs["vectors"] = dataset.vectors.lookup(inputs.pop("vector_rows"))
        index = np.arange(len(words), dtype=np.int32)[:, None]
        emissions = network({**inputs, "index": index, "lengths": np.array([len(words)], np.int32)})
        results.append(np.array(emissions)[:, 0])
    return results


def expected_tags(config: Config, dataset: Dataset, weights: dict[str, np.ndarray], emissions: np.ndarray) -> list[str]:
    """Return the BIOES tags of the Viterbi path over the emissions of Keras."""
    numbers = (weights[f"crf/{name}"] for name in ("transitions", "start", "end"))
    transitions = Transitions.masked(dataset.tags, *numbers)
    path = viterbi(emissions[:, None].astype(np.float32), np.array([len(emissions)]), transitions)[:, 0]
    return [dataset.tags[k] for k in path]


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text("anna 0.1 -0.2 0.3\noslo 1e-1 2 -3\n0000 0 0 1\nthe 1 1 1\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "variant", [*VARIANTS, *(pytest.param(variant, marks=pytest.mark.slow) for variant in SLOW)], ids=" ".join
)
def test_runtime_agrees_with_keras(
    variant: list[str], tiny: Callable[..., Config], vectors: Path, tmp_path: Path
) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("New York\tLOC\nAnna Anna Anna\tPER\nKern\tPER\nKern\tORG\n", encoding="utf-8")
    files = {"vectors": vectors, "names": names}
    config = tiny("network.precision=float32", *(setting.format(**files) for setting in variant))
    dataset = load_dataset(config)
    network = build_network(config, dataset)
    # The states of a ReLU network are unbounded: keep them small enough for a float32 precision of 1e-4.
    weights = randomise(network, scale=0.15 if config.network.cell == "simple-relu" else 0.5)
    write_model(tmp_path / "m.ner", model_members(config, dataset, weights, {}))
    tagger = Tagger.load(tmp_path / "m.ner")
    sentences = [list(sentence.words) for sentence in dataset.train[:3]] + UNSEEN  # Keras takes long for each token
    expected = keras_emissions(network, dataset, sentences)
    if config.network.output == "softmax":
        expected = [e - np.log(np.exp(e).sum(axis=-1, keepdims=True)) for e in expected]
    for found, wanted in zip(tagger.emissions(sentences), expected, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-4)
    if config.network.output == "crf":
        wanted_tags = [expected_tags(config, dataset, weights, e) for e in expected]
        assert tagger.tag_tokens(sentences) == [convert_tags(tags, TagScheme.IOB2) for tags in wanted_tags]


def test_export_is_deterministic(tiny: Callable[..., Config]) -> None:
    config = tiny()
    dataset = load_dataset(config)
    weights = randomise(build_network(config, dataset))
    assert model_members(config, dataset, weights, {}) == model_members(config, dataset, weights, {})
