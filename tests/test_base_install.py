"""Commands and functions that need no extra run where the libraries of the extras do not exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

EXTRAS = "tensorflow keras jax torch onnx tensorboard pandas scipy sklearn matplotlib optuna pyarrow spacy srsly"
BASE = """
import sys

class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {extras!r}.split():
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Refusal())
"""
COMMANDS = """
import shlex
from nertagger.cli import main
for line in sys.argv[1:]:
    assert main(shlex.split(line)) in (0, None), line
"""
FUNCTIONS = """
import importlib
import nertagger
from nertagger.errors import MissingExtraError
from nertagger.evaluation.confusion import count_confusion
scores = nertagger.evaluate([["B-PER", "O"]], [["B-PER", "O"]])

def use(act):
    try:
        act()
    except MissingExtraError as error:
        print(error)

use(scores.to_frame)
use(count_confusion([], []).to_frame)
use(lambda: importlib.import_module("nertagger.integrations.pandas").tag_frame(None, None, "text"))
use(lambda: importlib.import_module("nertagger.integrations.sklearn"))
use(lambda: nertagger.train(train="a.conll", dev="a.conll"))
"""


def run_base(code: str, *arguments: str, folder: Path) -> str:
    """Return what a program prints in a process that has only the libraries of a base installation."""
    command = [sys.executable, "-c", BASE.format(extras=EXTRAS) + code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands(lexicon_model: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.conll").write_text("Barack B-PER\nObama I-PER\nleft O\nNew B-LOC\nYork I-LOC\n\nHi O\n\n" * 20)
    overlapping = "Barack B-LOC\nObama B-PER\nleft I-PER\nNew I-PER\nYork B-LOC\n\nHi O\n\n" * 20
    (tmp_path / "predicted.conll").write_text(overlapping)
    (tmp_path / "parts.conll").write_text("".join(f"Word{n} B-X\n\n" for n in range(20)))
    (tmp_path / "one.txt").write_text("Barack Obama left Paris.")
    printed = run_base(
        COMMANDS,
        f"tag {lexicon_model} one.txt",
        f"tag {lexicon_model} one.txt --to html -o one.html",
        f"evaluate {lexicon_model} gold.conll",
        "score gold.conll predicted.conll --details",
        "compare gold.conll predicted.conll gold.conll",
        "convert gold.conll gold.jsonl",
        "split parts.conll --out parts",
        f"inspect {lexicon_model}",
        "check gold.conll",
        "init",
        folder=tmp_path,
    )
    assert '"label": "PER"' in printed


def test_the_english_tagger(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Ann Miller lives in Oslo.")
    assert '"text": "Ann Miller"' in run_base(COMMANDS, "tag english one.txt", folder=tmp_path)


def test_functions_name_the_extra_that_they_need(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("Ann B-PER\n")
    printed = run_base(FUNCTIONS, folder=tmp_path)
    assert re.findall(r"needs packages that are not installed; run: pip install 'nertagger\[(.*)\]'", printed) == [
        *("pandas", "pandas", "pandas", "sklearn", "train")
    ]
