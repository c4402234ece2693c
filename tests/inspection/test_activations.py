"""Activations are the states of the network that tags; units that follow a mark are found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger.config import Config
from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import NerTaggerError
from nertagger.features.symbols import END_ID
from nertagger.features.vocabulary import Vocabulary
from nertagger.inspection.activations import language_activations, tagger_activations
from nertagger.inspection.units import inside_brackets, inside_names, inside_quotes, most_variable_units, rank_units
from nertagger.modelfile.writer import write_model
from nertagger.network.language_model import LanguageNetwork
from nertagger.network.recurrent import reversal
from nertagger.runtime import Tagger
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.training.data import load_dataset
from nertagger.training.language_model.model_writing import language_members
from nertagger.training.loop.weights import get_weights
from nertagger.training.model_writing import model_members
from nertagger.training.state import build_network

SYMBOLS = Vocabulary(["\n", *"abc "])
SENTENCES = "Anna B-PER\nspoke O\n. O\n\nin O\nOslo B-LOC\n\n" * 3


def save_language_model(path: Path, **settings: object) -> dict[str, LanguageNetwork]:
    config = LanguageModelConfig(**{"units": 5, "size": 4, "dropout": 0.0, **settings})  # type: ignore[arg-type]
    networks = {name: LanguageNetwork(config, len(SYMBOLS), name=name) for name in config.directions}
    weights: dict[str, np.ndarray] = {}
    for name, network in networks.items():
        network.build()
        weights |= {f"{name}/{key}": array for key, array in get_weights(network).items()}
    write_model(path, language_members(config, SYMBOLS, weights, {}))
    return networks


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("layer", [0, 1])
def test_language_model_states_equal_keras(cell: str, direction: str, layer: int, tmp_path: Path) -> None:
    networks = save_language_model(tmp_path / "m.lm", cell=cell, layers=2)
    found = language_activations(LanguageModel.load(tmp_path / "m.lm"), "ab\ncab", direction=direction, layer=layer)
    assert "".join(found.symbols) == "ab\ncab"
    ids = np.array([SYMBOLS.id(symbol) for symbol in found.symbols])
    order = ids[::-1] if direction == "backward" else ids
    reader = networks[direction].reader
    states = reader.table(np.concatenate([[END_ID], order])[:, None])
    for level in reader.levels[: layer + 1]:
        states = level(states, None)
    expected = np.array(states)[1:, 0]
    np.testing.assert_allclose(found.states, expected[::-1] if direction == "backward" else expected, atol=1e-5)


def test_words_of_a_language_model(tmp_path: Path) -> None:
    save_language_model(tmp_path / "m.lm", level="words", direction="forward")
    found = language_activations(LanguageModel.load(tmp_path / "m.lm"), "a  b unseen")
    assert found.symbols == ("a", "b", "unseen")
    assert found.states.shape == (3, 5)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Tagger]:
    """Writes and loads an untrained tagger; its attribute `made` has the network and data."""

    def save(*settings: str) -> Tagger:
        (tmp_path / "train.conll").write_text(SENTENCES)
        data = {"train": [str(tmp_path / "train.conll")], "dev": [str(tmp_path / "train.conll")]}
        config = Config.from_values({"data": data}, ["network.layers=1", "network.units=6", *settings])
        dataset = load_dataset(config)
        network = build_network(config, dataset)
        write_model(tmp_path / "m.ner", model_members(config, dataset, get_weights(network), {}))
        tagger = Tagger.load(tmp_path / "m.ner")
        tagger.made = (network, dataset)  # type: ignore[attr-defined]
        return tagger

    return save


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("cell", ["simple-relu", "peephole"])
def test_tagger_states_equal_keras(cell: str, layer: int, saved: Callable[..., Tagger]) -> None:
    tagger = saved(f"network.cell={cell}", "network.layers=2", "network.direction=['both','backward']")
    network, dataset = tagger.made  # type: ignore[attr-defined]
    words = dataset.train[0].words
    found = tagger_activations(tagger, words, layer=layer)
    places = reversal(np.array([len(words)], np.int32), len(words))
    states = np.array(network.words(dataset.features.encode(words)))[:, None]
    for level in network.stack.levels[: layer + 1]:
        states = np.concatenate([np.array(one(states, places)) for one in level], axis=-1)
    assert found.states.shape == (3, 12 if layer == 0 else 6)
    np.testing.assert_allclose(found.states, states[:3, 0], atol=1e-5)


def test_a_missing_layer_or_text_is_an_error(saved: Callable[..., Tagger], tmp_path: Path) -> None:
    with pytest.raises(NerTaggerError, match="got layer 1, expected one from 0 to 0"):
        tagger_activations(saved(), ["Anna"], layer=1)
    save_language_model(tmp_path / "m.lm")
    model = LanguageModel.load(tmp_path / "m.lm")
    with pytest.raises(NerTaggerError, match="got layer 2, expected one from 0 to 0"):
        language_activations(model, "a", layer=2)
    with pytest.raises(NerTaggerError, match="without a symbol"):
        language_activations(model, " \n")
    with pytest.raises(NerTaggerError, match="without a word"):
        tagger_activations(saved(), [])


def test_a_planted_unit_is_found() -> None:
    text = 'he said "no way" and "yes" (at last) to "all" of it'
    mark = inside_quotes(text)
    generator = np.random.default_rng(0)
    states = generator.normal(0, 0.3, (len(text), 20))
    states[:, 13] = np.where(mark, -0.8, 0.7) + generator.normal(0, 0.1, len(text))
    best, *rest = rank_units(states, mark)
    assert best.number == 13
    assert best.area == 0.0
    assert all(abs(unit.area - 0.5) < 0.3 for unit in rest)
    assert most_variable_units(states, 1) == [13]


@pytest.mark.parametrize("mark", [[True, True], [False, False]])
def test_a_mark_of_all_or_no_symbols_is_an_error(mark: list[bool]) -> None:
    with pytest.raises(NerTaggerError, match="symbol of the text is marked"):
        rank_units(np.zeros((2, 3)), mark)


def test_marks() -> None:
    assert inside_quotes(["``", "a", "''", "b", "“", "c", "”"]) == [False, True, False, False, False, True, False]
    assert inside_brackets("a) (b") == [False, False, False, False, True]
    assert inside_names(["B-PER", "I-PER", "O", "S-LOC"]) == [True, True, False, True]
