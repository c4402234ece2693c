"""A service in the process of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from nertagger.serving.api.application import make_app
from nertagger.serving.api.service import Settings


@pytest.fixture
def client_of(lexicon_model: Path) -> Iterator[Callable[..., TestClient]]:
    """Return a function that starts a service with these settings in a thread."""
    with ExitStack() as clients:

        def start(sources: dict[str, str] | None = None, **settings: object) -> TestClient:
            app = make_app(Settings(sources=sources or {"lexicon": str(lexicon_model)}, **settings))  # type: ignore[arg-type]
            return clients.enter_context(TestClient(app, raise_server_exceptions=False))

        yield start


@pytest.fixture
def client(client_of: Callable[..., TestClient]) -> TestClient:
    """Return a client of a service with the default settings."""
    return client_of()
