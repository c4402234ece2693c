"""The command ``nertagger compare``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nertagger.cli import main


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    texts = {"gold": "B-PER O", "a": "B-PER O", "b": "O O"}
    for name, tags in texts.items():
        rows = "".join(f"{word}\t{tag}\n" for word, tag in zip(("Ann", "ran"), tags.split(), strict=True))
        (tmp_path / f"{name}.conll").write_text((rows + "\n") * 20)
    return [str(tmp_path / f"{name}.conll") for name in texts]


def test_compare_prints_a_table(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *files, "--resamples", "500", "--examples", "2"]) == 0
    printed = capsys.readouterr().out
    assert "micro   100.00     0.00  100.00" in printed
    assert "20 gold entities that A has and B does not; the first 2:" in printed
    assert printed.count("PER 'Ann', B has nothing") == 2


def test_compare_prints_json(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *files, "--resamples", "500", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["types"]["PER"]["p_randomisation"] == pytest.approx(1 / 501)
    assert len(printed["only_a"]) == 20
    assert printed["only_b"] == []


def test_compare_names_the_place_where_words_differ(files: list[str], tmp_path: Path, capsys) -> None:
    Path(files[2]).write_text("Bob\tO\nran\tO\n")
    assert main(["compare", *files]) == 2
    assert "word 1 is 'Ann' in the gold and 'Bob' in the predictions" in capsys.readouterr().err


def test_compare_takes_entities_as_characters(files: list[str], tmp_path: Path, capsys) -> None:
    row = {"text": "Ann ran", "entities": [{"start": 0, "end": 2, "label": "PER"}]}
    (tmp_path / "part.jsonl").write_text((json.dumps(row) + "\n") * 20, encoding="utf-8")
    assert main(["compare", files[0], files[1], str(tmp_path / "part.jsonl"), "--resamples", "100"]) == 0
    printed = capsys.readouterr().out
    assert "micro   100.00     0.00  100.00" in printed
    assert "PER 'Ann', B has PER An\n" in printed
