"""Reports of training are shown as rows and lines."""

from __future__ import annotations

import pytest

from nertagger.progress import LanguageRunProgress, RunProgress, check_line, epoch_line
from nertagger.progress.records import CheckRecord, EpochRecord


def record(epoch: int, *, f1: float | None = 0.5) -> EpochRecord:
    found: EpochRecord = {
        "epoch": epoch,
        "loss": 1.5 / epoch,
        "learning_rate": 0.003 / epoch**2,
        "tokens_per_second": 10.0**epoch,
        "seconds": 10.0,
    }
    return found if f1 is None else {**found, "dev_f1": f1}


CHECK: CheckRecord = {
    "step": 200,
    "symbols": 4000,
    "train_bits": {"forward": 2.0},
    "held_out_bits": {"forward": 2.5, "backward": 3.5},
    "learning_rate": 0.001,
    "symbols_per_second": 1234.0,
    "seconds": 9.0,
}


def test_epoch_lines_are_aligned() -> None:
    best, other = (epoch_line(record(2), best=best) for best in (True, False))
    assert best == "epoch   2  loss 0.7500  dev F1  50.00 * learning rate 0.00075      100 tokens/s  10 s"
    assert "*" not in other
    lines = [epoch_line(record(epoch, f1=f1), best=False) for epoch, f1 in [(1, 0.001), (3, 1.0), (5, None)]]
    for word in ("learning rate", " tokens/s"):
        assert len({line.index(word) for line in lines}) == 1
    assert "trained on dev" in lines[-1]


def test_a_run_on_a_terminal(terminal) -> None:
    with terminal, RunProgress() as shown:
        shown.on_stage("reading the data")
        shown.on_vectors(1000, 4000)
        shown.on_begin(40)
        shown.on_step(1, 3, 9, 0.25)
        shown.on_epoch(record(1), best=True)
        shown.on_epoch(record(2, f1=0.4), best=False)
        shown.on_step(3, 1, 9, 0.2)
        shown.on_search(2, 7)
    drawn = terminal.drawn
    assert "reading the data" in drawn
    assert "1,000/4,000 words" in drawn
    assert "epoch 1 of at most 40  loss 0.2500" in drawn
    assert "3/9 steps" in drawn
    assert epoch_line(record(1), best=True) in drawn
    assert "epoch 3 of at most 40  loss 0.2000  best dev F1 50.00 (epoch 1)" in drawn.replace("\r\n", " ")
    assert "2/7 labels" in drawn


def test_without_a_terminal_a_run_writes_a_line_per_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    with RunProgress() as shown:
        shown.on_stage("reading the data")
        shown.on_step(1, 3, 9, 0.25)
        shown.on_epoch(record(1), best=True)
    assert capsys.readouterr() == ("", epoch_line(record(1), best=True) + "\n")


def test_many_runs(terminal) -> None:
    with terminal, RunProgress(epoch_lines=False) as shown:
        shown.on_part("trial", 2, 20, "network.units=50  best dev F1 40.00 with network.units=70")
        shown.on_part("seed", 1, 3, "(5)")
        shown.on_begin(9)
        shown.on_step(1, 3, 9, 0.25)
        shown.on_epoch(record(1), best=True)
    drawn = terminal.drawn.replace("\r\n", " ")
    assert "trial 2 of 20  network.units=50" in drawn
    assert "1/20 trials" in drawn
    assert "seed 1 of 3  (5)" in drawn
    assert "tokens/s" not in drawn


def test_without_a_terminal_many_runs_write_a_line_per_run(capsys: pytest.CaptureFixture[str]) -> None:
    with RunProgress(epoch_lines=False) as shown:
        shown.on_part("fold", 1, 3, "")
        shown.on_epoch(record(1), best=True)
        shown.on_part("fold", 2, 3, "mean F1 50.00")
    assert capsys.readouterr().err == "fold 1 of 3\nfold 2 of 3  mean F1 50.00\n"


def test_a_new_run_starts_without_a_best_score(terminal) -> None:
    with terminal, RunProgress(epoch_lines=False) as shown:
        shown.on_begin(9)
        shown.on_epoch(record(1), best=True)
        shown.on_begin(9)
        shown.on_step(1, 1, 2, 0.5)
    assert "best dev F1" not in terminal.drawn


def test_a_language_model(terminal) -> None:
    with terminal, LanguageRunProgress() as shown:
        shown.on_stage("loading TensorFlow")
        shown.on_check(CHECK, best=True)
        shown.on_step(201, 1000, 2.25)
    drawn = terminal.drawn
    assert check_line(CHECK, best=True) in drawn
    assert "bits/symbol 2.250  best on held-out text 3.000 (step 200)" in drawn
