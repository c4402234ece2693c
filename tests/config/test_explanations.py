"""Messages about wrong settings: where, what was got and expected, and the nearest name."""

from __future__ import annotations

import pytest

from nertagger.config import Config
from nertagger.errors import ConfigError

CELLS = "'simple', 'simple-relu', 'simplified-gru', 'gru', 'lstm' or 'peephole'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[network]\nlayer = 2", "there is no setting network.layer; the nearest is network.layers"),
        ("[training]\nlearningrate = 2", "there is no setting training.learningrate; the nearest is training.learn"),
        ("[characters]\nmaxlength = 2", "the nearest is characters.max_length"),
        ("[trainning]\nepochs = 2", "there is no section trainning; the nearest is training"),
        ("[Network]\nlayers = 2", "there is no section Network; the nearest is network"),
        ("[network]\nbatch_size = 2", "there is no setting network.batch_size; there is training.batch_size"),
        ("[training]\nunits = 2", "there is no setting training.units; there is characters.units and network.units"),
        ("epochs = 2", "there is no section epochs; there is training.epochs"),
        ("[words.vectors]\nfile = 'a'", "words.vectors: expected a string, got {'file': 'a'}"),
    ],
)
def test_unknown_names(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_toml(text, source="run.toml")
    assert str(caught.value).startswith("run.toml: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[network]\ncell = 'rnn'", f"network.cell: expected {CELLS}, got 'rnn'"),
        ("[network]\ncell = 1", f"network.cell: expected {CELLS}, got 1"),
        (
            "[network]\ndirection = 'up'",
            "network.direction: expected 'forward', 'backward' or 'both', or a list in brackets, its strings in "
            "quotes, got 'up'",
        ),
        (
            "[network]\nlayers = 2\ndirection = ['both', 'up']",
            "network.direction: expected 'forward', 'backward' or 'both', got ['both', 'up']",
        ),
        (
            "[network]\nlayers = 3\ndirection = ['both', 'forward']",
            "network.direction lists 2 for 3 layers, expected one for each",
        ),
        ("[network]\nlayers = '2'", "network.layers: expected a whole number, got '2'"),
        ("[network]\nlayers = 2.0", "network.layers: expected a whole number, got 2.0"),
        ("[network]\nlayers = true", "network.layers: expected a whole number, got True"),
        ("[network]\ndropout = 1.0", "network.dropout: expected a number less than 1, got 1.0"),
        ("[network]\ndropout = -0.1", "network.dropout: expected a number greater than or equal to 0, got -0.1"),
        ("[network]\ndense = [8, 0]", "network.dense[1]: expected a number greater than or equal to 1, got 0"),
        ("[network]\ndense = 8", "network.dense: expected a list in brackets, its strings in quotes, got 8"),
        ("[data]\ntrain = 'a.conll'", "data.train: expected a list in brackets, its strings in quotes, got 'a.conll'"),
        ("[data]\ntrain = ['a', 1]", "data.train[1]: expected a string, got 1"),
        ("[data]\nlenient = 'yes'", "data.lenient: expected true or false, got 'yes'"),
        ("[data]\nlenient = 1", "data.lenient: expected true or false, got 1"),
        ("[data]\ntag_column = ''", "data.tag_column: expected a whole number, or a name, which is not empty, got ''"),
        ("[training]\nrefit = 'none'", "training.refit: expected a whole number, or 'auto', got 'none'"),
        ("[data]\nformat = 2024-01-01", "data.format: expected a string, got datetime.date(2024, 1, 1)"),
        ("[training]\nlearning_rate = inf", "training.learning_rate: expected a finite number, got inf"),
        ("[training]\nclip_at = nan", "training.clip_at: expected a finite number, got nan"),
        ("[training]\nlearning_rate = 0", "training.learning_rate: expected a number greater than 0, got 0"),
        ("[training]\nlearning_rate = 'fast'", "training.learning_rate: expected a number, got 'fast'"),
        ("[characters]\nmax_length = 1", "characters.max_length: expected a number greater than or equal to 2, got 1"),
        ("network = 3", "network: expected a section, got 3"),
        ("[[network]]\nlayers = 3", "network: expected a section, got [{'layers': 3}]"),
    ],
)
def test_wrong_values(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_toml(text, source="run.toml")
    assert str(caught.value) == f"run.toml: {message}"


def test_a_long_value_is_cut_and_stays_in_one_line() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_values({"network": {"cell": "a\n" * 5000}})
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)
