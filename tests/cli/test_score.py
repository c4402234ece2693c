"""The command ``nertagger score``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nertagger.cli import main

GOLD = "Ann B-PER\nran O\n\nOslo B-LOC\n"
PREDICTED = "Ann B-PER\nran O\n\nOslo I-LOC\n"
BOTH = "Ann NNP B-PER B-PER\nran VBD O O\n\nOslo NNP B-LOC B-ORG\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    texts = {
        "gold.conll": GOLD,
        "predicted.conll": PREDICTED,
        "both.txt": BOTH,
        "moved.conll": PREDICTED.replace("Oslo", "Rome"),
        "short.conll": "Ann B-PER\nran O\n",
        "gold.jsonl": '{"tokens": ["Ann", "ran"], "tags": ["B-PER", "O"]}\n{"tokens": ["Oslo"], "tags": ["B-LOC"]}\n',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name: str(tmp_path / name) for name in texts}


def test_score_prints_one_json_object(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", files["gold.conll"], files["predicted.conll"], "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["tokens"], printed["correct"], printed["repaired"]) == (3, 2, 1)
    assert printed["micro"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_score_prints_a_report(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", files["gold.conll"], files["predicted.conll"]]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("2 of 3 tokens have the gold tag (accuracy 66.67 %); 1 invalid predicted tag repaired.")
    assert "micro        100.00" in printed


def test_score_reads_sides_in_different_formats(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", files["gold.jsonl"], files["predicted.conll"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["micro"]["f1"] == 1.0


def test_score_reads_the_input_of_conlleval(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", files["both.txt"], "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["gold"], printed["found"], printed["correct"]) == (2, 2, 1)


def test_score_reads_columns_by_index(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    both = files["both.txt"]
    arguments = ["score", both, both, "--format", "conll", "--gold-column", "2", "--predicted-column", "3", "--json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["correct"] == 1


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["gold.conll", "moved.conll"], ("gold.conll:4 and ", "moved.conll:4", "'Oslo'", "'Rome'")),
        (["gold.conll", "short.conll"], ("gold.conll:4", "2 gold and 1 predicted")),
        (["gold.jsonl"], ("gold.jsonl: a single file must be a table",)),
        (["gold.conll", "absent.conll"], ("absent.conll",)),
    ],
)
def test_score_of_files_that_do_not_align_is_a_one_line_error(
    files: dict[str, str], capsys: pytest.CaptureFixture[str], names: list[str], expected: tuple[str, ...]
) -> None:
    assert main(["score", *(files.get(name, name) for name in names)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert all(part in printed.err for part in expected)


def test_score_reads_standard_input_once_only(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "-"]) == 2
    assert "standard input can be read once only" in capsys.readouterr().err


def test_score_adds_details_only_when_asked(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    both = [files["gold.conll"], files["predicted.conll"], "--json"]
    assert main(["score", *both]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert main(["score", *both, "--details", "--train", files["gold.jsonl"]]) == 0
    detailed = json.loads(capsys.readouterr().out)
    assert {key: detailed[key] for key in plain} == plain
    assert detailed.keys() - plain.keys() == {"intervals", "matching", "confusion", "seen_in_training"}
    assert detailed["seen_in_training"]["seen"]["support"] == 2


def test_score_prints_details(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", files["both.txt"], "--details"]) == 0
    printed = capsys.readouterr().out
    assert "wrong type and boundary" in printed
    assert any(line.split()[:2] == ["strict", "50.00"] for line in printed.splitlines())


def test_score_writes_a_report(files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.md"
    assert main(["score", files["both.txt"], "--report", str(report)]) == 0
    assert report.read_text(encoding="utf-8").startswith("# Scores of both.txt\n")
    assert main(["score", files["both.txt"], "--report", str(tmp_path / "report.pdf")]) == 2
    assert "a report is HTML or Markdown" in capsys.readouterr().err


def test_score_projects_entities_onto_the_gold_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tokenizer would cut ``Obama's`` in two, but the gold has it as one word."""
    (tmp_path / "gold.conll").write_text("Obama's B-PER\ndog O\n\nin O\nOslo B-LOC\n", encoding="utf-8")
    rows = [
        {"text": "Obama's dog", "entities": [{"label": "PER", "start": 0, "end": 7, "confidence": 0.9}]},
        {"text": "in Oslo", "entities": [{"label": "ORG", "start": 3, "end": 7, "confidence": 0.4}]},
    ]
    (tmp_path / "found.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    files = [str(tmp_path / "gold.conll"), str(tmp_path / "found.jsonl")]
    assert main(["score", *files, "--json", "--precision", "0.9"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["gold"], printed["found"], printed["correct"]) == (2, 2, 1)
    assert printed["threshold"]["at"]["confidence"] == 0.9
    assert [one["correct"] for one in printed["calibration"]["bins"]] == [0.0, 1.0]


def in_characters(tmp_path: Path, name: str, text: str, entities: list[tuple[int, int, str]]) -> str:
    row = {"text": text, "entities": [{"start": a, "end": b, "label": label} for a, b, label in entities]}
    (tmp_path / name).write_text(json.dumps(row) + "\n", encoding="utf-8")
    return str(tmp_path / name)


def test_an_entity_that_is_part_of_a_token_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.conll"
    gold.write_text("Greetings O\nfrom O\nIndia B-GPE\n", encoding="utf-8")
    found = in_characters(tmp_path, "found.jsonl", "Greetings from India", [(15, 16, "GPE")])
    assert main(["score", str(gold), found, "--details", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["gold"], printed["found"], printed["correct"], printed["micro"]["f1"]) == (1, 1, 0, 0)
    counts = {
        strategy: (m["correct"], m["incorrect"], m["partial"], m["f1"]) for strategy, m in printed["matching"].items()
    }
    assert counts == {"strict": (0, 1, 0, 0), "exact": (0, 1, 0, 0), "partial": (0, 0, 1, 0.5), "type": (1, 0, 0, 1)}
    assert printed["confusion"]["outcomes"] == {"GPE": {"wrong boundary": 1}}


def test_reports_show_entities_that_are_parts_of_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.conll"
    gold.write_text("Ann-Marie B-PER\nran O\n", encoding="utf-8")
    found = in_characters(tmp_path, "found.jsonl", "Ann-Marie ran", [(0, 3, "PER"), (4, 9, "LOC")])
    assert main(["score", str(gold), found, "--report", str(tmp_path / "r.md")]) == 0
    assert "  - predicted: **Ann** (PER)-**Marie** (LOC) ran\n" in (tmp_path / "r.md").read_text(encoding="utf-8")
    pytest.importorskip("matplotlib")
    assert main(["score", str(gold), found, "--report", str(tmp_path / "r.html")]) == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = re.sub("<bdi>|</bdi>", "", page)
    assert re.search(r'class="wrong"[^>]*>Ann<b dir="ltr">PER</b></mark>-<mark class="wrong"[^>]*>Marie<b', page)


def test_an_output_without_entities_may_have_other_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tokenizer would cut ``Obama's`` in two; without entities that makes no difference either."""
    gold = tmp_path / "gold.conll"
    gold.write_text("Obama's B-PER\ndog O\n", encoding="utf-8")
    assert main(["score", str(gold), in_characters(tmp_path, "found.jsonl", "Obama's dog", []), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["gold"], printed["found"], printed["accuracy"]) == (1, 0, 0.5)
    (tmp_path / "raw.txt").write_text("Obama's dog\n", encoding="utf-8")
    assert main(["score", str(gold), str(tmp_path / "raw.txt")]) == 2
    assert "the words have no tags" in capsys.readouterr().err
