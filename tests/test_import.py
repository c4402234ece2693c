"""`import nertagger` loads none of the libraries that only some of its parts need."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nertagger

HEAVY = {"keras", "onnxruntime", "pandas", "sklearn", "tensorflow"}


@pytest.mark.parametrize("statement", ["", "dir(nertagger)", "nertagger.Config()"])
def test_no_heavy_library_is_loaded(statement: str) -> None:
    code = f"import sys, nertagger\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY.intersection(done.stdout.split())


def test_modules_and_values_of_the_reference_are_found_by_their_names() -> None:
    code = (
        "import nertagger\n"
        "assert issubclass(nertagger.errors.DataError, nertagger.errors.NerTaggerError)\n"
        "assert nertagger.english.tagger and nertagger.corpus.read_documents\n"
        "from nertagger import Document, Entity, Sentence, Tagger\n"
        "assert {*nertagger.__all__} <= {*dir(nertagger)}\n"
        "assert not hasattr(nertagger, 'laod')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_type_checkers_see_the_public_names_and_no_others() -> None:
    """A `__getattr__` that they saw would accept every name, such as `nertagger.laod`."""
    conditional = [part for part in ast.parse(Path(nertagger.__file__).read_text()).body if isinstance(part, ast.If)]
    assert [ast.unparse(part.test) for part in conditional] == ["TYPE_CHECKING", "not TYPE_CHECKING"]
    imports = [part for part in conditional[0].body if isinstance(part, ast.ImportFrom)]
    assert {alias.name for part in imports for alias in part.names} | {"__version__"} == {*nertagger.__all__}
