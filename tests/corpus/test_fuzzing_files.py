"""Readers with mutated files of brat, Parquet and DocBin."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest

from nertagger.corpus import read_documents, save_documents
from nertagger.text import Document, Sentence
from tests.corpus.fuzzing import file_reader, fuzz

TEXT = "Anna Kern met Tom in Oslo.\nThen she went to Acme Corp today.\nTom sat in New York now.\n"
ANNOTATIONS = """T1\tPER 0 9\tAnna Kern
T2\tPER 14 17\tTom
T3\tLOC 21 25\tOslo
T4\tORG 44 53\tAcme Corp
T5\tPER 61 64\tTom
T6\tLOC 72 75;76 80\tNew York
"""
TABLE = [
    (("Anna", "Kern", "met", "Tom"), ("B-PER", "I-PER", "O", "B-PER")),
    (("She", "left", "Oslo"), ("O", "O", "B-LOC")),
    (("Acme", "Corp", "sold", "Rome"), ("B-ORG", "I-ORG", "O", "B-LOC")),
]
DOCUMENTS = [Document.from_sentence(Sentence.from_words(words, tags=tags)) for words, tags in TABLE]


def test_mutated_brat_annotations_are_read_or_rejected(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(TEXT)
    outcomes = fuzz(file_reader(tmp_path / "x.ann"), ANNOTATIONS.encode())
    assert min(outcomes["read"], outcomes["rejected"]) > 200


def test_mutated_brat_annotations_are_read_leniently(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(TEXT)
    outcomes = fuzz(file_reader(tmp_path / "x.ann", lenient=True), ANNOTATIONS.encode(), count=500)
    assert outcomes["rejected"] < 100


def test_mutated_brat_texts_are_read_or_rejected(tmp_path: Path) -> None:
    (tmp_path / "x.ann").write_text(ANNOTATIONS)
    outcomes = fuzz(file_reader(tmp_path / "x.txt", format="brat"), TEXT.encode())
    assert outcomes["rejected"] > 200


def test_mutated_parquet_is_read_or_rejected(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    save_documents(tmp_path / "x.parquet", DOCUMENTS)
    stream = io.BytesIO()
    table = parquet.read_table(tmp_path / "x.parquet")
    parquet.write_table(
        table, stream, compression="none", use_dictionary=False
    )  # so that each byte belongs to one cell
    outcomes = fuzz(file_reader(tmp_path / "x.parquet"), stream.getvalue(), binary=True)
    assert min(outcomes["read"], outcomes["rejected"]) > 50


def test_mutated_docbins_are_read_or_rejected(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    save_documents(tmp_path / "x.spacy", DOCUMENTS)
    plain = zlib.decompress((tmp_path / "x.spacy").read_bytes())

    def read(data: bytes) -> list[Document]:
        (tmp_path / "x.spacy").write_bytes(zlib.compress(data, 1))  # otherwise no mutation would pass the checksum
        return list(read_documents(tmp_path / "x.spacy"))

    outcomes = fuzz(read, plain, binary=True)
    assert min(outcomes["read"], outcomes["rejected"]) > 50


@pytest.mark.parametrize("name", ["x.parquet", "x.spacy"])
def test_binary_files_with_mutated_bytes_are_read_or_rejected(tmp_path: Path, name: str) -> None:
    pytest.importorskip("pyarrow" if name == "x.parquet" else "spacy")
    save_documents(tmp_path / name, DOCUMENTS)
    fuzz(file_reader(tmp_path / name), (tmp_path / name).read_bytes(), count=300, binary=True, entities_per_edit=9)
