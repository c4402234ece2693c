"""Errors: their fields, pickling, and the command that installs a missing extra."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nertagger.cli.common.parser import UsageError
from nertagger.errors import DataError, MissingExtraError, NerTaggerError, requires_extra


def _classes(base: type[NerTaggerError]) -> Iterator[type[NerTaggerError]]:
    yield base
    for derived in base.__subclasses__():
        yield from _classes(derived)


def test_every_error_comes_out_of_a_pickle_as_it_went_in() -> None:
    """A worker process passes its error to the process that started it."""
    assert UsageError in _classes(NerTaggerError)
    for kind in _classes(NerTaggerError):
        error = kind("birds", "song") if kind is MissingExtraError else kind("a.txt:3: wrong")
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind
        assert str(again) == str(error)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (DataError("text alone"), "text alone"),
        (DataError("is a folder", path="a"), "a: is a folder"),
        (DataError(path="a.txt", line=3, got="x", expected="y", remedy="fix it"), "a.txt:3: got x, expected y; fix it"),
        (DataError("row is short", got="2 cells"), "row is short, got 2 cells"),
        (DataError("no text", remedy="give one"), "no text; give one"),
        (DataError("no text", path="a.json", line=2, part="task 7"), "a.json:2: task 7: no text"),
    ],
)
def test_data_error_composes_its_fields(error: DataError, shown: str) -> None:
    assert str(error) == shown


def test_data_error_keeps_its_fields_in_a_pickle() -> None:
    error = DataError("wrong", path=Path("a.txt"), line=3, got="x", expected="y", remedy="fix it")
    again = pickle.loads(pickle.dumps(error))
    assert vars(again) == vars(error)
    assert again.path == "a.txt"


def test_data_error_at_another_place_keeps_the_message() -> None:
    error = DataError("wrong", path="a.txt", line=3, remedy="fix it").at("b.txt", 4)
    assert (error.path, error.line, error.message) == ("b.txt", 4, "wrong; fix it")


def test_an_absent_package_names_its_extra() -> None:
    expected = r"birds needs packages .*; run: pip install 'nertagger\[song\]'"
    with pytest.raises(MissingExtraError, match=expected), requires_extra("birds", "song"):
        raise ModuleNotFoundError("no module", name="birdsong")


def test_a_failed_import_within_the_package_is_not_a_missing_extra() -> None:
    with pytest.raises(ImportError, match="circular"), requires_extra("birds", "song"):
        raise ImportError("circular", name="nertagger.birds")


@pytest.mark.parametrize(
    "program",
    [
        "from nertagger.cli import main; sys.exit(main(['train', '--train', sys.executable]))",
        "from nertagger.cli import main; sys.exit(main(['train', '--train', sys.executable, '--seeds', '2']))",
        "import nertagger; nertagger.train('x.toml')",
        "from nertagger.integrations.sklearn import BiLSTMTagger; BiLSTMTagger().fit([['Ann']] * 20, [['B-PER']] * 20)",
    ],
)
def test_training_without_keras_names_its_extra(program: str) -> None:
    code = f"import sys; sys.modules['keras'] = None; {program}"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert process.returncode in (1, 2)
    assert process.stderr.splitlines()[-1].endswith(
        "training needs packages that are not installed; run: pip install 'nertagger[train]'"
    )
