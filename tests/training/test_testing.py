"""The test split is scored once, at the end, and used for nothing else."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.config import Config
from nertagger.corpus import read
from nertagger.errors import DataError
from nertagger.evaluation import evaluate
from nertagger.runtime import Tagger
from nertagger.training import train
from nertagger.training.loop.reports import LoggingListener

TEST = "Bo\tB-PER\nsaw\tO\nZürich\tB-LOC\n\nNobody\tO\ncame\tO\n\nAnna\tB-PER\nKern\tI-PER\n"


@pytest.fixture
def test_file(tmp_path: Path) -> Path:
    path = tmp_path / "test.conll"
    path.write_text(TEST, encoding="utf-8")
    return path


def test_an_unreadable_test_file_is_rejected_before_training(tiny: Callable[..., Config]) -> None:
    begun: list[int] = []
    listener = LoggingListener()
    listener.on_begin = begun.append  # type: ignore[method-assign]
    with pytest.raises(DataError, match=r"absent\.conll"):
        train(tiny('data.test=["absent.conll"]'), listener=listener)
    assert not begun


def check_test_scores(with_test: Tagger, without: Tagger, test_file: Path) -> None:
    """Check that the model has the scores of the test split, and is otherwise that of a run without one."""
    metrics = with_test.model.json("metrics.json")
    sentences = read(str(test_file))
    found = with_test.tag_tokens([sentence.words for sentence in sentences])
    assert metrics["test"] == evaluate(sentences, found).to_dict()
    assert metrics["dev"] == without.model.json("metrics.json")["dev"]
    with_scores = {"config.toml", "metrics.json", "README.md"}
    ours, others = (
        {name: bytes(content) for name, content in tagger.model.members.items() if name not in with_scores}
        for tagger in (with_test, without)
    )
    assert ours == others
    card = bytes(with_test.model.members["README.md"]).decode()
    assert "Scores of the final model on the test split, measured once:" in card
    assert card.count("| entities | precision |") == 2
    assert f"Test split, scored once: {test_file}" in card


def test_the_command_prints_the_tables_of_the_scores_that_the_model_holds(
    tiny: Callable[..., Config],
    test_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(tiny().to_toml(), encoding="utf-8")
    assert main(["train", str(config), "--test", str(test_file)]) == 0
    shown = capsys.readouterr()
    first, *rest = shown.out.splitlines()
    assert first.startswith(f"{tmp_path / 'model.ner'}: dev F1 ")
    assert ", test F1 " in first
    headings = [line.split(" (")[0].rstrip(":") for line in rest if line.startswith("Scores")]
    assert headings == [
        "Scores on the dev split at the best epoch, before any of it was trained on",
        "Scores of the final model on the test split, measured once",
    ]
    assert sum(line.split()[:4] == ["precision", "recall", "F1", "gold"] for line in rest) == 2
    assert [line.split()[0] for line in rest if line.startswith(("LOC", "PER"))] == ["LOC", "PER"] * 2
    lines = shown.err.splitlines()
    assert sum(line.startswith("hint: random weights without word vectors") for line in lines) == 1
    assert "glove.6B.50d" in lines[0]
    assert [line.split()[:2] for line in lines if line.startswith("epoch")] == [
        ["epoch", str(number)] for number in range(1, 4)
    ]
    without = train(tiny(f'output.model="{tmp_path / "other.ner"}"'))
    check_test_scores(Tagger.load(tmp_path / "model.ner"), without, test_file)

    caplog.set_level(logging.ERROR)  # as --quiet does in a separate process
    assert main(["train", str(config), "--test", str(test_file), "--json", "--quiet"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert json.loads(shown.out)["test"]["gold"] == 3
