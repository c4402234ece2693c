"""Configurations as TOML text and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nertagger.config import Config
from nertagger.errors import ConfigError

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


def test_the_default_file_has_every_setting_and_comments_out_what_has_no_value() -> None:
    text = Config().to_toml()
    assert "# word_column =\n" in text
    assert not text.startswith("\n")
    assert text.endswith('run = ""\n')


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_byte_order_mark_and_line_ends(tmp_path: Path, head: bytes, newline: bytes) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(head + newline.join([b"[network]", b"layers = 3", b""]))
    assert Config.from_file(path, ["network.units=7"]).network.model_dump(include={"layers", "units"}) == {
        "layers": 3,
        "units": 7,
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file; nertagger init"),
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


def test_a_folder_is_not_a_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read as a configuration"):
        Config.from_file(tmp_path)
