"""Records of Parquet keep their other fields."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nertagger.corpus import read_documents
from nertagger.corpus.conversion import convert


def test_other_columns_of_a_table_survive_a_conversion(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [
        {
            "id": "a",
            "tokens": ["Ann", "ran"],
            "ner_tags": ["B-PER", "O"],
            "day": date(2024, 1, 2),
            "score": float("nan"),
        },
        {"id": "b", "tokens": ["Bo"], "ner_tags": ["O"], "day": None, "score": 0.5},
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "x.parquet")
    documents = list(read_documents(tmp_path / "x.parquet"))
    assert [document.meta["id"] for document in documents] == ["a", "b"]
    assert convert(documents, tmp_path / "x.jsonl", format="jsonl") == {}
    first, second = map(json.loads, (tmp_path / "x.jsonl").read_text().splitlines())
    assert (first["id"], first["day"], first["score"], first["entities"][0]["text"]) == ("a", "2024-01-02", None, "Ann")
    assert (second["id"], second["day"], second["score"], second["entities"]) == ("b", None, 0.5, [])
