"""A training by two processes: the loss of one with the doubled batch, and what happens when one of them is killed."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import nertagger

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """\
[data]
train = ["train.conll"]
dev = ["dev.conll"]
[encoder]
source = "none"
[words]
size = 8
unknown_rate = 0
tag_shares = false # of a word in other batches, and so not equal for parts
[characters]
size = 4
units = 4
[network]
layers = 1
units = 8
dropout = 0
word_dropout = 0
[training]
lower_case = 0
epochs = 3
refit = 1
"""
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path, start_python: Start) -> Start:
    """Return a function that starts ``nertagger train`` in a folder with a small corpus."""
    for name in ("train", "dev"):
        sentences = nertagger.read(ROOT / "data" / f"{name}.conll")[:50]
        nertagger.write(tmp_path / f"{name}.conll", sentences)
    (tmp_path / "config.toml").write_text(SETTINGS, encoding="utf-8")
    return partial(start_python, "-m", "nertagger", "train")


def finish(process: subprocess.Popen[str]) -> str:
    """Return what a process that succeeds has printed as scores."""
    printed, told = process.communicate(timeout=200)
    assert process.returncode == 0, told
    return printed


def losses(path: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_two_processes_have_the_loss_of_one_with_the_doubled_batch(start: Start, tmp_path: Path) -> None:
    two = start("config.toml", "--out", "two.ner", "--set", "training.batch_size=8", "--processes", "2")
    one = start("config.toml", "--out", "one.ner", "--set", "training.batch_size=16")
    scores = [re.sub("^.*?\n", "", finish(process)) for process in (one, two)]
    assert scores[0] == scores[1]
    assert losses(tmp_path / "two.run" / "log.jsonl") == pytest.approx(losses(tmp_path / "one.run" / "log.jsonl"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "config.toml", "dev.conll", "one.ner", "one.run", "train.conll", "two.ner", "two.run",
    ]  # fmt: skip


def test_a_training_that_has_lost_a_process_stops_and_can_be_resumed(start: Start, tmp_path: Path) -> None:
    with socket.socket() as first, socket.socket() as second:
        for one in (first, second):
            one.bind(("127.0.0.1", 0))
        workers = ",".join(f"127.0.0.1:{one.getsockname()[1]}" for one in (first, second))
    options = ["config.toml", "--out", "m.ner", "--set", "training.epochs=100", "--set", "training.patience=100"]
    kept, killed = (start(*options, "--workers", workers, "--worker", number) for number in "12")
    assert kept.stderr is not None
    told = [kept.stderr.readline()]
    while not told[-1].startswith("epoch   2"):
        told.append(kept.stderr.readline())
        assert told[-1], told
    assert "process 1 of 2: this process writes the files; waiting for the others\n" in told
    killed.kill()
    assert kept.wait(100) == 2
    assert "error: process 1 of 2: another one has stopped or cannot be reached" in kept.stderr.read()
    resumed = start("--resume", "m.run", "--processes", "2")
    assert resumed.stderr is not None
    while not (line := resumed.stderr.readline()).startswith("epoch"):
        assert line
    assert int(line.split()[1]) > 2
