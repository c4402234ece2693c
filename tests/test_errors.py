"""What is missing is said with the command that installs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nertagger.errors import MissingExtraError, requires_extra


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
        "from nertagger.sklearn import BiLSTMTagger; BiLSTMTagger().fit([], [])",
    ],
)
def test_training_without_keras_names_its_extra(program: str) -> None:
    code = f"import sys; sys.modules['keras'] = None; {program}"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert process.returncode in (1, 2)
    assert process.stderr.splitlines()[-1].endswith(
        "training needs packages that are not installed; run: pip install 'nertagger[train]'"
    )
