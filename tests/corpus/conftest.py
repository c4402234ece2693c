"""Fixtures for files made from short strings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.corpus import read_documents
from nertagger.text import Document


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Document]]:
    """Return the documents of a file with this text; messages show its name without a folder."""
    monkeypatch.chdir(tmp_path)

    def load(text: str | bytes, name: str = "x.conll", **options) -> list[Document]:
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(read_documents(name, **options))

    return load
