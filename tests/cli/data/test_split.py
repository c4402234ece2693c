"""The command ``nertagger split``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.corpus import read


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "all.conll"
    path.write_text("".join(f"w{n}\tB-X\nx\tO\n\n" for n in range(20)), encoding="utf-8")
    return path


def test_split_writes_three_files(corpus: Path, tmp_path: Path, capsys) -> None:
    assert main(["split", str(corpus), "--out", str(tmp_path / "parts"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {name: part["sentences"] for name, part in printed.items()} == {"train": 16, "dev": 2, "test": 2}
    assert printed["dev"] == {"sentences": 2, "tokens": 4, "entities": {"X": 2}}
    assert len(read(tmp_path / "parts" / "train.conll")) == 16


def test_split_writes_folds_in_any_format(corpus: Path, tmp_path: Path, capsys) -> None:
    assert main(["split", str(corpus), "-o", str(tmp_path / "k"), "--folds", "4", "--to", "csv"]) == 0
    assert sorted(path.name for path in (tmp_path / "k").iterdir()) == sorted(
        f"fold{n}.{name}.csv" for n in range(1, 5) for name in ("train", "test")
    )
    assert capsys.readouterr().out.splitlines()[0].split() == [
        "fold1.train",
        "15",
        "sentences",
        "30",
        "tokens",
        "X",
        "15",
    ]


def test_split_leaves_out_empty_parts(corpus: Path, tmp_path: Path) -> None:
    assert main(["split", str(corpus), "-o", str(tmp_path / "p"), "--dev", "0", "--test", "0.5"]) == 0
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == ["test.conll", "train.conll"]


@pytest.mark.parametrize(("options", "message"), [
    (["--dev", "0.5", "--test", "0.5"], "leave nothing to train on"),
    (["--to", "lines"], "no format 'lines' that can be written"),
    (["--folds", "30"], "got 20 sentences without a sentence in common"),
])  # fmt: skip
def test_split_refuses(corpus: Path, tmp_path: Path, capsys, options: list[str], message: str) -> None:
    assert main(["split", str(corpus), "-o", str(tmp_path / "p"), *options]) == 2
    assert message in capsys.readouterr().err
