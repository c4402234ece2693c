"""Keras is imported only for training, and without any output."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    settings = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**settings, **environment}
    )


def test_importing_training_neither_imports_keras_nor_redirects_anything() -> None:
    code = (
        "import os, sys; before = os.fstat(2).st_ino; import nertagger.training, nertagger.training.language_model\n"
        "assert os.fstat(2).st_ino == before\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules)"
    )
    run_python(code)


@pytest.mark.parametrize("name", ["training import train", "training.language_model import train_lm"])
def test_keras_is_imported_quietly(name: str) -> None:
    done = run_python(f"import sys; from nertagger.{name}; assert 'keras' in sys.modules")
    assert done.stderr == ""
