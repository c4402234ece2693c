"""Commands draw progress on a terminal and nowhere else."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.cli.common import progress

GOLD = "".join(f"Paris\tB-LOC\nis\tO\n{number}\tO\n\n" for number in range(3000))


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An annotated file; progress is shown without delay."""
    monkeypatch.setattr(progress, "DELAY", 0.0)
    path = tmp_path / "gold.conll"
    path.write_text(GOLD, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["evaluate", "{model}", "{gold}"], ["reading", "tagging"]),
        (["convert", "{gold}", "{folder}/out.jsonl"], ["converting"]),
        (["check", "{gold}"], ["checking"]),
        (["split", "{gold}", "-o", "{folder}/parts"], ["reading"]),
        (["score", "{gold}", "{gold}"], ["reading"]),
    ],
)
def test_progress_is_shown_only_on_a_terminal(
    arguments: list[str],
    shown: list[str],
    gold: Path,
    lexicon_model: Path,
    tmp_path: Path,
    terminal,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled = [part.format(model=lexicon_model, gold=gold, folder=tmp_path) for part in arguments]
    with terminal:
        main(filled)
    output = capsys.readouterr().out
    drawn = terminal.drawn
    for text in shown:
        assert f"{text} ━" in drawn
    assert " kB" in drawn
    main(filled)
    assert capsys.readouterr() == (output, "")
    assert "━" not in output


@pytest.mark.parametrize("workers", ["1", "2"])
def test_tagging_shows_bytes_and_tokens(
    workers: str, gold: Path, lexicon_model: Path, tmp_path: Path, terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nertagger.cli.tagging.pieces.PIECE_BYTES", len(GOLD))  # each file is a piece
    paths = [tmp_path / f"{number}.conll" for number in range(2)]
    for path in paths:
        path.write_text(GOLD, encoding="utf-8")
    output = tmp_path / "out.jsonl"
    command = ["tag", str(lexicon_model), *map(str, paths), "--workers", workers, "-o"]
    with terminal:
        assert main([*command, str(output)]) == 0
    assert re.search(r"tagging  [\d,]+ tokens, [\d,]+ tokens/s ━+", terminal.drawn)
    assert f"/{2 * len(GOLD) / 1000:.1f} kB" in terminal.drawn
    assert main([*command, str(tmp_path / "again.jsonl")]) == 0
    assert output.read_bytes() == (tmp_path / "again.jsonl").read_bytes()


def test_tagging_standard_input_has_no_total(
    gold: Path, lexicon_model: Path, tmp_path: Path, terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(gold.read_bytes())))
    monkeypatch.setattr(sys, "stdin", stream)
    with terminal:
        assert main(["tag", str(lexicon_model), "-", "-o", str(tmp_path / "out.jsonl")]) == 0
    assert "tokens/s ━" in terminal.drawn
    assert " left" not in terminal.drawn


def test_no_row_is_drawn_if_the_output_is_on_the_terminal(
    gold: Path, lexicon_model: Path, terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nertagger.cli.tagging.progress.is_terminal", lambda stream: True)
    with terminal:
        assert main(["tag", str(lexicon_model), str(gold)]) == 0
    assert "Paris" in capsys.readouterr().out
    assert terminal.drawn == ""


def test_quiet_draws_nothing(gold: Path, terminal) -> None:
    with terminal:
        main(["check", str(gold), "--quiet"])
    assert terminal.drawn == ""


@pytest.mark.slow
def test_training_and_searching_are_shown_on_a_terminal(tmp_path: Path, terminal) -> None:
    """In a separate process, as users see it, with and without a terminal."""
    names = ["Anna", "Bo", "Mia", "Kim", "Lea"]
    rows = [f"{name}\tB-PER\nsaw\tO\n{other}\tB-PER\n" for name in names for other in names]
    (tmp_path / "all.conll").write_text("\n".join(rows), encoding="utf-8")
    small = [
        "network.layers=1",
        "network.units=4",
        "characters.units=4",
        "words.size=4",
        "training.epochs=1",
        "training.refit=1",
    ]
    settings = [part for setting in small for part in ("--set", setting)]
    command = [sys.executable, "-m", "nertagger", "train", "--train", "all.conll", "--seeds", "2", *settings]
    environment = {**os.environ, "COLUMNS": "100"}

    def run(error: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=error, text=True, check=True
        )

    output = run(terminal.slave).stdout
    drawn = terminal.drawn
    for text in ("loading TensorFlow ━", "seed 1 of 2  (1)", "seed 2 of 2  (2)", "epoch 1 of at most 2", "mean"):
        assert text in drawn
    plain = run(subprocess.PIPE)
    assert plain.stdout == output
    assert "━" not in plain.stderr
    assert "\r" not in plain.stderr
    assert "\x1b" not in plain.stderr
    starts = [line.split()[0] for line in plain.stderr.splitlines()]
    assert [word for word in starts if word in ("seed", "epoch")] == ["seed", "epoch", "epoch"] * 2
