"""Commands in separate processes: closed and full streams, pipes, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell and the signals of Unix")

Shell = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def shell(lexicon_model: Path, tmp_path: Path) -> Shell:
    """Runs a line of bash in a folder with a.txt, in which NT is the command and M a model."""
    (tmp_path / "a.txt").write_text("Paris\n")
    (tmp_path / "a.csv").write_text("Sentence #,Word,POS,Tag\nSentence: 1,Paris,NNP,B-LOC\n")

    def run(line: str) -> subprocess.CompletedProcess[str]:
        script = f'NT="{sys.executable} -m nertagger" M={lexicon_model}; {line}'
        environment = {**os.environ, "PYTHONUNBUFFERED": ""}
        return subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


TABLE = "printf 'Paris B-LOC\\nis O\\n\\n'"
FOUND = '"text": "Paris", "confidence"'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("$NT tag $M a.txt >&-", "error: standard output: Bad file descriptor"),
        ("$NT inspect $M >&-", "error: standard output: Bad file descriptor"),
        ("$NT tag --help >&-", "error: standard output: Bad file descriptor"),
        ("$NT tag $M - <&-", "error: -: standard input is closed; name a file"),
        ("$NT tag $M a.txt >/dev/full", "error: standard output: No space left on device"),
        ("$NT --version >/dev/full", "error: standard output: No space left on device"),
        ("$NT tag $M a.txt -o /dev/full", "error: /dev/full: No space left on device"),
        ("$NT tag $M absent 2>&-", None),
        ("$NT tag $M absent 2>/dev/full", None),
    ],
)
def test_a_closed_or_full_stream_is_reported_in_one_line(shell: Shell, line: str, message: str | None) -> None:
    done = shell(line)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f"{message}\n" if message else "")


@pytest.mark.parametrize("line", ["$NT tag $M a.txt 2>&-", "$NT tag $M a.txt -o x.jsonl <&- >&- 2>&-; cat x.jsonl"])
def test_a_closed_stream_that_is_not_used_is_ignored(shell: Shell, line: str) -> None:
    done = shell(line)
    assert done.returncode == 0
    assert FOUND in done.stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"$NT check <({TABLE})", "a pipe or device can be read once only, and a check reads twice; give a file"),
        ("$NT check fifo", "error: fifo: a pipe or device can be read once only"),
        ("$NT bench $M fifo", "a pipe or device can be read once only, and a benchmark reads several times"),
        ("$NT score fifo", "a pipe or device can be read once only; give a file for the gold or the predicted tags"),
        ("$NT compare a.txt fifo fifo", "error: fifo: a pipe or device can be read once only, and is named twice"),
        ("$NT tag $M - -", "error: -: standard input can be read once only, and is named twice"),
        ("$NT train --train fifo", "a pipe or device can be read once only, and training must be able to resume"),
        ("$NT lm train fifo", "a pipe or device can be read once only, and training starts it over"),
        ("printf 'x \\xff\\n' > fifo & $NT tag $M fifo", "error: fifo: byte 0xff is not utf-8"),
        ("printf 'x \\xff\\n' | $NT tag $M /dev/stdin", "error: /dev/stdin: byte 0xff is not utf-8"),
        ("printf x | $NT convert /dev/stdin /dev/stdout --from csv --to conll", "error: "),
    ],
)
def test_a_pipe_that_cannot_be_read_is_reported_in_one_line(shell: Shell, line: str, message: str) -> None:
    done = shell(f"mkfifo fifo; {line}")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("cat a.txt > fifo & $NT tag $M fifo", FOUND),
        ("$NT tag $M <(cat a.txt)", FOUND),
        ("cat a.txt > fifo & $NT tag $M fifo a.txt --workers 2", FOUND),
        ("$NT tag $M <(gzip -c a.txt) a.txt -", FOUND),
        ("cat a.txt | $NT tag $M /dev/stdin", FOUND),
        (f"$NT convert <({TABLE}) - --to jsonl", '"text": "Paris"'),
        ("cat a.csv > fifo & $NT convert fifo - --from csv --to conll", "Paris\tB-LOC"),
        ("cat a.csv | $NT convert /dev/stdin - --from csv --to conll", "Paris\tB-LOC"),
        ("mkfifo g.csv; cat a.csv > g.csv & $NT tag $M g.csv", '"text": "Paris'),
        (f"$NT split <({TABLE}) --dev 0 --test 0 -o parts", "train  "),
        (f"$NT evaluate $M <({TABLE})", "LOC"),
        (f"$NT score <({TABLE}) <({TABLE})", "100.00"),
        (f"$NT compare <({TABLE}) <({TABLE}) <({TABLE})", "100.00"),
    ],
)
def test_a_pipe_is_read_like_a_file(shell: Shell, line: str, found: str) -> None:
    done = shell(f"mkfifo fifo; {line}")
    assert (done.returncode, done.stderr) == (0, "")
    assert found in done.stdout


@contextmanager
def signals_not_ignored() -> Iterator[None]:
    """Let processes started in the block react to signals, even if the tests themselves run under ``nohup``."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Tagging:
    """`nertagger tag --workers 2` running on some megabytes, with its own folder for temporary files."""

    def __init__(self, model: Path, folder: Path) -> None:
        self.temporary, self.output = folder / "tmp", folder / "out.jsonl"
        self.temporary.mkdir()
        files = [folder / f"{number}.txt" for number in range(6)]
        for path in files:
            path.write_text("Barack Obama went to Paris.\n\n" * 50_000)
        command = [sys.executable, "-m", "nertagger", "tag", model, *files, "--workers", "2", "-o", self.output]
        environment = {**os.environ, "TMPDIR": str(self.temporary)}
        with signals_not_ignored():
            self.process = subprocess.Popen([*map(str, command)], env=environment, stderr=subprocess.PIPE, text=True)
        while not list(self.temporary.glob("nertagger-*/0")) and self.process.poll() is None:
            time.sleep(0.02)

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        listed = subprocess.run(["ps", "-ewwo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
        rows = (line.split(maxsplit=2) for line in listed.splitlines())
        return [int(pid) for pid, ppid, args in rows if ppid == str(self.process.pid) and "spawn_main" in args]

    def end(self) -> str:
        """Return the messages, which end when the last process that can write messages has ended, workers included."""
        return self.process.communicate(timeout=30)[1]


@pytest.fixture
def tagging(lexicon_model: Path, tmp_path: Path) -> Iterator[Tagging]:
    running = Tagging(lexicon_model, tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (signal.SIGTERM, 143, "terminated\n"),
        (signal.SIGHUP, 129, "hangup\n"),
        (signal.SIGINT, 130, "interrupted\n"),
        (signal.SIGKILL, -9, None),  # Python tells of semaphores left over
    ],
)
def test_a_signal_also_ends_the_workers_and_leaves_no_text_behind(
    tagging: Tagging, number: int, code: int, message: str | None
) -> None:
    tagging.process.send_signal(number)
    assert tagging.end() == message or message is None
    assert tagging.process.returncode == code
    assert not list(tagging.temporary.glob("nertagger-*"))
    assert not tagging.output.exists()
    if number != signal.SIGKILL:
        assert not list(tagging.output.parent.glob(".*"))


def test_a_killed_worker_is_reported_in_one_line(tagging: Tagging) -> None:
    os.kill(tagging.workers()[0], signal.SIGKILL)
    message = "a worker process was killed from outside, or for lack of memory; try again, with fewer at a time"
    assert tagging.end() == f"error: {message}\n"
    assert tagging.process.returncode == 2
    assert not list(tagging.temporary.glob("nertagger-*"))
    assert not tagging.output.exists()
