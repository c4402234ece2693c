"""The settings of a pretrained encoder: the same checks and messages as those of a tagger."""

from __future__ import annotations

import pytest

from nertagger.config import EncoderConfig
from nertagger.errors import ConfigError


def test_toml_round_trip() -> None:
    config = EncoderConfig.from_values({"data": {"text": ["a b.txt"]}, "network": {"units": 7}}, ["masked.mask=0.2"])
    assert EncoderConfig.from_toml(config.to_toml(comments=True)) == config
    assert config.network.directions == [("forward", "backward")] * 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"network": {"unit": 3}}, "there is no setting network.unit; the nearest is network.units"),
        ({"masked": {"mask": 0}}, "masked.mask: expected a number greater than 0, got 0"),
        (
            {"network": {"direction": ["both"]}},
            "network.direction lists 1 for 2 layers, expected one for each",
        ),
        (
            {"characters": {"encoder": "bilstm", "units": 5}},
            "characters.units is shared by two directions and must be even, got 5",
        ),
    ],
)
def test_wrong_values(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        EncoderConfig.from_values(values, source="pretrain")
    assert str(caught.value) == f"pretrain: {message}"
