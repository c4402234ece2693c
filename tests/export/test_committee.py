"""Committees, and LSTM layers in 8-bit integers: what they compute, and that it depends on the sentence alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger.config import Config
from nertagger.errors import ConfigError
from nertagger.inspection.activations import tagger_activations
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime import Tagger
from nertagger.training.committee import committee_of
from nertagger.training.data import load_dataset
from nertagger.training.dataset import Dataset
from nertagger.training.loop.weights import get_weights
from nertagger.training.model_writing import model_members
from nertagger.training.state import build_network

SENTENCES = [["Anna", "lives", "in", "Oslo", "."], ["Kern"], ["the", "x"], ["Oslo", *["Zürich"] * 40], ["a", "b", "c"]]
Weights = dict[str, np.ndarray]


def random_weights(config: Config, dataset: Dataset, *, seed: int, scale: float = 0.3) -> Weights:
    """Return random weights of a network, none of which is zero."""
    rng = np.random.default_rng(seed)
    shapes = {name: array.shape for name, array in get_weights(build_network(config, dataset)).items()}
    return {name: rng.normal(0, scale, shape).astype(np.float32) for name, shape in shapes.items()}


def tagger_of(config: Config, dataset: Dataset, *members: Weights) -> Tagger:
    return Tagger(ModelFile.in_memory(model_members(config, dataset, committee_of(members), {})))


@pytest.fixture
def vectors(tmp_path: Path) -> str:
    path = tmp_path / "vectors.txt"
    path.write_text("anna 0.1 -0.2 0.3\noslo 1e-1 2 -3\nlives 0 0 1\nthe 1 1 1\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "settings",
    [["network.precision=float32"], ["network.output=softmax"], ["network.dense=[]"], ["network.layers=2"]],
    ids=" ".join,
)
def test_emissions_of_a_committee_are_the_mean_of_its_members(settings: list[str], tiny: Callable[..., Config]) -> None:
    config = tiny(*settings)
    dataset = load_dataset(config)
    members = [random_weights(config, dataset, seed=seed) for seed in range(3)]
    alone = [tagger_of(config, dataset, member).emissions(SENTENCES) for member in members]
    together = tagger_of(config, dataset, *members).emissions(SENTENCES)
    for found, *parts in zip(together, *alone, strict=True):
        wanted = np.mean(parts, axis=0)
        if config.network.output == "softmax":
            wanted -= np.log(np.exp(wanted).sum(axis=-1, keepdims=True))
        np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_the_crf_of_a_committee_is_the_mean_of_its_members(tiny: Callable[..., Config]) -> None:
    config = tiny()
    dataset = load_dataset(config)
    members = [random_weights(config, dataset, seed=seed) for seed in range(2)]
    name = "crf/transitions"
    found = tagger_of(config, dataset, *members).model.tensors
    np.testing.assert_allclose(found[name], (members[0][name] + members[1][name]) / 2, atol=1e-6)
    np.testing.assert_array_equal(found[f"member1/{name}"], members[1][name])


INPUTS = [[], ["words.tag_shares=false"], ["words.vectors={vectors}"], ["words.vectors={vectors}", "words.fine_tune=1"]]


@pytest.mark.parametrize("settings", INPUTS, ids=" ".join)
@pytest.mark.parametrize("direction", ["both", "backward"])
def test_int8_layers_are_close_to_float_layers(
    settings: list[str], direction: str, tiny: Callable[..., Config], vectors: str
) -> None:
    settings = [setting.format(vectors=vectors) for setting in settings]
    config = tiny(*settings, "network.layers=2", "network.units=20", f"network.direction={direction}")
    dataset = load_dataset(config)
    weights = random_weights(config, dataset, seed=0)
    wanted = tagger_of(config.updated({"network.precision": "float32"}), dataset, weights).emissions(SENTENCES)
    found = tagger_of(config, dataset, weights).emissions(SENTENCES)
    spread = np.concatenate(wanted).std()
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=0.4 * spread)
        assert np.abs(one - other).mean() < 0.1 * spread


@pytest.mark.parametrize(
    "scale", [0.1, 1.0, 5.0]
)  # with large weights, gates and states are at the ends of their range
def test_int8_emissions_depend_on_the_sentence_alone(scale: float, tiny: Callable[..., Config]) -> None:
    config = tiny("network.layers=2", "network.units=20")
    dataset = load_dataset(config)
    tagger = tagger_of(config, dataset, random_weights(config, dataset, seed=1, scale=scale))
    together = tagger.emissions(SENTENCES)
    for words, found in zip(SENTENCES, together, strict=True):
        np.testing.assert_array_equal(tagger.emissions([words])[0], found)


def test_states_of_a_committee_are_those_of_its_first_network(tiny: Callable[..., Config]) -> None:
    config = tiny("network.layers=2", "network.units=20", "network.precision=float32")
    dataset = load_dataset(config)
    members = [random_weights(config, dataset, seed=seed) for seed in range(2)]
    wanted = tagger_activations(tagger_of(config, dataset, members[0]), SENTENCES[0]).states
    found = tagger_activations(tagger_of(config, dataset, *members), SENTENCES[0]).states
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    int8 = config.updated({"network.precision": "int8"})
    rounded = tagger_activations(tagger_of(int8, dataset, *members), SENTENCES[0]).states
    assert rounded.shape == wanted.shape
    assert np.abs(rounded - wanted).mean() < 0.02


def test_int8_is_chosen_where_it_can_be() -> None:
    assert Config().is_int8
    assert not Config().updated({"network.precision": "float32"}).is_int8
    assert not Config().updated({"network.cell": "gru"}).is_int8


@pytest.mark.parametrize(
    "setting", [{"network.cell": "gru"}, {"words.input": "one-hot"}, {"features.language_model": "x.lm"}]
)
def test_settings_without_an_int8_graph_are_an_error(setting: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r'network\.precision = "int8" needs '):
        Config().updated({"network.precision": "int8", **setting})
