"""``nertagger init``: a configuration to start from."""

from __future__ import annotations

from nertagger.cli.common.terminal import show
from nertagger.config import Config


def init() -> None:
    """Write the commented default configuration to standard output: nertagger init > config.toml"""
    show(Config().to_toml(comments=True), end="")
