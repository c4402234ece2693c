"""Processes that share their trainings through a PostgreSQL server, one of them killed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "not-to-be-printed"
TINY = ["words.size=4", "characters.size=4", "characters.units=4", "network.layers=1", "training.epochs=1"]
SEEDS = """\
import sys
from nertagger.config import Config
from nertagger.experiments import Shared, train_seeds
from tests.experiments.fakes import FakeTrainer

train = FakeTrainer(lambda config: config.training.seed / 100)
config = Config.from_values({"data": {"train": [sys.argv[2]]}, "output": {"model": ""}})
runs = train_seeds(config, 20, train, shared=Shared(sys.argv[1], "seeds"))
assert runs.dev_f1 == [seed / 100 for seed in range(1, 21)]
print(len(train.configs))
"""


@pytest.fixture(scope="module")
def server(missing: Callable[[str], NoReturn]) -> Iterator[str]:
    """Return the URL of an empty database of a server that runs for these tests (Debian: postgresql)."""
    programs = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, os.environ["PATH"].split(os.pathsep))]
    programs = [folder for folder in programs if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    if not programs:
        missing("there is no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp())
    user = []
    if os.getuid() == 0:  # as which PostgreSQL does not run
        shutil.chown(folder, "postgres")
        user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    (folder / "password").write_text(SECRET)
    (folder / "password").chmod(0o644)
    data = str(folder / "data")
    login = ["-U", "me", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}"]
    control = [*user, str(programs[0] / "pg_ctl"), "-D", data, "-w"]
    subprocess.run([*user, str(programs[0] / "initdb"), "-D", data, "--no-sync", *login], check=True, cwd="/")
    options = f"-h 127.0.0.1 -p {port} -k {folder} -F"
    subprocess.run([*control, "-l", str(folder / "log"), "-o", options, "start"], check=True, cwd="/")
    yield f"postgresql://me:{SECRET}@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, cwd="/")
    shutil.rmtree(folder)


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    path = tmp_path / "all.conll"
    path.write_text("".join(f"Ann\tB-PER\nsaw\tO\nw{n}\tO\n\n" for n in range(30)), encoding="utf-8")
    return str(path)


def finish(processes: Sequence[subprocess.Popen[str]]) -> tuple[list[str], str]:
    """Return what each process has printed, and all warnings and errors; each must succeed."""
    printed = [process.communicate(timeout=200) for process in processes]
    told = "".join(error for _, error in printed)
    assert [process.returncode for process in processes] == [0] * len(processes), told
    return [output for output, _ in printed], told


def test_the_trial_of_a_killed_process_is_taken_up_by_others(
    server: str, corpus: str, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    options = [part for setting in TINY for part in ("--set", setting)]
    command = ["-m", "nertagger", "tune", "--train", corpus, "--dev", corpus, "--storage", server, "--trials", "3"]
    command += ["--search", "network.units=4:60", "--lease", "4", "--encoder", "none", *options]
    killed = start_python(*command)
    assert killed.stderr is not None
    begun = killed.stderr.readline()
    assert begun.startswith("trial 1 of 3  network.units=")
    killed.kill()
    (first, second), told = finish([start_python(*command) for _ in range(2)])
    assert first == second
    assert "best of 3 trials" in first
    assert begun.split()[-1] in first  # the same settings
    assert "has stopped; its work is taken up again" in told
    assert SECRET not in told + first


def test_each_of_many_seeds_is_trained_once(
    server: str, corpus: str, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    printed, _ = finish([start_python("-c", SEEDS, server, corpus) for _ in range(4)])
    assert sum(map(int, printed)) == 20


def test_a_wrong_password_is_one_line(
    server: str, corpus: str, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    wrong = server.replace(SECRET, SECRET + "-either")
    process = start_python("-m", "nertagger", "cross-validate", "--train", corpus, "--storage", wrong, "--traceback")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "study cross-validate in postgresql://127.0.0.1:" in told.splitlines()[-1]
    assert "password authentication failed" in told
    assert SECRET not in told
