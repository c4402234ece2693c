"""Commands that serve, run in processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

import pytest


class RunningService(NamedTuple):
    """A process that serves."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str]
    """What it has written to standard error."""
    reader: threading.Thread

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        """Ask the process to end, and return its exit status."""
        self.process.terminate()
        return self.process.wait(60)


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def start_service() -> Iterator[Callable[..., RunningService]]:
    """Return a function that runs ``nertagger ARGUMENTS --port 0`` until the test ends."""
    started: list[RunningService] = []

    def start(*arguments: str, **variables: str) -> RunningService:
        command = [sys.executable, "-m", "nertagger", *arguments, "--port", "0"]
        environment = {name: value for name, value in os.environ.items() if name != "NERTAGGER_TOKEN"} | variables
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
        assert process.stderr is not None
        lines: list[str] = []
        found = None
        while found is None:
            line = process.stderr.readline()
            assert line, "".join(lines)
            lines.append(line)
            found = re.search(r" at http://\S+:(\d+)/", line)
        reader = threading.Thread(target=lines.extend, args=(process.stderr,))
        reader.start()
        started.append(RunningService(process, int(found[1]), lines, reader))
        return started[-1]

    yield start
    for service in started:
        with suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)  # its workers too: they hold standard error open
        service.process.wait()
        service.reader.join()
        assert service.process.stderr is not None
        service.process.stderr.close()
