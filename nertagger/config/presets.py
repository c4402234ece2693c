"""Sets of settings by name: what a run gives up for speed, or pays for accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

Preset = Literal["fast", "default", "accurate"]

_PRESETS: Mapping[Preset, Mapping[str, Any]] = {
    "fast": {"network.layers": 1, "network.units": 100},
    "default": {},
    "accurate": {"training.members": 2},
}


def with_preset(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by section, with those of the preset that they name where they have none of their own.

    Raises:
        ValueError: if there is no such preset.

    >>> with_preset({"preset": "fast", "network": {"units": 50}})
    {'network': {'units': 50, 'layers': 1}}
    """
    completed = {name: value for name, value in values.items() if name != "preset"}
    preset = values.get("preset", "default")
    if preset not in get_args(Preset):
        raise ValueError(f"preset: expected {', '.join(get_args(Preset))}, got {preset!r:.60}")
    for name, value in _PRESETS[preset].items():
        section, _, key = name.partition(".")
        known = completed.get(section, {})
        if isinstance(known, Mapping):  # else the error is reported with the section
            completed[section] = {**known, key: known.get(key, value)}
    return completed
