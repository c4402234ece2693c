"""The JavaScript module beside the Python package: the tables that are written from the tokenizer, and the version."""

from __future__ import annotations

import json
import re
import runpy
import unicodedata
from pathlib import Path

import pytest

import nertagger

JS = Path(__file__).parents[2] / "js"


def test_tables_are_those_that_the_program_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(JS / "tools"))
    written = (JS / "src" / "text" / "tables.js").read_text(encoding="utf-8")
    version = re.search(r"UNICODE = String.raw`(.+)`", written)
    assert version is not None
    if version[1] != unicodedata.unidata_version:
        pytest.skip(f"the tables are of Unicode {version[1]}, this Python has {unicodedata.unidata_version}")
    assert runpy.run_path(str(JS / "tools" / "generate.py"))["tables"]() == written, "run python js/tools/generate.py"


def test_the_version_is_that_of_the_package() -> None:
    described = json.loads((JS / "package.json").read_text(encoding="utf-8"))
    assert described["version"] == nertagger.__version__
