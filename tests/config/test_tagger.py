"""The configuration: TOML there and back, overrides, and messages that say what to write instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nertagger.config import Config
from nertagger.errors import ConfigError

CELLS = "'simple', 'simple-relu', 'simplified-gru', 'gru', 'lstm' or 'peephole'"
ODD: dict[str, dict[str, Any]] = {
    "data": {
        "train": ["C:\\corpora\\new\\train.conll", 'say "hi".conll', "Zürich \x7f \x85 \u2028 😀.conll"],
        "dev": ["", " ", "#not a comment", "[section]", "'''", '"""', "a\r\n\tb\x00\x1f"],
        "format": "conll",
        "word_column": 3,
        "tag_column": -1,
        "lenient": True,
    },
    "words": {"input": "pretrained", "vectors": "\\\\server\\share\\glove.txt", "max_words": 10**12, "size": 7},
    "network": {
        "layers": 2,
        "direction": ["both", "forward"],
        "dense": [64, 1],
        "dropout": 0.0,
        "word_dropout": 0.999999999999,
    },
    "training": {"learning_rate": 1e-30, "clip_at": 1e22, "anneal_factor": 1, "optimizer": "sgd", "weight_decay": 5e-5},
}


@pytest.mark.parametrize("comments", [False, True])
@pytest.mark.parametrize("values", [{}, ODD], ids=["default", "odd"])
def test_toml_round_trip(values: dict[str, Any], comments: bool) -> None:
    config = Config.from_values(values)
    assert Config.from_toml(config.to_toml(comments=comments)) == config


@given(text=st.text(st.characters(exclude_categories=["Cs"])), comments=st.booleans())
@example(text="\x7f\x80\x85\ufeff\U0010ffff", comments=True)
@settings(max_examples=100)
def test_any_string_survives_toml(text: str, comments: bool) -> None:
    config = Config.from_values({"data": {"train": [text], "encoding": text}, "output": {"model": text}})
    assert Config.from_toml(config.to_toml(comments=comments)) == config


@given(number=st.floats(min_value=0, exclude_min=True, allow_infinity=False))
@settings(max_examples=100)
def test_any_number_survives_toml(number: float) -> None:
    config = Config.from_values({"training": {"learning_rate": number}})
    assert Config.from_toml(config.to_toml()).training.learning_rate == number


def test_file_round_trip_in_utf8(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    config = Config.from_values(ODD)
    path.write_bytes(config.to_toml(comments=True).encode())
    assert Config.from_file(path) == config


def test_comments_are_the_descriptions_of_every_field() -> None:
    lines = Config().to_toml(comments=True).splitlines()
    for section in Config.model_fields:
        assert f"[{section}]" in lines
        for key, field in type(getattr(Config(), section)).model_fields.items():
            place = next(i for i, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{key} ="))
            assert any(line == f"# {field.description}" for line in lines), key
            assert lines[place - 1].startswith("# ")


def test_default_file_holds_every_setting_and_says_what_is_left_out() -> None:
    text = Config().to_toml()
    assert "# word_column =\n" in text
    assert not text.startswith("\n")
    assert text.endswith('run = ""\n')


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_read_config_byte_order_mark_and_line_ends(tmp_path: Path, head: bytes, newline: bytes) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(head + newline.join([b"[network]", b"layers = 3", b""]))
    assert Config.from_file(path, ["network.units=7"]).network.model_dump(include={"layers", "units"}) == {
        "layers": 3,
        "units": 7,
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read as a configuration: No such file or directory"),
        (b"[data]\nformat = '\xfc'\n", "0xfc .* save the file as UTF-8"),
        ("[data]".encode("utf-16"), "0xff .* save the file as UTF-8"),
        (b"[data\n", "not valid TOML: .*line 1"),
        (b"[data]\na = 1\na = 2\n", "not valid TOML: .*line 3"),
        (b"[network]\nlayers = 0\n", "network.layers: expected a number greater than or equal to 1, got 0"),
        (b"[words]\ninput = 'pretrained'\n", "needs words.vectors"),
    ],
)
def test_messages_name_the_file(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "run.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        Config.from_file(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read as a configuration"):
        Config.from_file(tmp_path)


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
        ("[network]\ndirection = 'up'", "network.direction: expected 'forward', 'backward' or 'both', got 'up'"),
        (
            "[network]\nlayers = 2\ndirection = ['both', 'up']",
            "network.direction: expected 'forward', 'backward' or 'both', got ['both', 'up']",
        ),
        (
            "[network]\nlayers = 3\ndirection = ['both', 'forward']",
            "network.direction lists 2 directions, expected one for each of the 3 layers",
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
        ("[data]\nword_column = ''", "data.word_column: expected a whole number, got ''"),
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


def test_an_override_into_something_that_is_no_section() -> None:
    with pytest.raises(ConfigError, match=r"run.toml: network: expected a section, \[network\], got 3"):
        Config.from_values({"network": 3}, ["network.layers=2"], source="run.toml")


def test_an_innocent_override_does_not_take_the_blame_of_the_file() -> None:
    with pytest.raises(ConfigError, match=r"^run.toml: network.units"):
        Config.from_values({"network": {"units": 0}}, ["network.layers=2"], source="run.toml")


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["words.input=pretrained"], "needs words.vectors"),
        (["words.input=learned", "words.vectors=a.txt"], 'words.input = "learned" does not read it'),
        (["characters.encoder=bilstm", "characters.units=3"], "must be even, got 3"),
        (["training.weight_decay=0.1"], 'needs training.optimizer = "adamw" or "sgd"'),
    ],
)
def test_contradictions(overrides: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=r"^run\.toml: ") as caught:
        Config.from_values({}, overrides, source="run.toml")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "overrides",
    [
        ["words.vectors=a.txt", "words.fine_tune=0", "words.unknown_rate=0.1"],
        ["words.input=one-hot", "words.unknown_rate=0.1"],
        ["characters.encoder=cnn", "characters.units=3"],
        ["training.weight_decay=0.1", "training.optimizer=sgd"],
    ],
)
def test_what_only_looks_like_a_contradiction(overrides: list[str]) -> None:
    Config.from_values({}, overrides)


def test_naming_the_vectors_asks_for_them() -> None:
    assert Config.from_values({"words": {"vectors": "a.txt"}}).words.input == "pretrained"


def test_a_configuration_cannot_be_changed_by_accident() -> None:
    from pydantic import ValidationError

    config = Config()
    with pytest.raises(ValidationError, match="frozen"):
        config.network.layers = 2  # type: ignore[misc]


def test_updated_changes_settings_and_leaves_the_others() -> None:
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
        ({"characters.encoder": "bilstm", "characters.units": 3}, "characters.units is shared by two directions and"),
    ],
)
def test_updated_checks_as_files_are_checked(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config().updated(changes, source="here")
    assert str(caught.value).startswith(f"here: {message}")


def test_updated_keeps_what_follows_from_other_settings() -> None:
    assert Config().updated({"words.vectors": "a.txt"}).words.input == "pretrained"
    with pytest.raises(ConfigError, match=r'words\.input = "learned" does not read it'):
        Config().updated({"words.input": "learned"}).updated({"words.vectors": "a.txt"})
