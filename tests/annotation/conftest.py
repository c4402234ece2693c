"""Projects for the tests of annotation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.annotation.project import Project
from nertagger.text.document import Document
from nertagger.text.segment import segment

TEXT = "Anna met Bo in Oslo. Oslo is cold! Nobody came to Paris. Bo likes Rome."


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Return a function that makes a project of these texts, the labels PER and LOC, and the name p."""

    def make(*texts: str | Document, name: str = "p") -> Project:
        project = Project.open(tmp_path / name, create=True)
        project.settings.update(labels=["PER", "LOC"])
        documents = [segment(text) if isinstance(text, str) else text for text in texts]
        project.add(documents, source="texts.txt")
        return project

    return make


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    """Return a project of one text with four sentences."""
    return make_project(TEXT)
