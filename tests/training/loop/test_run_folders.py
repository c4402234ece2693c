"""A tagger and a language model in one folder do not overwrite each other's runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger import training
from nertagger.config import Config
from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import TrainingError
from nertagger.training.language_model import run as language_run


def test_models_with_the_same_name_have_separate_run_folders(tmp_path: Path) -> None:
    tagger = Config(output={"model": str(tmp_path / "model.ner")})
    language = LanguageModelConfig(model=str(tmp_path / "model.lm"))
    assert training.run_folder(tagger) == tmp_path / "model.run"
    assert language_run.run_folder(language) == tmp_path / "model.lm.run"


def test_a_tagger_does_not_replace_the_run_of_a_language_model(tmp_path: Path) -> None:
    (tmp_path / "model.run").mkdir()
    (tmp_path / "model.run" / "config.toml").write_text(LanguageModelConfig().to_toml())
    with pytest.raises(TrainingError, match=r"model\.run: the folder is used by something else"):
        training.train(Config(output={"model": str(tmp_path / "model.ner")}))
    assert [path.name for path in (tmp_path / "model.run").iterdir()] == ["config.toml"]


def test_a_language_model_does_not_replace_the_run_of_a_tagger(tmp_path: Path) -> None:
    (tmp_path / "model.lm.run").mkdir()
    (tmp_path / "model.lm.run" / "config.toml").write_text(Config().to_toml())
    (tmp_path / "text.txt").write_text("Ann ran.\n" * 9)
    config = LanguageModelConfig(text=[str(tmp_path / "text.txt")], model=str(tmp_path / "model.lm"))
    with pytest.raises(TrainingError, match=r"model\.lm\.run: the folder is used by something else"):
        language_run.train_lm(config)
