"""The command, run in the process of the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.cli import main


@pytest.fixture
def tag(lexicon_model: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command; return exit code, output and messages."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["tag", str(lexicon_model), *map(str, arguments)])
        return code, *capsys.readouterr()

    return run
