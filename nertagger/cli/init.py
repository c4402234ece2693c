"""``nertagger init``: a configuration to start from."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.parser import Option
from nertagger.cli.common.terminal import show
from nertagger.config import Config, Preset


def init(
    preset: Annotated[Preset, Option(help="speed against accuracy: the settings to begin with")] = "default",
) -> None:
    """Write a commented configuration to standard output: nertagger init > config.toml"""
    show(Config.preset(preset).to_toml(comments=True), end="")
