"""The word ``english`` in place of the path of a model, on made-up files of the package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nertagger.cli import main


@pytest.fixture
def files(english_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lexicon_model: Path) -> Path:
    """Raw and annotated text in the working folder, and a model file called ``english``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("Paris and Michelle.\n")
    (tmp_path / "gold.conll").write_text("Paris B-LOC\nand O\n\nNew B-LOC\nYork I-LOC\n")
    shutil.copy(lexicon_model, tmp_path / "english")
    return tmp_path


@pytest.mark.parametrize(("model", "names"), [("english", ["Paris"]), ("./english", ["Paris", "Michelle"])])
@pytest.mark.parametrize("options", [[], ["--workers", "2"]])
def test_tag(files: Path, capsys: pytest.CaptureFixture[str], model: str, names: list[str], options: list[str]) -> None:
    assert main(["tag", model, "text.txt", *options]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [entity["text"] for entity in record["entities"]] == names


def test_evaluate(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "english", "gold.conll", "--json", "--report", "r.md"]) == 0
    assert json.loads(capsys.readouterr().out)["micro"]["f1"] == 1
    assert "english on gold.conll" in Path("r.md").read_text()


def test_inspect(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "english", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["path"], found["labels"]) == ("english", ["LOC"])
    assert found["vocabulary"]["pretrained_words"] == 4
    assert main(["inspect", "english"]) == 0
    assert "pretrained_words  4 items" in capsys.readouterr().out


def test_export_writes_a_whole_model(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "english", "--int8", "-o", "small.ner"]) == 0
    assert main(["tag", "small.ner", "text.txt"]) == 0
    assert '"Paris"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("tag englsh text.txt", "englsh: there is no such file; did you mean english?"),
        ("inspect English", "English: there is no such file; did you mean english?"),
        ("tag text.txt english", "text.txt: is not a model file; english is one: name it first"),
        (
            "tag news.ner text.txt",
            "news.ner: there is no such file; nertagger train makes one, and english is the tagger of the package",
        ),
    ],
)
def test_wrong_names(files: Path, capsys: pytest.CaptureFixture[str], line: str, message: str) -> None:
    assert main(line.split()) == 2
    assert capsys.readouterr().err == f"error: {message}\n"


def test_english_is_no_output_to_compare(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "english").unlink()
    assert main(["compare", "gold.conll", "english", "english"]) == 2
    assert "english: is a model file, expected words with tags; let each model tag" in capsys.readouterr().err


def test_a_package_without_its_files_gives_one_line(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(files / "package")
    assert main(["tag", "english", "text.txt"]) == 2
    error = capsys.readouterr().err
    assert error.endswith("this file of the package is missing; install nertagger again\n")
    assert error.count("\n") == 1
