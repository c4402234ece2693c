"""Fixtures for all tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import settings

pytest_plugins = ["tests.services", "tests.small_corpus", "tests.small_models"]

settings.register_profile("nertagger", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("nertagger")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes: the tests write some megabytes, those of integration half a gigabyte of packages


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real corpora beside the repository; tests that use it are deselected if it does not exist."""
    return SHARED_DATA


def pytest_configure() -> None:
    """Keep the files of the tests in memory if there is room: a disk is waited for at each file that is replaced."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of real corpora if there are none: each has a counterpart with its own input."""
    if not SHARED_DATA.is_dir():
        left_out = [item for item in items if "shared_data" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_runtest_setup() -> None:
    """Train without TensorFlow's optimizer of graphs once it is imported: it takes longer than small trainings do."""
    if tensorflow := sys.modules.get("tensorflow"):
        tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


@pytest.fixture(scope="session")
def bundled() -> Path:
    """The folder of the corpus in the repository."""
    return Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="session")
def conlleval_cases() -> list[dict[str, Any]]:
    """Invented sequences of tags, valid and invalid, with the output of conlleval for them."""
    path = Path(__file__).parent / "evaluation" / "conlleval_cases.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for case in cases:
        case |= {side: [tags.split() for tags in case[side]] for side in ("gold", "predicted")}
    return cases


class Terminal:
    """A pseudo-terminal of 100 columns, which is standard error while a block runs."""

    _END = b"\0the end"

    def __init__(self) -> None:
        import fcntl
        import struct
        import termios

        self._master, self.slave = os.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self._drawn = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        self._before, sys.stderr = sys.stderr, os.fdopen(os.dup(self.slave), "w")
        return self

    def __exit__(self, *exc: object) -> None:
        sys.stderr.close()
        sys.stderr = self._before

    @property
    def drawn(self) -> str:
        """What was drawn, without control sequences; nothing can be drawn afterwards."""
        if self._reader.is_alive():
            os.write(self.slave, self._END)  # other processes may have it open for longer
            self._reader.join()
            os.close(self.slave)
            os.close(self._master)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._drawn.removesuffix(self._END).decode())

    def _read(self) -> None:
        while not self._drawn.endswith(self._END):
            self._drawn += os.read(self._master, 1 << 16)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal that tests can enter and read afterwards."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")  # Rich asks the process' own standard streams
    found = Terminal()
    yield found
    _ = found.drawn
