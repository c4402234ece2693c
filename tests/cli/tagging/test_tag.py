from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from nertagger.cli import main

TEXT = "Barack Obama went to Paris.\n\nHe met Michelle."
CONLL = "-DOCSTART- -X- O\n\nParis NNP B-PER\nis VBZ O\n\nMichelle NNP O\n"
ROWS = [
    {"text": "Barack Obama went to Paris.\n\n", "found": ["Barack Obama", "Paris"], "offset": 0},
    {"text": "He met Michelle.", "found": ["Michelle"], "offset": 29},
]


@pytest.fixture
def text_file(tmp_path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def rows(printed: str) -> list[dict]:
    return [json.loads(line) for line in printed.splitlines()]


def found(printed: str) -> list[list[str]]:
    return [[entity["text"] for entity in row["entities"]] for row in rows(printed)]


def type_in(monkeypatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode()))))


def test_raw_text_to_jsonl(tag, text_file):
    code, printed, messages = tag(text_file)
    assert (code, messages) == (0, "")
    for row, expected in zip(rows(printed), ROWS, strict=True):
        assert (row["text"], row["offset"], row["source"]) == (expected["text"], expected["offset"], str(text_file))
        assert [entity["text"] for entity in row["entities"]] == expected["found"]
        for entity in row["entities"]:
            assert row["text"][entity["start"] : entity["end"]] == entity["text"]
            assert TEXT[row["offset"] + entity["start"] :].startswith(entity["text"])
            assert entity["label"] in ("PER", "LOC")
            assert 0.9 < entity["confidence"] <= 1


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_standard_input(tag, monkeypatch, arguments):
    type_in(monkeypatch, TEXT)
    code, printed, _ = tag(*arguments)
    assert code == 0
    assert found(printed) == [row["found"] for row in ROWS]


@pytest.mark.parametrize(
    ("name", "content", "options", "expected"),
    [
        ("a.conll", CONLL, [], [["Paris"], ["Michelle"]]),
        ("a.iob2", "# text = Paris is\n1\tParis\tO\t-\tx\n2\tis\tO\t-\tx\n\n", [], [["Paris"]]),
        ("a.tsv", "Paris\nis\n\nMichelle\n", [], [["Paris"], ["Michelle"]]),
        ("a.jsonl", '{"text": "in Paris"}\n{"tokens": ["New", "York"]}\n', [], [["Paris"], ["New York"]]),
        ("a.txt", "in New York !\nMichelle\n", ["--format", "lines"], [["New York"], ["Michelle"]]),
        ("a.unknown", "in Paris", [], [["Paris"]]),
        ("a.txt", CONLL, [], [["Paris"], ["Michelle"]]),
        ("a.txt", '\n{"text": "in Paris", "entities": [[0, 99, "X"]]}\n', [], [["Paris"]]),
        (
            "a",
            '[{"data": {"text": "in Paris"}}, {"data": {"text": "Michelle"}, "annotations": [3]}]',
            [],
            [["Paris"], ["Michelle"]],
        ),
        ("a.jsonl", '[["in Paris", {"entities": [[0, 2, "X"]]}]]', [], [["Paris"]]),
        ("a.json", '{"text": "in Paris"}\n', [], [["Paris"]]),
        ("a.csv", 'id,text,label\n1,"in Paris, he",[[0\n', [], [["Paris"]]),
        ("a.txt", "in Paris\r\n", [], [["Paris"]]),
        ("a.txt", "\ufeffParis", [], [["Paris"]]),
        ("a.txt", "", [], []),
        ("a.conll", "", [], []),
        ("a.jsonl", "", [], []),
        ("a.conll", "-DOCSTART-\n", [], []),
        ("a.conll", "B-PER\tParis\n\n", ["--word-column", "1"], [["Paris"]]),
    ],
)
def test_formats_in(tag, tmp_path, name, content, options, expected):
    path = tmp_path / name
    path.write_bytes(content.encode())
    code, printed, messages = tag(path, *options)
    assert (code, messages) == (0, "")
    assert found(printed) == expected


RAW = [
    "{Paris} is a word in braces.\n",
    "[1] Paris is a footnote.\n\n[2] So is Michelle.\n",
    "[Paris|LOC] is marked.\n",
    '"Paris", she said, "is far."\nIt was late, and dark.\n',
    "Text, a word, Paris\nand more, of it, here\n",
    "Name:\tParis\nCity:\tNew York\n",
    "In Paris O\nI B\n",
    "Paris\nis\nfar\n",
    "# Paris = heading\n\nis far\n",
    "1 Paris\n2 Rome\n3 Oslo\n",
    "Paris\rMichelle\r",
]


@pytest.mark.parametrize("name", ["a.txt", "-"])
@pytest.mark.parametrize("text", RAW)
def test_raw_text_stays_raw_text(tag, tmp_path, monkeypatch, name, text):
    (tmp_path / "a.txt").write_bytes(text.encode())
    type_in(monkeypatch, text)
    code, printed, messages = tag(tmp_path / name if name != "-" else name)
    assert (code, messages) == (0, "")
    assert "".join(row["text"] for row in rows(printed)) == text
    assert "Paris" in [entity for row in found(printed) for entity in row]


