"""Every command that reads annotated files has the options that say how to read them."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from nertagger.cli import compare, evaluate, score, train
from nertagger.cli.common.training import resolve
from nertagger.cli.data import check, convert, split
from nertagger.cli.experiments import cross_validate, tune
from nertagger.cli.train import train as train_command
from nertagger.config import Config

READING = {"word_column", "tag_column", "encoding"}


@pytest.mark.parametrize("module", [check, compare, convert, cross_validate, evaluate, split, train, tune])
def test_commands_have_reading_options(module) -> None:
    command = getattr(module, module.__name__.rpartition(".")[2])
    options = set(inspect.signature(command).parameters)
    assert options >= READING
    assert options >= {"lenient"} or module is check  # which reads leniently, always
    assert options & {"format", "source_format"}


def test_score_has_reading_options() -> None:
    assert set(inspect.signature(score.score).parameters) >= {"word_column", "gold_column", "encoding", "lenient"}


def test_resolve_puts_reading_options_into_the_configuration() -> None:
    reading = {"format": "csv", "word_column": "Wort", "tag_column": "-1", "encoding": None, "lenient": True}
    data = resolve(None, train=["a.csv"], reading=reading).data
    assert (data.format, data.word_column, data.tag_column, data.encoding, data.lenient) == (
        "csv",
        "Wort",
        "-1",
        "",
        True,
    )


def test_train_passes_reading_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Config] = []
    monkeypatch.setattr("nertagger.cli.train._run", lambda wanted, *, as_json: seen.append(wanted))
    train_command(train=[str(tmp_path / "a.tsv")], tag_column="NE-COARSE", lenient=True)
    assert seen[0].data.reading == {
        "word_column": None,
        "tag_column": "NE-COARSE",
        "format": None,
        "encoding": None,
        "lenient": True,
    }
