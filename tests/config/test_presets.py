"""Presets: settings below those that are stated."""

from __future__ import annotations

import pytest

from nertagger.config import Config
from nertagger.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("fast", {"network.layers": 1, "network.units": 100}),
        ("default", {}),
        ("accurate", {"training.members": 2}),
    ],
)
def test_a_preset_is_a_set_of_settings(name: str, settings: dict[str, object]) -> None:
    assert Config.preset(name) == Config().updated(settings)  # type: ignore[arg-type]
    assert Config().updated({"preset": name}) == Config.preset(name)  # type: ignore[arg-type]


def test_what_is_stated_is_kept_in_any_order() -> None:
    wanted = Config().updated({"network.layers": 1, "network.units": 50})
    assert Config.from_values({"preset": "fast"}, ["network.units=50"]) == wanted
    assert Config.from_toml('preset = "fast"\n[network]\nunits = 50\n') == wanted
    assert Config().updated({"network.units": 50}).updated({"preset": "fast"}) == wanted
    assert Config.preset("fast").updated({"network": {"units": 50}}) == wanted


def test_a_written_configuration_states_the_settings_of_its_preset() -> None:
    written = Config.preset("accurate").to_toml(comments=True)
    assert "members = 2" in written
    assert Config.from_toml(written) == Config.preset("accurate")


def test_an_unknown_preset_is_an_error() -> None:
    with pytest.raises(ConfigError, match="preset: expected fast, default, accurate, got 'best'"):
        Config.from_values({"preset": "best"})


def test_a_section_that_is_none_is_reported_as_such() -> None:
    with pytest.raises(ConfigError, match="network"):
        Config.from_values({"preset": "fast", "network": 3})
