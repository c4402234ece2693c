"""Columns of tables tagged by `nertagger tag --column`; everything else comes out as it went in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

TEXTS = ["Barack Obama went to Paris.", "", 'say "Paris",\r\nthen\nnothing', "x" * 200_000, "a\0b Michelle", "妈 ran"]
FOUND = [["Barack Obama", "Paris"], [], ["Paris"], [], ["Michelle"], ["妈"]]


@pytest.fixture
def tag(tag, monkeypatch):
    """Run the command on small pieces of the column of texts."""
    monkeypatch.setattr("nertagger.cli.tagging.pieces.PIECE_BYTES", 20)
    return lambda *arguments: tag(*arguments, "--column", "text")


def names(entities: list[dict[str, object]] | None) -> list[object]:
    return [entity["text"] for entity in entities or ()]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(("delimiter", "suffix"), [(",", ".csv"), (";", ".csv"), ("\t", ".tsv")])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_keeps_its_cells(tag, tmp_path, delimiter, suffix, line_end, workers) -> None:
    if workers == "2" and suffix != ".csv":
        pytest.skip("processes differ no more")
    texts = [text.replace("\0", "") for text in TEXTS]
    rows = [["id", "text", "note, more"], *([f"00{i}", text, ' "odd" '] for i, text in enumerate(texts))]
    content = io.StringIO(newline="")
    csv.writer(content, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    path, output = tmp_path / f"a{suffix}", tmp_path / f"out{suffix}"
    path.write_bytes(b"\xef\xbb\xbf" + content.getvalue().encode())
    assert tag(path, "-o", output, "--workers", workers) == (0, "", "")
    csv.field_size_limit(1 << 20)
    written = list(csv.reader(io.StringIO(output.read_bytes().decode(), newline=""), delimiter=delimiter))
    assert [row[:-1] for row in written] == rows
    assert written[0][-1] == "entities"
    assert [names(json.loads(row[-1])) for row in written[1:]] == FOUND


def test_json_lines_keep_their_characters(tag, tmp_path) -> None:
    lines = ['{"id": 1.00, "text": "in Paris",  "x": "\\u00e9"}', '{"text":null }', "", '{ "y": [{}], "text": "" }']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    code, printed, messages = tag(tmp_path / "a.jsonl", "--entities-column", "found")
    assert (code, messages) == (0, "")
    for line, row in zip(filter(None, lines), printed.splitlines(), strict=True):
        assert row.startswith(line[:-1].rstrip())
    assert [names(json.loads(row)["found"]) for row in printed.splitlines()] == [["Paris"], [], []]
    assert json.loads(printed.splitlines()[1])["found"] is None


@pytest.mark.parametrize("workers", ["1", "2"])
def test_parquet_keeps_its_columns(tag, tmp_path, workers) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {
        "id": pyarrow.array(range(7), pyarrow.int8()),
        "text": pyarrow.array([*TEXTS, None]).dictionary_encode(),
        "list": pyarrow.array([[1.5], [], None, [2], [], [], []]),
        "time": pyarrow.array([0] * 7, pyarrow.timestamp("us", "UTC")),
    }
    table = pyarrow.table(columns).replace_schema_metadata({"pandas": "{}"})
    path, output = tmp_path / "a.parquet", tmp_path / "out.parquet"
    parquet.write_table(table, path, row_group_size=3)
    assert tag(path, "-o", output, "--workers", workers) == (0, "", "")
    written = parquet.read_table(output)
    assert written.drop_columns("entities").equals(table)
    assert written.schema.metadata[b"pandas"] == b"{}"
    assert [names(found) for found in written["entities"].to_pylist()] == [*FOUND, []]
    assert written["entities"].to_pylist()[-1] is None


def test_a_parquet_table_without_rows_keeps_its_columns(tag, tmp_path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"text": pyarrow.array([], pyarrow.string())})
    parquet.write_table(table, tmp_path / "a.parquet")
    for output in (tmp_path / "out.parquet", f"{tmp_path}/out/"):
        assert tag(tmp_path / "a.parquet", "-o", output) == (0, "", "")
    for path in (tmp_path / "out.parquet", tmp_path / "out" / "a.parquet"):
        assert parquet.read_table(path).column_names == ["text", "entities"]


def test_other_kinds_of_output(tag, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n007,in Paris\n")
    (tmp_path / "b.tsv").write_text("text\nMichelle ran\n")
    code, printed, messages = tag(tmp_path / "a.csv", tmp_path / "b.tsv", "--to", "jsonl")
    assert (code, messages) == (0, "")
    first, second = map(json.loads, printed.splitlines())
    assert (first["id"], names(first["entities"]), list(second)) == ("007", ["Paris"], ["text", "entities"])
    assert tag(tmp_path / "a.csv", "--to", "tsv")[1].startswith("id\ttext\tentities\n007\tin Paris\t")


EMPTY = [("a.csv", ""), ("a.csv", "text\n"), ("a.jsonl", ""), ("a.tsv", "id\ttext\n")]


@pytest.mark.parametrize(("name", "content"), EMPTY)
def test_empty_tables(tag, tmp_path, name, content) -> None:
    (tmp_path / name).write_text(content)
    header = content.replace("\n", f"{'	' if name.endswith('tsv') else ','}entities\n")
    assert tag(tmp_path / name) == (0, header, "")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "id,txt\n1,a\n", "a.csv:1: there is no column 'text'; there are id, txt"),
        ("a.csv", "text,entities\n1,a\n", "a.csv:1: there is a column 'entities' already; name the new one with"),
        ("a.csv", "text,text\n1,a\n", "a.csv:1: two columns have the same name: text, text; rename one"),
        ("a.csv", "text,b\n1,a\n2\n", "a.csv:3: row has 1 cell, expected 2 as in the header"),
        ("a.jsonl", '{"text": 1}', "a.jsonl:1: got a JSON int in the field 'text', expected a string or null"),
        ("a.jsonl", '[\n{"text": "a"}]', "a.jsonl: is one JSON value in several lines, expected an object per line"),
        ("a.txt", "text", "a.txt: --column reads csv, tsv, jsonl, parquet, got a name that tells no format"),
        ("a.zip", "", "a.zip: --column reads no archives; unpack it first"),
    ],
)
def test_wrong_tables(tag, tmp_path, monkeypatch, name, content, message) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(content)
    code, _, messages = tag(name)
    assert code == 2
    assert messages.startswith(f"error: {message}")
    assert messages.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--to", "conll"], "a.csv: a table of csv is written as csv or tsv or jsonl, not conll; give --to"),
        (["--n-best", "2"], "a table cannot hold what --n-best and --posteriors find"),
        (["--entities-column", "text"], "the texts and the entities cannot both be in the column 'text'"),
        (["--posteriors", "--to", "jsonl"], "a table cannot hold"),
    ],
)
def test_impossible_combinations(tag, tmp_path, monkeypatch, options, message) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("text\na\n")
    code, printed, messages = tag("a.csv", *options)
    assert (code, printed) == (2, "")
    assert messages.startswith(f"error: {message}")


def test_tables_in_one_output_have_the_same_columns(tag, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("text\n" + "in Paris\n" * 9)
    (tmp_path / "b.csv").write_text("text,id\na,1\n")
    command = (tmp_path / "a.csv", tmp_path / "b.csv", "-o", tmp_path / "out.csv")
    for again in ([], ["--resume"]):
        code, _, messages = tag(*command, *again)
        assert code == 2
        assert f"error: {tmp_path / 'b.csv'}: has other columns than {tmp_path / 'a.csv'}" in messages
    assert tag(*command[:2], "-o", f"{tmp_path}/out/")[0] == 0
    assert (tmp_path / "out" / "b.csv").read_text() == "text,id,entities\na,1,[]\n"


def test_bad_rows_are_rejected(tag, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("text,id\nin Paris,1\na\nMichelle,2\n")
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "in Paris"}\n\xff\n{"text": 1}\n{}\n')
    rejects = tmp_path / "rejects"
    code, printed, messages = tag(tmp_path / "a.csv", tmp_path / "b.jsonl", "--to", "jsonl", "--rejects", rejects)
    assert code == 1
    assert [names(json.loads(row)["entities"]) for row in printed.splitlines()] == [["Paris"], ["Michelle"], ["Paris"]]
    found = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [one["place"].rpartition("/")[2] for one in found] == ["a.csv:3", "b.jsonl:2", "b.jsonl:3", "b.jsonl:4"]
    assert [one["record"] for one in found] == ["a", "\\xff", '{"text": 1}', "{}"]
    assert "4 records left out that could not be read" in messages
