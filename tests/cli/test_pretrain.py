"""``nertagger pretrain``: what it prints, writes and rejects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nertagger.cli import main
from tests.small_corpus import SENTENCES, to_conll

LINES = ["The cat sat on the mat .", "The dog ran to the cat .", "A bird saw the dog ."]
SMALL = ["network.layers=1", "network.units=4", "masked.batch_tokens=60", "masked.held_out=0.1", "annotated.steps=2"]
OPTIONS = ["--passes", "0.5", *(part for setting in SMALL for part in ("--set", setting))]


@pytest.fixture
def text(tmp_path: Path) -> str:
    path = tmp_path / "text.txt"
    path.write_text("\n\n".join(LINES * 8), encoding="utf-8")
    return str(path)


def test_both_stages(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.conll").write_text(to_conll(SENTENCES))
    (tmp_path / "dev.txt").write_text(LINES[0])
    out, removed = tmp_path / "small.enc", tmp_path / "removed.tsv"
    arguments = ["--annotated", str(tmp_path / "a.conll"), "--exclude", str(tmp_path / "dev.txt"), *OPTIONS]
    assert main(["pretrain", text, *arguments, "--out", str(out), "--removed", str(removed), "--json"]) == 0
    shown = capsys.readouterr()
    values = json.loads(shown.out)
    assert values["encoder"] == str(out)
    assert values["masked words"]["held_out"] > 0
    assert values["annotated"]["step"] == 2
    assert shown.err.count("tokens/s") == 2
    assert removed.read_text().splitlines() == [f"text\texact\t{LINES[0]}"] * 8
    assert main(["inspect", str(out)]) == 0


def test_progress_is_shown_on_a_terminal(
    text: str, tmp_path: Path, terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nertagger.cli.common.progress.DELAY", 0.0)
    with terminal:
        assert main(["pretrain", text, *OPTIONS, "--out", str(tmp_path / "small.enc")]) == 0
    for shown in ("loading Keras ━", "tokenizing the text ━", "masked words  loss", "held out", "steps"):
        assert shown in terminal.drawn
    assert "masked words: " in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "message"), [
    ([], "nothing to train on; name raw text, or annotated corpora (--annotated FILE)"),
    (["missing.txt"], "missing.txt: cannot be read"),
    (["-"], "the data are read more than once; give a file"),
    (["a.txt", "--resume", "a.enc.run"], "--resume continues a run with its own settings"),
    (["--resume", "a.enc.run"], "a.enc.run: has no config.toml, expected the folder of a run"),
    (["a.txt", "--passes", "-1"], "argument --passes: got -1, expected a number from 0"),
    (["a.txt", "--set", "masked.size=3"], "there is no setting masked.size; there is"),
    (["a.txt", "--start", "missing.enc"], "missing.enc: there is no such file; nertagger pretrain makes one"),
])  # fmt: skip
def test_mistakes(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("One line .")
    assert main(["pretrain", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]
