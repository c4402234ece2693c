"""Every command that reads annotated files has the options that say how to read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.cli.common.dispatch import find_command
from nertagger.cli.common.parser import make_parser
from nertagger.cli.common.training import RunOptions, resolve
from nertagger.cli.train import train
from nertagger.config import Config


def help_of(name: str) -> str:
    return make_parser(name, find_command(name)).format_help()


@pytest.mark.parametrize(
    "name", ["check", "compare", "convert", "cross-validate", "evaluate", "split", "train", "tune"]
)
def test_commands_have_reading_options(name: str) -> None:
    shown = help_of(name)
    assert all(option in shown for option in ("--word-column", "--tag-column", "--encoding"))
    assert "--lenient" in shown or name == "check"  # which always reads leniently
    assert "--format" in shown or "--from" in shown


def test_score_has_reading_options() -> None:
    shown = help_of("score")
    assert all(option in shown for option in ("--word-column", "--gold-column", "--encoding", "--lenient"))


def test_resolve_puts_reading_options_into_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    options = RunOptions(format="csv", word_column="Wort", tag_column="-1", lenient=True)
    data = resolve(None, options, train=[str(tmp_path / "a.csv")]).data
    assert (data.format, data.word_column, data.tag_column) == ("csv", "Wort", "-1")
    assert (data.encoding, data.lenient) == ("", True)


def test_train_passes_reading_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").touch()
    seen: list[Config] = []
    monkeypatch.setattr("nertagger.cli.train._run", lambda wanted, workers, *, as_json: seen.append(wanted))
    train(train=[str(tmp_path / "a.tsv")], options=RunOptions(tag_column="NE-COARSE", lenient=True))
    assert seen[0].data.reading == {
        "word_column": None,
        "tag_column": "NE-COARSE",
        "format": None,
        "encoding": None,
        "lenient": True,
    }
