"""Which encoder a run starts from, why, and with which settings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nertagger.config import Config
from nertagger.errors import ConfigError
from nertagger.text.document import Sentence
from nertagger.training.encoder.choice import Start, choose_start
from nertagger.training.encoder.encoder import Encoder
from tests.training.encoder.small_encoders import SETTINGS, small_encoder


def sentences(text: str) -> list[Sentence]:
    return [Sentence.from_words(tuple(text.split()))]


ENGLISH = sentences("Anna saw the river in Oslo .")
OTHER = sentences("Anna sah den Fluss in Oslo .")


def choose(*settings: str, text: list[Sentence] = ENGLISH) -> Start:
    return choose_start(Config.from_values({}, settings), text, find=find, choose_weights=masked)


def find(name: str) -> Encoder:
    return small_encoder(settings={**SETTINGS, "network": {"layers": 1, "units": 3}} if "fast" in name else SETTINGS)


def masked(encoder: Encoder, train: Sequence[Sentence]) -> tuple[Encoder, str]:
    return encoder, "its tagger finds nothing"


def test_english_text_starts_from_the_english_encoder() -> None:
    start = choose()
    assert (
        start.note
        == "encoder: english, 100 % of the running words are known to it; its tagger finds nothing (2 x 5 lstm units)"
    )
    config = start.config
    assert start.encoder is not None
    assert config.encoder.source == "english"
    assert (config.words.input, config.words.vectors) == ("pretrained", "")
    assert (config.characters.units, config.shapes.size, config.network.units) == (4, 2, 5)
    assert config.network.dense == [100]


def test_other_text_starts_from_none() -> None:
    start = choose(text=OTHER)
    assert start.encoder is None
    expected = "encoder: none, since 50 % of the running words are known to english, expected 75 %"
    assert start.note == f"{expected}; word vectors of its language help: --vectors FILE"
    assert choose("words.vectors=a.txt", text=OTHER).note == expected
    assert (start.config.encoder.source, start.config.words.input) == ("none", "learned")


@pytest.mark.parametrize("setting", ["words.input=one-hot", "network.units=7", "characters.encoder=bilstm"])
def test_settings_that_the_encoder_cannot_have_leave_it_out(setting: str) -> None:
    start = choose(setting)
    assert start.encoder is None
    assert start.note.startswith(f"encoder: none, since {setting.partition('=')[0]} is ")
    assert start.config.encoder.source == "none"


@pytest.mark.parametrize("setting", ["words.input=learned", "network.layers=3", "shapes.size=0"])
def test_settings_that_contradict_a_named_encoder_are_an_error(setting: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{setting.partition('=')[0]} is .*, that of the encoder small\.enc is "):
        choose(setting, "encoder.source=small.enc")


def test_settings_equal_to_the_encoder_and_the_defaults_are_no_contradiction() -> None:
    same = choose("network.units=5", "network.layers=2", "shapes.size=16", "encoder.source=small.enc")
    assert same.note == "encoder: small.enc, as asked for (2 x 5 lstm units)"
    again = choose_start(same.config, ENGLISH, find=find)
    assert again.config == same.config


def test_none_is_none() -> None:
    start = choose("encoder.source=none")
    assert (start.encoder, start.note) == (None, "encoder: none, as asked for")
    assert start.config.network.units == 200


@pytest.mark.parametrize("source", ["auto", "english"])
def test_a_smaller_network_starts_from_the_smaller_english_encoder(source: str) -> None:
    start = choose(f"encoder.source={source}", "network.layers=1", "network.units=3")
    assert start.config.encoder.source == "english-fast"
    assert start.note.endswith("(1 x 3 lstm units)")
