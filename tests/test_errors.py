"""What is missing is said with the command that installs it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator

import pytest

from nertagger.cli.common.parser import UsageError
from nertagger.errors import MissingExtraError, NerTaggerError, requires_extra


def _classes(base: type[NerTaggerError]) -> Iterator[type[NerTaggerError]]:
    yield base
    for derived in base.__subclasses__():
        yield from _classes(derived)


def test_every_error_comes_out_of_a_pickle_as_it_went_in() -> None:
    """A worker process hands its error to the process that started it."""
    assert UsageError in _classes(NerTaggerError)
    for kind in _classes(NerTaggerError):
        error = kind("birds", "song") if kind is MissingExtraError else kind("a.txt:3: wrong")
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind
        assert str(again) == str(error)


def test_an_absent_package_names_its_extra() -> None:
    expected = r"birds needs packages .*; run: pip install 'nertagger\[song\]'"
    with pytest.raises(MissingExtraError, match=expected), requires_extra("birds", "song"):
        raise ModuleNotFoundError("no module", name="birdsong")


def test_a_fault_of_our_own_is_none_of_the_users() -> None:
    with pytest.raises(ImportError, match="circular"), requires_extra("birds", "song"):
        raise ImportError("circular", name="nertagger.birds")


@pytest.mark.parametrize(
    "program",
    [
        "from nertagger.cli import main; sys.exit(main(['train', '--train', 'x']))",
        "from nertagger.cli import main; sys.exit(main(['train', '--train', 'x', '--seeds', '2']))",
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
