"""The settings of a language model: the same checks and messages as those of a tagger."""

from __future__ import annotations

import pytest

from nertagger.config import LanguageModelConfig
from nertagger.errors import ConfigError


def test_toml_round_trip() -> None:
    config = LanguageModelConfig.from_values({"text": ["a b.txt"], "units": 7, "direction": "forward"})
    assert LanguageModelConfig.from_toml(config.to_toml(comments=True)) == config
    assert config.directions == ("forward",)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"stepz": 3}, "there is no setting stepz; the nearest is steps"),
        ({"units": "many"}, "units: expected a whole number, got 'many'"),
        ({"text": ["a", 1]}, "text[1]: expected a string, got 1"),
        ({"dropout": 1.0}, "dropout: expected a number less than 1, got 1.0"),
        ({"level": "bytes"}, "level: expected 'characters' or 'words', got 'bytes'"),
    ],
)
def test_wrong_values(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        LanguageModelConfig.from_values(values, source="lm train")
    assert str(caught.value) == f"lm train: {message}"


def test_former_names_are_accepted_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    config = LanguageModelConfig.from_values({"lanes": 3, "check_every": 7}, source="lm train")
    assert (config.batch_size, config.evaluate_every) == (3, 7)
    assert caplog.messages == [
        "lm train: the setting lanes is now called batch_size",
        "lm train: the setting check_every is now called evaluate_every",
    ]


def test_former_names_in_a_stored_model_need_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert LanguageModelConfig.from_stored("lanes = 3\n", source="a.lm").batch_size == 3
    assert not caplog.messages


def test_updated() -> None:
    config = LanguageModelConfig(units=7).updated({"model": "b.lm"})
    assert (config.units, config.model) == (7, "b.lm")
    with pytest.raises(ConfigError, match=r"^here: units: expected a number greater than or equal to 1, got 0$"):
        config.updated({"units": 0}, source="here")
