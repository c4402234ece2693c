"""Parquet: classes of Hugging Face, malformed rows, damaged files, and decompression bombs."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nertagger.corpus import read_documents, save_documents
from nertagger.corpus.binary import parquet_table
from nertagger.corpus.formats import parquet
from nertagger.errors import DataError
from nertagger.text import Document, Entity, Sentence
from nertagger.text.entities import document_entities
from tests.small_corpus import labels_and_texts

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TOKENS = ["Anna", "Kern", "ran"]
CLASSES = {"names": ["O", "B-PER", "I-PER"], "_type": "ClassLabel"}
OWN = {"document": 0, "text": "Anna ran", "tokens": ["Anna", "ran"], "starts": [0, 5], "tags": ["B-PER", "O"]}
GOOD = {"document": 1, "text": "Bo sat", "tokens": ["Bo", "sat"], "starts": [0, 3], "tags": ["B-PER", "O"]}


def sequence(of: Any) -> dict[str, Any]:
    return {"feature": of, "_type": "Sequence"}


def hugging_face(**features: Any) -> dict[bytes, bytes]:
    return {b"huggingface": json.dumps({"info": {"features": features}}).encode()}


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Document]]:
    """Return a function that reads a table of columns from a file that messages call x.parquet."""
    monkeypatch.chdir(tmp_path)

    def read(columns: Any, metadata: dict[bytes, bytes] | None = None, **options: Any) -> list[Document]:
        table = pa.Table.from_pylist(columns) if isinstance(columns, list) else pa.table(columns)
        pq.write_table(table.replace_schema_metadata(metadata), "x.parquet")
        return list(read_documents("x.parquet", **options))

    return read


@pytest.mark.parametrize("feature", [sequence(CLASSES), [CLASSES], {"feature": CLASSES, "_type": "List"}])
def test_names_of_classes(read, feature: Any) -> None:
    documents = read({"tokens": [TOKENS], "ner_tags": [[1, 2, 0]]}, hugging_face(ner_tags=feature))
    assert labels_and_texts(documents) == [("PER", "Anna Kern")]


def test_names_of_classes_in_entities(read) -> None:
    spans = [[{"start": 0, "end": 9, "label": 1}]]
    metadata = hugging_face(entities=[{"start": {"_type": "Value"}, "label": {"names": ["LOC", "PER"]}}])
    assert labels_and_texts(read({"text": ["Anna Kern ran"], "entities": spans}, metadata)) == [("PER", "Anna Kern")]


@pytest.mark.parametrize("tags", [[-1, -1, -1], [None, None, None], [-100, -100, -100], None])
def test_unknown_classes_mean_no_annotation(read, tags: Any) -> None:
    table = {"tokens": [TOKENS, TOKENS], "ner_tags": pa.array([tags, [1, 2, 0]], pa.list_(pa.int64()))}
    hidden, shown = read(table, hugging_face(ner_tags=sequence(CLASSES)))
    assert hidden.sentences[0].tags is None
    assert shown.sentences[0].tags == ("B-PER", "I-PER", "O")


@pytest.mark.parametrize("tags", [[-100, 1, 2], [1, 2, 9], [1, None, 0], [1, -1, 0], [-2, 0, 0], [3, 0, 0]])
def test_classes_without_a_name_raise(read, tags: list[Any]) -> None:
    table = {"tokens": [TOKENS, TOKENS], "ner_tags": [[1, 2, 0], tags]}
    metadata = hugging_face(ner_tags=sequence(CLASSES))
    with pytest.raises(DataError, match=r"\Ax\.parquet:2: [^\n]+\Z"):
        read(table, metadata)
    assert labels_and_texts(read(table, metadata, lenient=True)) == [("PER", "Anna Kern")]


def test_numbered_tags_without_metadata_raise(read) -> None:
    with pytest.raises(DataError, match=r"x\.parquet:1: got ner_tags that are numbers"):
        read({"tokens": [TOKENS], "ner_tags": [[1, 2, 0]]})


@pytest.mark.parametrize("content", [
    b"{", b"[]", b"\xff", b"1", b"null", b'{"info": []}', b'{"info": {"features": [1]}}', b"[" * 100_000,
])  # fmt: skip
def test_damaged_metadata_raise(read, content: bytes) -> None:
    with pytest.raises(DataError, match=r"\Ax\.parquet:1: the table's metadata 'huggingface' are damaged[^\n]+\Z"):
        read({"tokens": [TOKENS], "ner_tags": [[1, 2, 0]]}, {b"huggingface": content})


@pytest.mark.parametrize("feature", [None, 1, "x", {}, [], {"names": "ab"}, {"feature": 1}, {"names": [1, 2, 3]}])
def test_unknown_features_give_no_names(read, feature: Any) -> None:
    with pytest.raises(DataError, match=r"x\.parquet:1: got ner_tags that are numbers"):
        read({"tokens": [TOKENS], "ner_tags": [[1, 2, 0]]}, hugging_face(ner_tags=feature))


FAULTS = {
    "text": [None, 1],
    "tokens": [None, [None, "ran"], [1, 2], ["Anna"], ["", "ran"], [["Anna"], ["ran"]]],
    "starts": [None, [None, 5], [-5, 5], [1, 3], [0], [5, 0], [0, 99], [0.0, 5.0], [False, True], ["0", "5"]],
    "tags": [["B-PER"], [1, 2], [None, "O"], ["B-PER", "O", "O"], ["PER", "O"], ["B-", "O"]],
}


@pytest.mark.parametrize(("column", "value"), [(column, value) for column in FAULTS for value in FAULTS[column]])
def test_inconsistent_rows_raise(read, caplog, column: str, value: Any) -> None:
    bad = {**OWN, column: value}
    with pytest.raises(DataError, match=r"\Ax\.parquet:1: got [^\n]+\Z"):
        read([bad])
    assert read([bad], lenient=True) == []
    assert caplog.messages == ["x.parquet: 1 row left out that could not be read, first at x.parquet:1"]


def test_other_rows_than_malformed_ones_are_kept(read) -> None:
    rows = [GOOD, {**OWN, "starts": [1, 3]}, {**GOOD, "document": 2}]
    with pytest.raises(DataError, match=r"x\.parquet:2: got the token 'Anna' at 1"):
        read(rows)
    assert [document.text for document in read(rows, lenient=True)] == ["Bo sat", "Bo sat"]


def test_unread_columns_are_counted(read, caplog) -> None:
    assert labels_and_texts(read([{**OWN, "id": 7}])) == [("PER", "Anna")]
    assert caplog.messages == ["x.parquet: 1 column not read (id), first at x.parquet:1"]


def test_a_column_that_looks_like_tags_is_counted(read, caplog) -> None:
    [document] = read({"tokens": [TOKENS], "iob": [["B-PER", "I-PER", "O"]]})
    assert document.sentences[0].tags is None
    kind = "row whose column 'iob' looks like tags and is not read"
    assert sorted(caplog.messages) == [
        f"x.parquet: 1 {kind}, first at x.parquet:1",
        "x.parquet: 1 sentence without annotation, first at x.parquet:1",
    ]


def test_rows_of_parquet_are_read_in_the_dialects_of_json(read) -> None:
    [document] = read({"words": [TOKENS], "ner_tags": [["B-PER", "I-PER", "O"]]})
    assert document.sentences[0].tags == ("B-PER", "I-PER", "O")


def test_unannotated_sentences_stay_unannotated(tmp_path: Path) -> None:
    sentences = (Sentence(("a",), (0,), ("B-X",)), Sentence(("b",), (2,)))
    save_documents(tmp_path / "x.parquet", [Document("a b", sentences)])
    [again] = read_documents(tmp_path / "x.parquet")
    assert [sentence.tags for sentence in again.sentences] == [("B-X",), None]


@pytest.mark.parametrize("label", ["a b", "a\tb", "a\nb", "é🙂", "-", "x" * 300])
def test_labels_of_any_characters(tmp_path: Path, label: str) -> None:
    document = Document("M\ty", (Sentence(("M\ty",), (0,), (f"B-{label}",)),), (Entity(label, 0, 3, "M\ty"),))
    save_documents(tmp_path / "x.parquet", [document])
    [again] = read_documents(tmp_path / "x.parquet")
    assert document_entities(again) == document.entities


def test_many_rows_are_written_in_groups(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(parquet, "_ROWS_PER_GROUP", 100)
    documents = [Document.from_sentence(Sentence.from_words((f"w{n}",), tags=("O",))) for n in range(250)]
    save_documents(tmp_path / "x.parquet", iter(documents))
    assert pq.ParquetFile(tmp_path / "x.parquet").num_row_groups == 3
    assert [document.text for document in read_documents(tmp_path / "x.parquet")] == [d.text for d in documents]


def test_compressed_and_piped_tables(read, monkeypatch: pytest.MonkeyPatch) -> None:
    read([OWN])
    data = Path("x.parquet").read_bytes()
    Path("y.parquet.gz").write_bytes(gzip.compress(data))
    assert labels_and_texts(list(read_documents("y.parquet.gz"))) == [("PER", "Anna")]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    assert labels_and_texts(list(read_documents("-", format="parquet"))) == [("PER", "Anna")]


def test_memory_is_bounded_by_a_batch_of_rows(read) -> None:
    def peak(number: int) -> int:
        pq.write_table(pa.table({"text": [f"Anna Kern {n} ran." for n in range(number)]}), "x.parquet")
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_documents("x.parquet")) == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    read([OWN])
    peak(100)
    assert peak(5000) < 2 * peak(1250)


@pytest.mark.parametrize(("values", "kind"), [
    (["a b"] * 300_000, "300,000 values"),
    ([["a"] * 300_000], "300,000 values"),
    (["a" * (3 << 20)], "bytes, which no table of text does"),
])  # fmt: skip
def test_decompression_bombs_are_rejected(tmp_path: Path, monkeypatch, values: list[Any], kind: str) -> None:
    monkeypatch.setattr(parquet_table, "_ALLOWED_VALUES", 100_000)
    monkeypatch.setattr("nertagger.files.compression._FREE_BYTES", 1 << 20)
    pq.write_table(pa.table({"text": values}), tmp_path / "x.parquet", compression="zstd")
    assert (tmp_path / "x.parquet").stat().st_size < 2500
    with pytest.raises(DataError, match=rf"x\.parquet: [\d,]+ bytes become .*{kind}"):
        list(read_documents(tmp_path / "x.parquet"))


@pytest.mark.parametrize("footer", [
    b"", b"\x00", b"\x1c" * 50_000, b"\x19\xfc\xff\xff\xff\xff\x0f", b"\x19\x1c", b"\xff" * 40, b"\x18\xff\x7f",
    b"\x49\x1c\x19\x1c\x3c\x58\x01a", b"\x49\x15\x02", b"\x1b\xff\xff\x03\x88",
])  # fmt: skip
def test_damaged_footers_raise(tmp_path: Path, footer: bytes) -> None:
    data = b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"
    (tmp_path / "x.parquet").write_bytes(data)
    with pytest.raises(DataError, match=r"x\.parquet: not a Parquet file: [^\n]+\Z"):
        list(read_documents(tmp_path / "x.parquet"))


def test_duplicate_columns_raise(read) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    pq.write_table(table, "y.parquet")
    with pytest.raises(DataError, match=r"y\.parquet: two columns are called 'text'; rename one"):
        list(read_documents("y.parquet"))


def test_unreadable_values_are_left_out_leniently(read) -> None:
    raw = pa.array([b"Anna ran", b"\xff\xfe", b"Bo sat"]).view(pa.string())
    with pytest.raises(DataError, match=r"\Ax\.parquet:2: a value cannot be read: [^\n]+\Z"):
        read({"text": raw})
    assert [document.text for document in read({"text": raw}, lenient=True)] == ["Anna ran", "Bo sat"]
