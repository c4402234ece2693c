"""The settings of a tagger: which contradict and which imply each other."""

from __future__ import annotations

import pytest

from nertagger.config import Config
from nertagger.errors import ConfigError


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["words.input=pretrained"], "needs words.vectors"),
        (["words.input=pretrained", "encoder.source=none"], "needs words.vectors"),
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
        ["words.input=pretrained", "encoder.source=e.enc"],
        ["characters.encoder=cnn", "characters.units=3"],
        ["training.weight_decay=0.1", "training.optimizer=sgd"],
    ],
)
def test_settings_that_do_not_contradict_each_other(overrides: list[str]) -> None:
    assert Config.from_values({}, overrides) != Config()


def test_word_vectors_imply_pretrained_input() -> None:
    assert Config.from_values({"words": {"vectors": "a.txt"}}).words.input == "pretrained"


def test_a_configuration_cannot_be_changed_by_accident() -> None:
    from pydantic import ValidationError

    config = Config()
    with pytest.raises(ValidationError, match="frozen"):
        config.network.layers = 2  # type: ignore[misc]
