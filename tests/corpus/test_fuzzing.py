"""Readers of mutated inputs; and the helper itself, which must catch a reader that loses or invents."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from nertagger.corpus import read_documents
from nertagger.text import Document, Sentence
from tests.corpus.fuzzing import file_reader, fuzz

TABLE = b"""Ann\tB-PER
Bo\tI-PER
ran\tO
to\tO
Oslo\tB-LOC

Acme\tB-ORG
Corp\tI-ORG
sold\tO
Rome\tB-LOC

Tom\tB-PER
sat\tO
"""


def test_conll_is_read_or_refused(tmp_path: Path) -> None:
    outcomes = fuzz(file_reader(tmp_path / "x.conll"), TABLE)
    assert outcomes.total() == 2000
    assert min(outcomes["read"], outcomes["refused"]) > 200


def test_a_reader_that_loses_is_caught(tmp_path: Path) -> None:
    def read(data: bytes) -> Iterable[Document]:
        (tmp_path / "x.conll").write_bytes(data)
        return [] if data.startswith(b"\n") else list(read_documents(tmp_path / "x.conll"))

    with pytest.raises(AssertionError, match="lost in silence"):
        fuzz(read, TABLE)


def test_a_reader_that_invents_is_caught() -> None:
    def read(data: bytes) -> Iterable[Document]:
        label = "PER" if data == TABLE else "NEW"
        yield Document.from_sentence(Sentence.from_words(("Ann",), tags=(f"B-{label}",)))

    with pytest.raises(AssertionError, match="invented"):
        fuzz(read, TABLE, entities_per_edit=9, rewritings=())
