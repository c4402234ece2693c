"""Gazetteers and patterns of `nertagger tag`, `evaluate` and `serve`."""

from __future__ import annotations

import json
from io import BufferedReader, BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.cli.tagging.job import Job
from nertagger.cli.tagging.outputs.manifest import describe_request
from nertagger.cli.tagging.rules import RuleOptions
from nertagger.runtime import Tagger

TEXT = "Barack Obama met Acme Corp in New York.\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Return the options of a gazetteer and of patterns."""
    names, patterns = tmp_path / "names.tsv", tmp_path / "patterns.jsonl"
    names.write_text("# companies\nacme corp\tORG\tQ1\nObama met\tLOC\n")
    patterns.write_text('{"label": "LOC", "pattern": [{"LOWER": "in"}, {"IS_TITLE": true, "OP": "+"}], "id": "in"}\n')
    return ["--gazetteer", str(names), "--patterns", str(patterns)]


def tagged(model: Path, tmp_path: Path, *options: str) -> list[tuple[str, str, str | None]]:
    text, output = tmp_path / "text.txt", tmp_path / "out.jsonl"
    text.write_text(TEXT)
    assert main(["tag", str(model), str(text), "-o", str(output), *options]) == 0
    (record,) = map(json.loads, output.read_text().splitlines())
    return [(entity["label"], entity["text"], entity.get("rule")) for entity in record["entities"]]


def test_rules_come_first_by_default(lexicon_model, tmp_path, files):
    assert tagged(lexicon_model, tmp_path, *files) == [
        ("LOC", "Obama met", f"{files[1]}:3"),
        ("LOC", "in New York", "in"),
    ]


def test_rules_come_last_if_asked_for(lexicon_model, tmp_path, files):
    assert tagged(lexicon_model, tmp_path, *files, "--rules", "last", "--ignore-case") == [
        ("PER", "Barack Obama", None),
        ("ORG", "Acme Corp", "Q1"),
        ("LOC", "New York", None),
    ]


def test_tables_name_the_rules(lexicon_model, tmp_path, files):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table, path = pyarrow.table({"text": [TEXT, None]}), tmp_path / "a.parquet"
    parquet.write_table(table, path)
    command = ["tag", str(lexicon_model), str(path), "--column", "text", *files]
    for name in ("out.parquet", "out.jsonl"):
        assert main([*command, "-o", str(tmp_path / name)]) == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == rows
    assert [entity["rule"] for entity in rows[0]["entities"]] == [f"{files[1]}:3", "in"]
    assert rows[1] == {"text": None, "entities": None}


def test_several_processes_have_the_rules(lexicon_model, tmp_path, files):
    outputs = [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.txt").write_text(TEXT + " " * 1_100_000)
    for output, workers in zip(outputs, "12", strict=True):
        command = ["tag", str(lexicon_model), str(folder), "-o", str(output), "--workers", workers, *files]
        assert main(command) == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert b'"rule": "in"' in outputs[0].read_bytes()


def test_a_faulty_rule_is_named_before_a_model_is_loaded(tmp_path, capsys):
    (tmp_path / "p.jsonl").write_text('{"label": "X", "pattern": [{"POS": "NOUN"}]}\n')
    (tmp_path / "a.txt").write_text("a")
    assert main(["tag", "english", str(tmp_path / "a.txt"), "--patterns", str(tmp_path / "p.jsonl")]) == 2
    assert f"{tmp_path}/p.jsonl:1: got the key 'POS' in a token pattern" in capsys.readouterr().err


def test_a_missing_file_is_an_error(lexicon_model, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("a")
    assert main(["tag", str(lexicon_model), str(tmp_path / "a.txt"), "--gazetteer", str(tmp_path / "no.tsv")]) == 2
    assert "no.tsv" in capsys.readouterr().err


def test_other_rules_do_not_resume_a_run(lexicon_model, tmp_path, files, capsys):
    (tmp_path / "a.txt").write_text(TEXT)
    output = tmp_path / "out.jsonl"
    command = ["tag", str(lexicon_model), str(tmp_path / "a.txt"), "-o", str(output)]
    job = Job(None, None, False, 0.0, 0, False)
    model = Tagger.load(lexicon_model).model
    rules = RuleOptions(gazetteer=[files[1]])
    request = describe_request(job, rules, ("jsonl", "", "IOB2"), model, None, "")
    Path(f"{output}.part.manifest").write_text(f"{json.dumps(request)}\n")
    assert main([*command, *files, "--resume"]) == 2
    assert ": rules differ since" in capsys.readouterr().err
    assert main([*command, *files[:2], "--resume"]) == 0


def test_a_model_is_evaluated_with_its_rules(lexicon_model, tmp_path, files, capsys):
    gold = tmp_path / "gold.conll"
    gold.write_text("Acme B-ORG\nCorp I-ORG\nmet O\nMichelle B-PER\n")
    assert main(["evaluate", str(lexicon_model), str(gold), "--json", *files, "--ignore-case"]) == 0
    assert json.loads(capsys.readouterr().out)["micro"]["f1"] == 1.0


def test_rules_of_a_stream_are_for_one_process(lexicon_model, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BufferedReader(BytesIO(b"Acme Corp\tORG\n"))))
    assert tagged(lexicon_model, tmp_path, "--gazetteer", "-")[1] == ("ORG", "Acme Corp", "-:1")
    text = str(tmp_path / "text.txt")
    assert main(["tag", str(lexicon_model), text, "--gazetteer", "-", "--workers", "2"]) == 2
    assert "rules that are read once only cannot be shared among --workers" in capsys.readouterr().err