FIELDS = {"id": 7, "meta": {"a": [1, None]}, "Comments": [], "lang": "fr"}


@pytest.mark.parametrize("options", [[], ["--lenient"], ["--n-best", "2"], ["--workers", "2"]])
def test_other_fields_of_records_are_kept(tag, tmp_path, options):
    records = [
        {"text": "in Paris", **FIELDS},
        {"text": "in Paris", "label": [[0, 2, "X"]], **FIELDS},
        {"text": "in Paris", "entities": [{"start": True}], **FIELDS},
        {"tokens": ["in", "Paris"], "tags": ["O"], **FIELDS},
        {"data": "in Paris", **FIELDS},
    ]
    for name in ("a.jsonl", "b.jsonl"):
        padded = [{**record, "pad": "x" * 300_000} if options == ["--workers", "2"] else record for record in records]
        (tmp_path / name).write_text("".join(f"{json.dumps(record)}\n" for record in padded))
    code, printed, messages = tag(tmp_path / "a.jsonl", tmp_path / "b.jsonl", *options)
    assert (code, messages) == (0, "")
    tagged = rows(printed)
    assert len(tagged) == 2 * len(records)
    for row in tagged:
        assert [entity["text"] for entity in row["entities"]] == ["Paris"]
        assert {name: row[name] for name in FIELDS} == FIELDS
        assert "label" not in row


def test_fields_that_are_no_lists_of_entities_are_kept_whatever_their_names(tag, tmp_path):
    fields = {"label": "news", "annotations": "none", "spans": ["a"], "sentences": 2, "predicted": True, "tags": ["x"]}
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "in Paris", **fields}))
    for options in ([], ["--n-best", "1"]):
        [row] = rows(tag(tmp_path / "a.jsonl", *options)[1])
        assert {name: row.get(f"{name}_", row[name]) for name in fields} == fields
        assert row["entities"][0]["text"] == "Paris"
    (tmp_path / "b.jsonl").write_text('{"text": "nowhere", "entities": "none", "predicted": true}')
    [row] = rows(tag(tmp_path / "b.jsonl")[1])
    assert (row["entities"], row["entities_"], row["predicted"]) == ([], "none", True)


def test_the_cells_of_a_table_are_kept(tag, tmp_path):
    (tmp_path / "a.csv").write_text('id;text;lang\n7;"in ""Paris""";fr\n')
    [row] = rows(tag(tmp_path / "a.csv")[1])
    assert (row["text"], row["id"], row["lang"], row["entities"][0]["text"]) == ('in "Paris"', "7", "fr", "Paris")


@pytest.mark.parametrize(("to", "lost"), [("conll", 1), ("html", 1), ("text", 1), ("jsonl", 0), ("prodigy", 0)])
def test_fields_that_a_format_cannot_hold_are_reported(tag, tmp_path, caplog, to, lost):
    (tmp_path / "a.jsonl").write_text('{"text": "in Paris", "id": 7}\n{"text": "in Paris"}\n')
    assert tag(tmp_path / "a.jsonl", "--to", to, "-o", tmp_path / "out")[0] == 0
    message = f"{tmp_path / 'out'}: 1 record with other fields (id, meta, ...), which {to} does not hold"
    assert caplog.messages == [message] * lost


def test_what_is_tagged_for_annotation_tools_is_a_prediction(tag, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "in Paris", "id": 7}\n{"text": "nowhere"}\n')
    first, second = json.loads(tag(tmp_path / "a.jsonl", "--to", "label-studio")[1])
    assert "annotations" not in {**first, **second}
    assert first["id"] == 7
    [region] = first["predictions"][0]["result"]
    assert 0.9 < region["score"] == first["predictions"][0]["score"] <= 1
    assert second["predictions"][0]["result"] == []
    written = rows(tag(tmp_path / "a.jsonl", "--to", "prodigy")[1])
    assert [("answer" in row, len(row["spans"])) for row in written] == [(False, 1), (False, 0)]
    assert 0.9 < written[0]["spans"][0]["score"] <= 1


def test_predictions_are_still_predictions_after_conversion(tag, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "in Paris"}\n{"text": "nowhere"}\n')
    assert tag(tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl")[0] == 0
    assert main(["convert", str(tmp_path / "b.jsonl"), str(tmp_path / "c.json")]) == 0
    tasks = json.loads((tmp_path / "c.json").read_text())
    assert [set(task) for task in tasks] == [{"data", "predictions"}] * 2


def test_encoding(tag, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Café in Paris".encode("cp1252"))
    assert rows(tag(path, "--encoding", "cp1252")[1])[0]["text"] == "Café in Paris"


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("conll", "Paris\tB-LOC\nis\tO\n\n"),
        ("text", "[Paris|LOC] is\n"),
        ("jsonl-tokens", '{"tokens": ["Paris", "is"], "tags": ["B-LOC", "O"]}\n'),
    ],
)
def test_formats_out(tag, tmp_path, to, expected):
    path = tmp_path / "a.txt"
    path.write_text("Paris is")
    assert tag(path, "--to", to) == (0, expected, "")
    target = tmp_path / "out"
    assert tag(path, "--to", to, "-o", target) == (0, "", "")
    assert target.read_text() == expected


