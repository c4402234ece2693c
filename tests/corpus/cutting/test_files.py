"""Files cut into parts hold the documents of the whole file."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.corpus import Document, read_documents
from nertagger.corpus.cutting.files import cut
from nertagger.corpus.cutting.rejects import BulkSource, Reject

TEXT = "Ann ran. She\n\nsat \n \n\n\n\u3000\n\nend" + "x" * 50 + "\r\n\r\nlast\r\n"
CASES = [
    ("a.txt", "text", TEXT),
    ("a.txt", "text", "\n\n\n" + TEXT * 30),
    ("a.txt", "text", "no blank line " * 9_000),
    ("a.txt", "text-lines", TEXT * 3),
    ("a.txt", "lines", "Ann ran\r\n\r\nsat \rand Bo\n" * 5),
    ("a.jsonl", None, '{"text": "Ann", "id": 7}\n\n["Bo", {"entities": []}]\n' * 5),
    ("a.json", None, json.dumps([{"text": "Ann"}] * 9)),
    ("a.csv", None, 'id,text\n1,"Ann\nran"\n2,Bo\n'),
    ("a.conll", None, "Ann\tB-PER\n\nBo\tO\nran\tO\n\n" * 9),
    ("a.txt", None, ""),
]


def documents_of(path: Path, format: str | None, size: int) -> tuple[list[Document], list[int]]:
    """Return the documents of all parts, and where the parts begin."""
    parts = list(cut(BulkSource(str(path), annotation=False), format, size=size))
    again = BulkSource("", annotation=False)
    return [document for part in parts for document in part.documents(again)], [part.start for part in parts]


@pytest.mark.parametrize("size", [1, 40, 10**9])
@pytest.mark.parametrize(("name", "format", "content"), CASES)
def test_parts_hold_the_documents_of_the_file(tmp_path, name, format, content, size) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode())
    expected = list(read_documents(path, format=format, annotation=False))
    found, starts = documents_of(path, format, size)
    assert found == expected
    assert starts == sorted(set(starts))
    assert len(starts) == min(len(expected), 1) or size < 10**9
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content.encode()))
    named = [replace(document, source=str(path)) for document in documents_of(packed, format, size)[0]]
    assert [(document.text, document.offset) for document in named] == [(d.text, d.offset) for d in expected]


@given(st.text(st.sampled_from("ab \n\r\t\u3000é"), max_size=60), st.integers(1, 20))
def test_any_text_is_cut_into_its_passages(tmp_path_factory, text, size) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode())
    for format in ("text", "text-lines"):
        assert documents_of(path, format, size)[0] == list(read_documents(path, format=format, annotation=False))


@pytest.mark.parametrize("size", [1, 10**9])
def test_bad_lines_are_told_with_their_numbers(tmp_path, size) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "Ann"}\n\n\xff\n{"text": 1}\r\n{"text": "Bo"}\n[')
    source = BulkSource(str(path), annotation=False, rejects=[])
    again = BulkSource("", annotation=False, rejects=[])
    found = [document.text for part in cut(source, None, size=size) for document in part.documents(again)]
    assert found == ["Ann", "Bo"]
    assert [(one.line, one.record) for one in again.rejects or ()] == [(3, "\\xff"), (4, '{"text": 1}'), (6, "[")]


def test_the_rest_of_a_damaged_file_is_a_reject(tmp_path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Ann\n\n" * 40_000 + b"\xff")
    source = BulkSource(str(path), rejects=[])
    *parts, last = cut(source, "text", size=1_000)
    list(last.documents(source))
    assert parts
    reason = (
        "byte 0xff is not utf-8; name the file's encoding (cp1252, latin-1, ...); the rest of the file was not read"
    )
    assert source.rejects == [Reject(str(path), 80_001, reason)]
