"""Names of files and folders beside a file, and folders of other runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.companions import checked_run_folder, companion, language_model_run_folder, tagger_run_folder
from nertagger.config import Config
from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import TrainingError


@pytest.mark.parametrize(
    ("model", "folder"),
    [
        ("m.ner", "m.run"),
        ("dir.v2/m.NER", "dir.v2/m.run"),
        ("m", "m.run"),
        ("m.v1", "m.v1.run"),
        ("m.v1.ner", "m.v1.run"),
        (".ner", ".ner.run"),
    ],
)
def test_run_folder_of_a_tagger(model: str, folder: str) -> None:
    assert tagger_run_folder(model) == Path(folder)


@pytest.mark.parametrize(
    ("model", "folder"), [("m.lm", "m.lm.run"), ("m", "m.lm.run"), ("m.v1", "m.v1.lm.run"), ("m.ner", "m.ner.lm.run")]
)
def test_run_folder_of_a_language_model(model: str, folder: str) -> None:
    assert language_model_run_folder(model) == Path(folder)


def test_models_of_both_kinds_share_no_folder() -> None:
    assert tagger_run_folder("model.ner") != language_model_run_folder("model.lm")
    assert tagger_run_folder("model") != language_model_run_folder("model.lm")


def test_names_with_several_dots_have_different_companions() -> None:
    names = ["corpus", "corpus.v1", "corpus.v2", "corpus.v1.0", "corpus.tar.gz"]
    assert len({companion(name, ".txt", own=(".ann", ".txt")) for name in names}) == len(names)


def test_folder_of_another_kind_of_run_is_refused(tmp_path: Path) -> None:
    kinds = {"tagger": Config().to_toml(), "language model": LanguageModelConfig().to_toml()}
    for kind, text in kinds.items():
        (tmp_path / "config.toml").write_text(text)
        for asked in kinds:
            if asked == kind:
                checked_run_folder(tmp_path, asked)
            else:
                with pytest.raises(TrainingError, match=f"is not the configuration of a {asked}.; give the model file"):
                    checked_run_folder(tmp_path, asked)


@pytest.mark.parametrize("content", [b"", b"title = 1\n", b"\xff", b"= [", b"a = " + b"[" * 5000])
def test_folder_with_a_configuration_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    with pytest.raises(TrainingError, match="the folder is used by something else"):
        checked_run_folder(tmp_path, "tagger")


def test_a_new_or_empty_folder_is_accepted(tmp_path: Path) -> None:
    checked_run_folder(tmp_path, "tagger")
    checked_run_folder(tmp_path / "new", "language model")