def test_html_output_by_file_name(tag, text_file, tmp_path):
    target = tmp_path / "page.html"
    assert tag(text_file, "--output", target) == (0, "", "")
    page = target.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Barack Obama" in page


def test_scheme_and_confidence(tag, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("New York , Paris")
    assert tag(path, "--to", "conll", "--scheme", "BIOES")[1] == "New\tB-LOC\nYork\tE-LOC\n,\tO\nParis\tS-LOC\n\n"
    assert found(tag(path, "--confidence", "0.9999")[1]) == [["New York"]]
    assert tag(path, "--confidence", "0.9999", "--to", "conll")[1].endswith("Paris\tO\n\n")


def test_folders_patterns_and_files_in_order(tag, tmp_path):
    for name in ("b/2.txt", "b/1.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{name} Paris")
    texts = [row["text"] for row in rows(tag(tmp_path / "*.txt", tmp_path / "b")[1])]
    assert texts == ["c.txt Paris", "b/1.txt Paris", "b/2.txt Paris"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.txt"], "error: absent.txt: cannot be read: there is no such file\n"),
        (["--format", "docx", "TEXT"], "error: no format 'docx' that can be read; there are: "),
        (["--to", "docx", "TEXT"], "error: no format 'docx' that can be written; there are: "),
        (["--confidence", "1.5", "TEXT"], "error: argument --confidence: got 1.5, expected a number from 0.0 to 1.0"),
        (["-o", "absent/out.jsonl", "TEXT"], "error: absent/out.jsonl: cannot be written: there is no folder absent; "),
        (["--rejects", "absent/bad", "TEXT"], "error: absent/bad: cannot be written: there is no folder absent; "),
    ],
)
def test_wrong_requests(tag, text_file, arguments, message):
    code, printed, messages = tag(*(text_file if argument == "TEXT" else argument for argument in arguments))
    assert (code, printed) == (2, "")
    assert messages.startswith(message)
    assert messages.count("\n") == 1


def test_an_error_of_one_of_several_files_names_the_option_that_tags_the_others(tag, tmp_path, text_file):
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4\n")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "b.pdf", "b.pdf")
        archive.write(text_file, "text.txt")
    for paths in ([text_file, tmp_path / "b.pdf"], [tmp_path / "all.zip"]):
        _, _, messages = tag(*paths)
        assert messages.endswith(
            "save the document as text; with --rejects FILE, the other files are tagged all the same\n"
        )
    _, _, messages = tag(tmp_path / "b.pdf")
    assert messages.endswith("save the document as text\n")


def test_a_file_that_is_not_text_is_named_and_the_output_unchanged(tag, tmp_path, text_file):
    (tmp_path / "b.txt").write_bytes(b"Paris\n\xff\xfe\xfa\n")
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    code, _, messages = tag(text_file, tmp_path / "b.txt", "-o", target)
    assert code == 2
    assert messages.startswith(f"error: {tmp_path / 'b.txt'}:2: byte 0xff is not utf-8")
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt", "out.jsonl"]


def test_faulty_rows_are_counted_if_lenient(tag, tmp_path, caplog):
    path = tmp_path / "a.conll"
    path.write_text("Paris\tNNP\tO\nis\nfar\tRB\tO\n")
    code, _, messages = tag(path)
    assert code == 2
    assert messages.startswith(f"error: {path}:2: ")
    assert found(tag(path, "--lenient")[1]) == [["Paris"]]
    assert "first at" in caplog.text


def test_not_a_model(tag, text_file, capsys):
    assert main(["tag", str(text_file), str(text_file)]) == 2
    assert capsys.readouterr().err == f"error: {text_file}: is not a model file; nertagger train makes one\n"


def test_formats_of_several_files(tag, text_file, tmp_path):
    code, printed, messages = tag(text_file, "--to", "brat", "-o", tmp_path / "out.ann")
    assert (code, printed) == (0, ""), messages
    lines = (tmp_path / "out.ann").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[2] for line in lines if line.startswith("T")] == ["Barack Obama", "Paris", "Michelle"]
    raw = (tmp_path / "out.txt").read_text(encoding="utf-8")
    for line in (line for line in lines if line.startswith("T")):
        _, (_, start, end), text = (part if i != 1 else part.split() for i, part in enumerate(line.split("\t")))
        assert raw[int(start) : int(end)] == text


def test_a_format_of_files_cannot_be_printed(tag, text_file):
    code, printed, messages = tag(text_file, "--to", "brat")
    assert (code, printed) == (2, "")
    assert messages.count("\n") == 1
