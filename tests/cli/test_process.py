"""Commands in processes of their own: closed and full streams, pipes, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell and the signals of Unix")

Shell = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def shell(lexicon_model: Path, tmp_path: Path) -> Shell:
    """Runs a line of bash in a folder with a.txt, in which NT is the command and M a model."""
    (tmp_path / "a.txt").write_text("Paris\n")

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
def test_a_stream_that_takes_or_gives_nothing_is_one_line_and_2(shell: Shell, line: str, message: str | None) -> None:
    done = shell(line)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f"{message}\n" if message else "")


@pytest.mark.parametrize("line", ["$NT tag $M a.txt 2>&-", "$NT tag $M a.txt -o x.jsonl <&- >&- 2>&-; cat x.jsonl"])
def test_a_closed_stream_that_is_not_used_is_no_matter(shell: Shell, line: str) -> None:
    done = shell(line)
    assert done.returncode == 0
    assert FOUND in done.stdout
