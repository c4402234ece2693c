"""Every notebook runs from its first cell to its last with small settings, and holds the outputs of a whole run."""

from __future__ import annotations

import importlib.util
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import matplotlib.pyplot as plt
import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"


def load_runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebooks_run", FOLDER / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RUNNER = load_runner()
LONG = {"03", "06", "07", "08"}  # whose trainings take longest; what they show has tests of its own
RUNS = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.name[:2] in LONG else [])
    for path in RUNNER.notebooks()
]


@pytest.fixture
def _without_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(FOLDER)
    plt.switch_backend("Agg")
    disabled = logging.root.manager.disable
    yield
    logging.disable(disabled)  # some notebooks switch warnings off, for their own kernel
    plt.close("all")


def test_there_are_nine() -> None:
    assert [path.name[:2] for path in RUNNER.notebooks()] == [f"0{number}" for number in range(1, 10)]


@pytest.mark.usefixtures("_without_screen")
@pytest.mark.parametrize("path", RUNS)
def test_runs_with_small_settings(path: Path) -> None:
    names: dict[str, object] = {"__name__": path.stem}
    for code in RUNNER.code_of(path, small=True):
        exec(compile(code, path.name, "exec"), names)


@pytest.mark.parametrize("path", RUNNER.notebooks(), ids=lambda path: path.stem)
def test_outputs_are_kept_and_settings_known(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    (settings,) = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert all(re.search(rf"^(\w+, )*{name}\b", settings.source, re.M) for name in book.metadata["nertagger"]["small"])
