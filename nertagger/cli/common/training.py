"""What the commands share that train: their data and settings as a configuration, and the training itself."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nertagger.cli.common.parser import UsageError
from nertagger.config import Config, toml_value
from nertagger.files import archive_kind, is_stream, once_only

if TYPE_CHECKING:
    from nertagger.runtime import Tagger
    from nertagger.training.loop.reports import Listener


def resolve(
    config: Path | None,
    *,
    train: list[str] | None,
    dev: list[str] | None = None,
    test: list[str] | None = None,
    vectors: str | None = None,
    out: str | None = None,
    seed: int | None = None,
    reading: Mapping[str, Any] | None = None,
    settings: list[str] | None = None,
) -> Config:
    """The configuration that a command line asks for; `reading` has the settings of `[data]` that say how to read.

    Raises:
        UsageError: if there is nothing to train on, or it is a stream.
        ConfigError: if a setting is wrong.
    """
    given: dict[str, Any] = {"data.train": train, "data.dev": dev, "data.test": test}
    given |= {"words.vectors": vectors, "training.seed": seed, "output.model": out}
    given |= {f"data.{name}": value for name, value in (reading or {}).items() if value is not False}
    overrides = [f"{key}={toml_value(value)}" for key, value in given.items() if value is not None]
    overrides += settings or []
    if config is None and train is None:
        raise UsageError("nothing to train on; pass a configuration, or --train FILE")
    if config is not None:
        _expect_settings(config)
    found = (
        Config.from_values({}, overrides, source="settings") if config is None else Config.from_file(config, overrides)
    )
    if not found.data.train:  # said before TensorFlow is loaded, which takes seconds
        raise UsageError(f"{config}: data.train names no file to train on; set it, or pass --train FILE")
    if streams := [path for path in (*found.data.train, *found.data.dev) if is_stream(path)]:
        raise UsageError(f"{streams[0]}: {once_only(streams[0])}, and training must be able to resume; give a file")
    return found


def _expect_settings(path: Path) -> None:
    """Raise UsageError if a file cannot be a configuration, saying by which option it was meant, if any."""
    if path.is_dir():
        meant = f"did you mean --resume {path}?" if (path / "config.toml").is_file() else "name the file in it"
        raise UsageError(f"{path}: is a folder, expected a configuration (see nertagger init); {meant}")
    if kind := archive_kind(path):
        raise UsageError(f"{path}: is {kind}, expected a configuration (see nertagger init)")
    if path.suffix != ".toml" and path.is_file() and not _is_toml(path):
        raise UsageError(f"{path}: is not a configuration (see nertagger init); did you mean --train {path}?")


def _is_toml(path: Path) -> bool:
    try:
        tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError):
        return False
    return True


def trainer(listener: Listener, *, is_kept: bool = False) -> Callable[[Config], Tagger]:
    """The function that trains a configuration.

    Args:
        listener: told of the progress.
        is_kept: whether the folders of the runs are there afterwards.

    Raises:
        MissingExtraError: if what training needs is not installed.
    """
    from nertagger.training import train

    return lambda config: train(config, listener=listener, is_kept=is_kept)
