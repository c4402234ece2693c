"""Files made from short strings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.corpus import read_documents
from nertagger.text import Document


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Document]]:
    """The documents of a file of this text; it is called by its bare name, as in messages."""
    monkeypatch.chdir(tmp_path)

    def load(text: str | bytes, name: str = "x.conll", **options) -> list[Document]:
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(read_documents(name, **options))

    return load
