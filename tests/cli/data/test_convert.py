"""The command ``nertagger convert``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.corpus import FORMATS


def run(tmp_path: Path, *arguments: str) -> int:
    (tmp_path / "a.conll").write_text("Ann I-PER\nran O\n", encoding="utf-8")
    return main(["convert", *(str(tmp_path / one) if "." in one else one for one in arguments)])


def test_convert_detects_formats_by_name(tmp_path: Path) -> None:
    assert run(tmp_path, "a.conll", "b.jsonl") == 0
    assert json.loads((tmp_path / "b.jsonl").read_text())["entities"][0]["label"] == "PER"
    assert run(tmp_path, "b.jsonl", "c.csv") == 0
    assert (tmp_path / "c.csv").read_text() == "Sentence #,Word,Tag\nSentence: 1,Ann,B-PER\n,ran,O\n"


def test_convert_scheme_and_named_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "a.conll", "-", "--from", "conll", "--to", "conll", "--scheme", "bioes") == 0
    assert capsys.readouterr().out == "Ann\tS-PER\nran\tO\n\n"


def test_convert_takes_the_output_as_an_option_too(tmp_path: Path) -> None:
    assert run(tmp_path, "a.conll", "-o", "b.jsonl") == 0
    assert (tmp_path / "b.jsonl").exists()


def test_convert_reports_an_empty_input(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "empty.conll").touch()
    assert run(tmp_path, "empty.conll", "b.jsonl") == 0
    assert caplog.messages == [f"{tmp_path / 'b.jsonl'}: nothing to write, as nothing was read"]


def test_convert_help_lists_the_formats(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["convert", "--help"])
    shown = " ".join(capsys.readouterr().out.split()).replace("- ", "-")  # lines are broken after hyphens too
    assert all(f"{entry.name} {entry.description}" in shown for entry in FORMATS.values() if entry.name != "shout")


@pytest.mark.parametrize(("arguments", "message"), [
    (["a.conll", "b.unknown"], "the name tells no format; pass --to with one of conll, "),
    (["a.conll", "b.x", "--to", "lines"], "no format 'lines' that can be written"),
    (["absent.conll", "b.jsonl"], "cannot be read"),
    (["a.conll"], "got no file to write, expected: nertagger convert IN OUT"),
    (["a.conll", "b.jsonl", "-o", "c.jsonl"], "c.jsonl; name one"),
    (["a.conll", "absent/b.jsonl"], "absent; make it, or name another file"),
    (["a.conll", "absent/b.parquet"], "absent; make it, or name another file"),
    (["a.conll", "absent/b.ann"], "absent; make it, or name another file"),
])  # fmt: skip
def test_convert_refuses(tmp_path: Path, capsys, arguments: list[str], message: str) -> None:
    assert run(tmp_path, *arguments) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.conll"]
