"""A service in the process of the tests, and a real one in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from nertagger.serving.api.application import make_app
from nertagger.serving.api.service import Settings


@pytest.fixture
def client_of(lexicon_model: Path) -> Iterator[Callable[..., TestClient]]:
    """Return a function that starts a service with these settings in a thread."""
    clients: list[TestClient] = []

    def start(sources: dict[str, str] | None = None, **settings: object) -> TestClient:
        app = make_app(Settings(sources=sources or {"lexicon": str(lexicon_model)}, **settings))  # type: ignore[arg-type]
        clients.append(TestClient(app, raise_server_exceptions=False).__enter__())
        return clients[-1]

    yield start
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(client_of: Callable[..., TestClient]) -> TestClient:
    """Return a client of a service with the default settings."""
    return client_of()


@contextmanager
def running_service(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run ``nertagger serve`` in the block, on a free port; yields the process and the port."""
    command = [sys.executable, "-m", "nertagger", "serve", "--port", "0", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "NERTAGGER_TOKEN"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    try:
        seen = ""
        while not (found := re.search(r" at http://[^ ]+:(\d+)/", seen)):
            line = process.stderr.readline()
            assert line, seen
            seen += line
        yield process, int(found[1])
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
