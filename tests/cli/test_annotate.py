from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.annotation.project import Project
from nertagger.cli import main


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "raw.txt"
    path.write_text("Anna met Bo in Oslo. Oslo is cold.\n", encoding="utf-8")
    return path


def annotate(folder: Path, *arguments: object) -> int:
    return main(["annotate", str(folder / "p"), *map(str, arguments)])


def test_a_project_is_made_and_added_to(tmp_path, raw, bundled, capsys):
    assert annotate(tmp_path, raw, "--labels", "PER, LOC", "--add-only") == 0
    assert annotate(tmp_path, bundled / "right_context.conll", "--add-only", "--strategy", "margin") == 0
    told = capsys.readouterr().err
    assert "raw.txt: added 1 text with 2 sentences" in told
    assert "of them annotated" in told
    settings = Project.open(tmp_path / "p").settings.load()
    assert (settings.labels[:2], settings.strategy) == (("PER", "LOC"), "margin")


def test_no_project_is_made_for_files_that_do_not_exist(tmp_path, capsys):
    assert annotate(tmp_path, tmp_path / "none.txt") == 2
    assert "no such file" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


def test_a_folder_of_texts_is_added(tmp_path, raw):
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in ("a.txt", "b.txt"):
        (texts / name).write_text("Anna is here.", encoding="utf-8")
    assert annotate(tmp_path, texts, "--add-only") == 0
    assert Project.open(tmp_path / "p").texts.count() == 2


def test_texts_that_the_project_has_are_told(tmp_path, raw, capsys):
    copy = tmp_path / "copy.txt"
    copy.write_bytes(raw.read_bytes())
    annotate(tmp_path, raw, "--add-only")
    assert annotate(tmp_path, raw, copy, "--add-only") == 0
    told = capsys.readouterr().err
    assert "added 0 texts with 0 sentences; 1 text left out that the project has from this file already" in told
    assert f"added 1 text with 2 sentences; 1 text that the project has from {raw} too, now twice" in told


def test_a_model_gives_its_labels_and_proposals(tmp_path, raw, lexicon_model):
    assert annotate(tmp_path, raw, "--model", lexicon_model, "--add-only") == 0
    project = Project.open(tmp_path / "p")
    assert set(project.settings.load().labels) == {"PER", "LOC"}
    assert project.models.latest().file == str(lexicon_model)


def test_a_project_is_opened_for_reading(tmp_path, raw, monkeypatch):
    annotate(tmp_path, raw, "--labels", "PER", "--add-only")
    before = (tmp_path / "p" / "project.sqlite").read_bytes()
    shown = []
    monkeypatch.setattr("nertagger.serving.running.serve", lambda make_app, *_, **__: shown.append(make_app()))
    assert annotate(tmp_path, "--read-only") == 0
    assert len(shown) == 1
    assert (tmp_path / "p" / "project.sqlite").read_bytes() == before


def test_a_backup_is_written(tmp_path, raw):
    annotate(tmp_path, raw, "--add-only")
    assert annotate(tmp_path, "--backup", tmp_path / "copy.sqlite") == 0
    assert (tmp_path / "copy.sqlite").stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "is not a project"),
        (("raw.txt", "--read-only"), "--read-only changes nothing"),
        (("raw.txt", "--backup", "copy.sqlite"), "--backup changes nothing"),
        (("none.txt", "--add-only"), "no such file"),
        (("raw.txt", "--add-only", "--labels", "A\tB"), "printable characters without spaces"),
        (("raw.txt", "--add-only", "--strategy", "best"), "expected one of random, errors"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path, raw, monkeypatch, capsys, arguments, problem):
    monkeypatch.chdir(tmp_path)
    assert annotate(tmp_path, *arguments) == 2
    assert problem in capsys.readouterr().err
