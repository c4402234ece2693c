"""Overrides by dotted names, from command lines and from Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nertagger.config import Config
from nertagger.errors import ConfigError


@pytest.mark.parametrize(
    ("override", "section", "key", "value"),
    [
        ("network.layers=2", "network", "layers", 2),
        (" network . layers = 2 ", "network", "layers", 2),
        ("training.learning_rate=1e-4", "training", "learning_rate", 0.0001),
        ("training.learning_rate=1", "training", "learning_rate", 1.0),
        ("network.cell=gru", "network", "cell", "gru"),
        ('network.cell="gru"', "network", "cell", "gru"),
        ("network.dense=[64, 32]", "network", "dense", [64, 32]),
        ("network.dense=[]", "network", "dense", []),
        ('data.train=["a b.conll", "c.conll"]', "data", "train", ["a b.conll", "c.conll"]),
        ("data.lenient=true", "data", "lenient", True),
        ("data.tag_column=-1", "data", "tag_column", -1),
        ("output.model=a=b.ner", "output", "model", "a=b.ner"),
        ("output.model=C:\\new\\model.ner", "output", "model", "C:\\new\\model.ner"),
        ("output.model=my model.ner", "output", "model", "my model.ner"),
        ("output.model=2024", "output", "model", "2024"),
        ("output.model=2024-01-01", "output", "model", "2024-01-01"),
        ("output.run=", "output", "run", ""),
        ("output.model=#1.ner", "output", "model", "#1.ner"),
        ('output.model="\\u00fc"', "output", "model", "ü"),
    ],
)
def test_overrides(override: str, section: str, key: str, value: Any) -> None:
    found = getattr(getattr(Config.from_values({}, [override]), section), key)
    assert found == value
    assert type(found) is type(value)


def test_overrides_win_over_the_file_and_later_ones_over_earlier_ones() -> None:
    values = {"network": {"layers": 3, "units": 5}}
    config = Config.from_values(values, ["network.layers=4", "network.layers=2"])
    assert (config.network.layers, config.network.units) == (2, 5)
    assert values == {"network": {"layers": 3, "units": 5}}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("layers=2", "--set layers=2: expected section.key=value, as in network.layers=2"),
        ("network.layers", "--set network.layers: expected section.key=value, as in network.layers=2"),
        ("network.layer=2", "--set network.layer=2: there is no setting network.layer; the nearest is network.layers"),
        ("network.layers=two", "--set network.layers=two: network.layers: expected a whole number, got 'two'"),
        (
            "network.dense=[0]",
            "--set network.dense=[0]: network.dense[0]: expected a number greater than or equal to 1, got 0",
        ),
        ("net.layers=2", "--set net.layers=2: there is no section net; the nearest is network"),
        ("network.layers.x=2", "--set network.layers.x=2: there is no setting network.layers.x; the nearest is "),
    ],
)
def test_wrong_overrides_are_named(override: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_values({"data": {"format": "conll"}}, [override], source="run.toml")
    assert str(caught.value).startswith(message)


def test_an_override_of_something_that_is_not_a_section() -> None:
    with pytest.raises(ConfigError, match=r"run.toml: network: expected a section, \[network\], got 3"):
        Config.from_values({"network": 3}, ["network.layers=2"], source="run.toml")


def test_an_error_of_the_file_does_not_name_an_override() -> None:
    with pytest.raises(ConfigError, match=r"^run.toml: network.units"):
        Config.from_values({"network": {"units": 0}}, ["network.layers=2"], source="run.toml")


def test_updated_changes_settings_and_keeps_the_others() -> None:
    config = Config.from_values({"network": {"units": 7}})
    changed = config.updated({"training.epochs": 2, "network": {"layers": 2, "direction": ["both", "forward"]}})
    assert (changed.training.epochs, changed.network.layers, changed.network.units) == (2, 2, 7)
    assert config == Config.from_values({"network": {"units": 7}})
    assert config.updated({}) == config


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network.layer": 2}, "there is no setting network.layer; the nearest is network.layers"),
        ({"network.layers": "two"}, "network.layers: expected a whole number, got 'two'"),
        ({"epochs": 2}, "there is no section epochs; there is training.epochs"),
        ({"network": 3}, "network: expected a section, got 3"),
        ({"encoder.source": ""}, "encoder.source: expected a name, which is not empty, got ''"),
        ({"network.units": np.array([1])}, "network.units: expected a whole number, got array([1])"),
        ({"characters.encoder": "bilstm", "characters.units": 3}, "characters.units is shared by two directions and"),
    ],
)
def test_updated_checks_as_files_are_checked(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config().updated(changes, source="here")
    assert str(caught.value).startswith(f"here: {message}")


def test_numbers_of_numpy_are_accepted_as_those_of_python() -> None:
    config = Config().updated({"network.units": np.int64(50), "training": {"entity_bias": np.bool_(False)}})
    assert (type(config.network.units), config.training.entity_bias) == (int, False)


def test_updated_keeps_implied_settings() -> None:
    assert Config().updated({"words.vectors": "a.txt"}).words.input == "pretrained"
    with pytest.raises(ConfigError, match=r'words\.input = "learned" does not read it'):
        Config().updated({"words.input": "learned"}).updated({"words.vectors": "a.txt"})
