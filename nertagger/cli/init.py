"""``nertagger init``: a configuration to start from."""

from __future__ import annotations

import os
from typing import Annotated

from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.terminal import show
from nertagger.config import Config, Preset
from nertagger.files import STANDARD_STREAM, atomic_write_text, is_stream


def init(
    file: Annotated[str, Argument(help="new file to write; - is standard output, the default")] = STANDARD_STREAM,
    preset: Annotated[Preset, Option(help="speed against accuracy: the settings to begin with")] = "default",
) -> None:
    """Write a commented configuration: nertagger init config.toml"""
    text = Config.preset(preset).to_toml(comments=True)
    if file == STANDARD_STREAM:
        show(text, end="")
        return
    if os.path.exists(file) and not is_stream(file):
        raise UsageError(f"{file}: exists, expected the name of a new file")
    with atomic_write_text(file) as stream:
        stream.write(text)
