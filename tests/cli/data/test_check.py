"""The command ``nertagger check``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nertagger.cli import main

GOOD = "Ann\tB-PER\nran\tO\n\n" + "".join(f"Bo{n}\tB-PER\n\n" for n in range(5))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("good.conll").write_text(GOOD)
    Path("bad.conll").write_text(GOOD + "x\tO\n" * 2 + "y\n")
    Path("words.txt").write_text("ann 1 2\nran 1 2\n")
    return tmp_path


def test_exit_status_tells_whether_there_are_errors(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "good.conll"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 0 warnings"
    assert main(["check", "good.conll", "bad.conll"]) == 1
    first, remedy, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(
        "bad.conll:16: error: rows with more or fewer columns than most [ragged-row]: row 'y' has 1"
    )
    assert remedy == "    fix the rows"


def test_an_empty_and_an_unreadable_file(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty.conll").touch()
    assert main(["check", "empty.conll"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "empty.conll:1: error: no sentence in the file [empty]",
        "    give a file with annotated sentences",
        "1 error, 0 warnings",
    ]
    Path("bytes.conll").write_bytes(b"a\tO\n\xb6\tO\n")
    assert main(["check", "bytes.conll"]) == 1
    assert capsys.readouterr().out.startswith(
        "bytes.conll:2: error: the file cannot be read [unreadable]: byte 0xb6 is not utf-8"
    )


def test_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--train", "good.conll", "--test", "bad.conll", "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["error"] == sum(f["count"] for f in printed["findings"] if f["severity"] == "error") > 0
    for finding in printed["findings"]:
        assert finding.keys() == {"code", "severity", "file", "line", "count", "title", "remedy", "places"}


def test_vectors_are_looked_up_as_a_model_does(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "good.conll", "--vectors", "words.txt", "--json"])
    [found] = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["code"] == "vector-coverage-low"]
    assert found["places"][0]["detail"] == "5 of 7 (71.4 %) tokens, inside entities 5 of 6 (83.3 %)"


def test_nothing_to_check(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert "nothing to check" in capsys.readouterr().err
    assert main(["check", "absent.conll"]) == 2
    assert main(["check", "-"]) == 2
    assert "standard input can be read once only" in capsys.readouterr().err
