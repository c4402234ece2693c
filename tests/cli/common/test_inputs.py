from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.cli.common.inputs import find_inputs
from nertagger.errors import DataError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("b.txt", "a.txt", "c.conll", "[x].txt", "deep/z.txt", "deep/er/y.txt", ".hidden/no.txt", "deep/.no"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["b.txt", "a.txt", "b.txt"], ["b.txt", "a.txt", "b.txt"]),
        (["-"], ["-"]),
        (["deep"], ["deep/er/y.txt", "deep/z.txt"]),
        (["."], ["[x].txt", "a.txt", "b.txt", "c.conll", "deep/er/y.txt", "deep/z.txt"]),
        (["*.txt"], ["[x].txt", "a.txt", "b.txt"]),
        (["**/*.txt"], ["[x].txt", "a.txt", "b.txt", "deep/er/y.txt", "deep/z.txt"]),
        (["[x].txt"], ["[x].txt"]),
    ],
)
def test_find_inputs(arguments, expected):
    assert find_inputs(arguments) == expected


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("absent.txt", r"^absent\.txt: cannot be read: there is no such file$"),
        (
            "Ann ran.",
            r"^Ann ran\.: cannot be read: there is no such file; a text itself is given by",
        ),
        ("my file.txt", "there is no such file$"),
        ("*.pdf", "no file matches this pattern"),
        ("empty", "there is no file in this folder"),
    ],
)
def test_find_inputs_reports_missing_files(argument, message):
    with pytest.raises(DataError, match=message):
        find_inputs([argument])


def test_find_inputs_names_pairs_of_brat_once(folder):
    for name in ("a.ann", "deep/z.ann", "deep/alone.ann"):
        (folder / name).touch()
    assert find_inputs(["deep"]) == ["deep/alone.ann", "deep/er/y.txt", "deep/z.ann"]
    assert find_inputs(["a.*"]) == ["a.ann"]
    assert find_inputs(["a.txt", "a.ann"]) == ["a.txt", "a.ann"]
