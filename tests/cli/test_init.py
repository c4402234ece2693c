"""The command ``nertagger init``."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.config import Config


def test_init_writes_the_default_configuration_to_a_new_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.toml"
    assert main(["init", str(path)]) == 0
    assert Config.from_file(path) == Config()
    assert main(["init"]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")


def test_init_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text("mine")
    assert main(["init", str(path)]) == 2
    assert capsys.readouterr().err == f"error: {path}: exists, expected the name of a new file\n"
    assert path.read_text() == "mine"
