"""``nertagger lm train``, then ``lm score`` and ``lm sample`` with its models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nertagger.cli import main

LINES = ["the cat sat on the mat .", "the dog ran to the cat .", "a bird saw the dog .", "cats and dogs ran ."]
SMALL = ["--units", "6", "--size", "4", "--lanes", "3", "--window", "7", "--steps", "6", "--check-every", "3"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a text and two models trained on it, of characters and of words."""
    folder = tmp_path_factory.mktemp("lm")
    (folder / "text.txt").write_text("\n\n".join(LINES * 8), encoding="utf-8")
    for level in ("characters", "words"):
        arguments = [
            str(folder / "text.txt"),
            "--level",
            level,
            "--min-count",
            "1",
            "--out",
            str(folder / f"{level}.lm"),
        ]
        assert main(["lm", "train", *arguments, *SMALL, "--quiet"]) == 0
    return folder


def test_train_prints_held_out_losses(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(folder / "text.txt"), "--cell", "simplified-gru", "--out", str(tmp_path / "m.lm"), *SMALL]
    assert main(["lm", "train", *arguments]) == 0
    shown = capsys.readouterr()
    assert [line.split(":")[0] for line in shown.out.splitlines()] == ["forward", "backward"]
    assert "perplexity" in shown.out
    assert shown.err.count("bits/symbol") == 2


def test_training_and_scoring_are_shown_on_a_terminal(
    folder: Path, tmp_path: Path, terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nertagger.cli.common.progress.DELAY", 0.0)
    text, model = str(folder / "text.txt"), str(tmp_path / "m.lm")
    with terminal:
        assert main(["lm", "train", text, "--out", model, *SMALL]) == 0
        assert main(["lm", "score", model, text]) == 0
    for shown in ("loading TensorFlow and the text ━", "bits/symbol", "/6 steps", "best on held-out text", "scoring ━"):
        assert shown in terminal.drawn


def test_score(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(folder / "characters.lm"), str(folder / "text.txt")]
    assert main(["lm", "score", *arguments, "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["symbols"] == sum(len(line) + 1 for line in LINES) * 8
    assert values["perplexity"] == pytest.approx(2 ** values["bits_per_symbol"])
    assert main(["lm", "score", *arguments]) == 0
    assert "cross-entropy" in capsys.readouterr().out
    assert main(["lm", "score", str(folder / "words.lm"), str(folder / "text.txt"), "--lines"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [text for _, text in rows] == LINES * 8
    assert all(float(number) < 0 for number, _ in rows)


def test_sample(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(folder / "words.lm"), "--count", "5", "--length", "4", "--start", "the cat", "--seed", "3"]
    assert main(["lm", "sample", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("the cat") and len(line.split()) <= 4 for line in lines)
    assert main(["lm", "sample", *arguments]) == 0
    assert capsys.readouterr().out.splitlines() == lines


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train"], "pass either text files to train on, or --resume"),
        (["train", "text.txt", "--resume", "m.run"], "pass either text files to train on, or --resume"),
        (["train", "--resume", "m.run", "--units", "9"], "--resume continues a run with its own settings"),
        (["train", "--resume", "no.run"], "no.run: has no config.toml, expected the folder of a run"),
        (["sample", "{folder}/words.lm", "--temperature", "0"], "expected a finite number above 0"),
        (["sample", "{folder}/words.lm", "--direction", "up"], "has no direction 'up'"),
        (["score", "{folder}/words.lm", "no.txt"], "no.txt"),
    ],
)
def test_wrong_requests(arguments: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lm", *(argument.format(folder=folder) for argument in arguments)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
