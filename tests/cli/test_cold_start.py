"""The modules that a command loads, in a separate process."""

from __future__ import annotations

import subprocess
import sys

import pytest

KERAS = {"keras", "tensorflow", "jax", "torch", "onnx"}


def loaded_by(*arguments: str) -> set[str]:
    """Return the top-level packages that a new Python process has loaded after running code or a module."""
    command = [sys.executable, "-X", "importtime", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    lines = (line for line in result.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().split(".")[0] for line in lines}


def test_importing_the_package_loads_nothing_heavy():
    assert not loaded_by("-c", "import nertagger") & {*KERAS, "numpy", "pandas", "sklearn", "pydantic", "onnxruntime"}


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], ["lm"]])
def test_the_overview_loads_neither_a_parser_nor_logging(arguments):
    standard = {"argparse", "inspect", "logging", "traceback", "dataclasses", "tempfile"}
    assert not loaded_by("-m", "nertagger", *arguments) & {*KERAS, "numpy", "pydantic", "rich", *standard}


@pytest.mark.parametrize("command", ["tag", "evaluate"])
def test_tagging_and_evaluating_load_nothing_that_they_do_not_need(command, lexicon_model, tmp_path):
    (tmp_path / "gold.conll").write_text("Paris B-LOC\n")
    loaded = loaded_by("-m", "nertagger", command, str(lexicon_model), str(tmp_path / "gold.conll"))
    assert "onnxruntime" in loaded
    assert not loaded & {*KERAS, "pandas", "sklearn", "scipy", "pydantic", "rich", "jinja2"}
