"""Parquet and spaCy's DocBin, also read by pandas and spaCy."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nertagger.corpus import read_documents, save_documents
from nertagger.errors import DataError, MissingExtraError
from nertagger.text import Document, Entity, Sentence
from nertagger.text.entities import document_entities

# Two sentences with all kinds of white space around words and inside an entity, and a word that is white space.
TEXT = " New\n York,\u00a0he  said. \nBye \u00a0 !\t"
SENTENCES = (
    Sentence(("New", "York", ",", "he", "said", "."), (1, 6, 10, 12, 16, 20), ("B-LOC", "I-LOC", *"OOOO")),
    Sentence(("Bye", "\u00a0", "!"), (23, 27, 29), ("O", "B-X", "O")),
)
DOCUMENTS = [
    Document(TEXT, SENTENCES),
    Document("", ()),
    Document(" \n", ()),
    Document("a b", (Sentence(("a", "b"), (0, 2)),)),
]


@pytest.mark.parametrize(("name", "library"), [("x.parquet", "pyarrow"), ("x.spacy", "spacy")])
def test_every_character_and_token_survives(tmp_path: Path, name: str, library: str) -> None:
    pytest.importorskip(library)
    save_documents(tmp_path / name, DOCUMENTS)
    again = list(read_documents(tmp_path / name))
    assert [document.text for document in again] == [document.text for document in DOCUMENTS]
    for old, new in zip(DOCUMENTS, again, strict=True):
        assert [(s.words, s.starts, s.tags) for s in new.sentences] == [
            (s.words, s.starts, s.tags) for s in old.sentences
        ]
        assert document_entities(new) == document_entities(old)
    assert again[0].sentences[0].source == f"{tmp_path / name}:1"


@pytest.mark.parametrize("name", ["x.parquet", "x.spacy"])
def test_other_files_raise(tmp_path: Path, name: str) -> None:
    pytest.importorskip("pyarrow" if name == "x.parquet" else "spacy")
    (tmp_path / name).write_bytes(b"Ann\tB-PER\n")
    with pytest.raises(DataError, match=f"{name}: not a "):
        list(read_documents(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "library", "extra"), [("x.parquet", "pyarrow", "parquet"), ("x.spacy", "spacy", "spacy")]
)
def test_missing_library_names_the_command(tmp_path, monkeypatch, name: str, library: str, extra: str) -> None:
    for module in [*sys.modules]:
        if module.split(".")[0] == library:
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'nertagger\[{extra}\]'"):
        save_documents(tmp_path / name, DOCUMENTS)
    assert list(tmp_path.iterdir()) == []


def test_spacy_finds_the_same_entities(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    save_documents(tmp_path / "x.spacy", DOCUMENTS)
    docs = list(spacy.tokens.DocBin().from_disk(tmp_path / "x.spacy").get_docs(spacy.blank("en").vocab))
    assert [[(e.label_, e.start_char, e.end_char) for e in doc.ents] for doc in docs] == [
        [("LOC", 1, 10), ("X", 27, 28)], [], [], []
    ]  # fmt: skip
    assert [doc.has_annotation("ENT_IOB") for doc in docs] == [True, True, False, False]
    assert [sent.text.strip() for sent in docs[0].sents] == ["New\n York,\u00a0he  said.", "Bye \u00a0 !"]


def test_pandas_reads_the_table(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pandas as pd

    save_documents(tmp_path / "x.parquet", DOCUMENTS)
    frame = pd.read_parquet(tmp_path / "x.parquet")
    assert list(frame.columns) == ["document", "text", "tokens", "starts", "tags", "meta"]
    assert "".join(frame[frame.document == 0].text) == TEXT
    for row in frame.itertuples():
        assert [
            row.text[start : start + len(word)] for word, start in zip(row.tokens, row.starts, strict=True)
        ] == list(row.tokens)


def test_parquet_of_hugging_face(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    names = b'{"info": {"features": {"ner_tags": {"feature": {"names": ["O", "B-PER"], "_type": "ClassLabel"}}}}}'
    table = pyarrow.table({"id": ["0"], "tokens": [["Ann", "ran"]], "ner_tags": [[1, 0]]})
    parquet.write_table(table.replace_schema_metadata({b"huggingface": names}), tmp_path / "x.parquet")
    [document] = read_documents(tmp_path / "x.parquet")
    assert document.sentences[0].tags == ("B-PER", "O")
    parquet.write_table(pyarrow.table({"text": ["Ann ran"], "spans": [[{"start": 0, "end": 3, "label": "PER"}]]}),
                        tmp_path / "y.parquet")  # fmt: skip
    [document] = read_documents(tmp_path / "y.parquet")
    assert document.entities == (Entity("PER", 0, 3, "Ann"),)


def test_parquet_keeps_the_other_fields_of_records(tmp_path: Path) -> None:
    rows = [
        {"text": "Ann ran. Bob sat.", "entities": [], "id": 7, "meta": {"by": ["Zoë", None]}},
        {"text": "", "id": 8},
    ]
    source, target = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    documents = list(read_documents(source))
    save_documents(target, documents)
    assert [document.meta for document in read_documents(target)] == [document.meta for document in documents]
    assert documents[0].meta == {"id": 7, "meta": {"by": ["Zoë", None]}}
