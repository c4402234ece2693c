"""`import nertagger` loads none of the libraries that only some of its parts need."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"keras", "onnxruntime", "pandas", "sklearn", "tensorflow"}


@pytest.mark.parametrize("statement", ["", "dir(nertagger)", "nertagger.Config()"])
def test_no_heavy_library_is_loaded(statement: str) -> None:
    code = f"import sys, nertagger\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY.intersection(done.stdout.split())
