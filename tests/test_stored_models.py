"""Model files and projects of an earlier version open and give the results that they gave then."""

from __future__ import annotations

import json
import pickle
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import nertagger
from nertagger.annotation.project import Project
from nertagger.annotation.store.schema import VERSION
from nertagger.config import Config
from nertagger.config.language_model import LanguageModelConfig
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import FORMAT
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.training.encoder.encoder import Encoder

MODELS = Path(__file__).parent / "models"
EXPECTED: dict[str, Any] = json.loads((MODELS / "expected.json").read_text(encoding="utf-8"))
# The kernels of 8-bit matrix products differ between processors; those of 32-bit floats differ in the last digit.
TOLERANCE = {"small_int8": 2e-2, "committee": 2e-5}


@pytest.mark.parametrize("name", EXPECTED["taggers"])
def test_a_stored_tagger_gives_the_same_tags(name: str) -> None:
    tagger = nertagger.load(MODELS / f"{name}.ner")
    assert [" ".join(tags) for tags in tagger.tag_tokens(EXPECTED["sentences"])] == EXPECTED["taggers"][name]["tags"]


@pytest.mark.parametrize("name", EXPECTED["taggers"])
def test_a_stored_tagger_gives_the_same_entities_and_confidences(name: str) -> None:
    tagger = nertagger.load(MODELS / f"{name}.ner")
    for text, expected in zip(EXPECTED["texts"], EXPECTED["taggers"][name]["entities"], strict=True):
        found = tagger(text).entities
        assert [[entity.label, entity.start, entity.end] for entity in found] == [row[:3] for row in expected]
        confidences = [row[3] for row in expected]
        assert [entity.confidence for entity in found] == pytest.approx(confidences, abs=TOLERANCE.get(name, 5e-6))


def test_a_stored_tagger_pickles() -> None:
    tagger = pickle.loads(pickle.dumps(nertagger.load(MODELS / "small.ner")))
    assert [" ".join(tags) for tags in tagger.tag_tokens(EXPECTED["sentences"])] == EXPECTED["taggers"]["small"]["tags"]


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_stored_language_model_gives_the_same_score(direction: str) -> None:
    score = LanguageModel.load(MODELS / "small.lm").score(EXPECTED["lines"], direction=direction)
    expected = EXPECTED["language_model"][direction]
    assert (score.symbols, score.unknown) == (expected["symbols"], expected["unknown"])
    assert score.nats == pytest.approx(expected["nats"], abs=5e-6)


def test_the_settings_of_stored_models_can_be_read() -> None:
    tagger, language_model = nertagger.load(MODELS / "small.ner"), LanguageModel.load(MODELS / "small.lm")
    assert tagger.model.json("metrics.json")["entity_bias"] == {"LOC": 1.0, "PER": 1.0}
    assert Config.from_toml(tagger.model.text("config.toml"), source="small.ner").network.layers == 2
    assert LanguageModelConfig.from_stored(language_model.model.text("config.toml"), source="small.lm").units == 8


def test_a_stored_encoder_has_the_same_contents() -> None:
    encoder, expected = Encoder.of(read_model(MODELS / "small.enc")), EXPECTED["encoder"]
    assert encoder.digest == expected["digest"]
    assert sorted(encoder.weights) == expected["weights"]
    assert encoder.vectors is not None
    assert len(encoder.vectors.numbers) == expected["words"]


@pytest.mark.parametrize("read_only", [False, True])
def test_a_stored_project_has_the_same_answers(read_only: bool, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    shutil.copy(MODELS / "project.sqlite", tmp_path / "p")
    project, expected = Project.open(tmp_path / "p", read_only=read_only), EXPECTED["project"]
    assert project.decisions.counts() == expected["counts"]
    gold = [
        [found.sentence, found.annotator, [list(span) for span in found.spans]] for found in project.decisions.gold()
    ]
    assert gold == expected["gold"]


def test_there_is_a_file_of_each_format() -> None:
    """A new format, or a new version of projects, needs a stored file of the one before it."""
    formats = {name: zipfile.ZipFile(MODELS / name).read("manifest.json") for name in ("small.ner", "small.enc")}
    assert {json.loads(manifest)["format"] for manifest in formats.values()} == set(range(1, FORMAT + 1))
    with closing(sqlite3.connect(f"file:{MODELS / 'project.sqlite'}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
