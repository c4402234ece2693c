"""Training of encoders: they learn, are reproducible byte for byte, resume where they stopped, and continue others."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from nertagger.config import EncoderConfig
from nertagger.errors import NerTaggerError, TrainingError
from nertagger.modelfile.reader import read_model
from nertagger.runtime.encoder.contents import open_encoder
from nertagger.training import Stopped
from nertagger.training.pretraining import pretrain, resume_pretraining
from nertagger.training.pretraining.checkpoint import EncoderCheckpoint
from nertagger.training.pretraining.reports import LoggingEncoderListener
from nertagger.training.pretraining.run import run_folder
from tests.training.pretraining.small_encoders import Make


class StopAt(LoggingEncoderListener):
    """Sends Ctrl-C to this process after some steps of a stage."""

    def __init__(self, name: str, step: int) -> None:
        self.name, self.step = name, step

    def on_step(self, name: str, step: int, steps: int, *, loss: float, tokens_per_second: float) -> None:
        if (name, step) == (self.name, self.step):
            os.kill(os.getpid(), signal.SIGINT)


def both(small: Make, folder: Path, **values: object) -> EncoderConfig:
    return small(data__annotated=[str(folder / "a.conll"), str(folder / "b.conll")], **values)


def test_masked_words_are_learned_and_the_file_is_an_encoder(small: Make) -> None:
    rates = {"masked__learning_rate": 0.05, "masked__average": 0.5, "masked__dropout": 0.0}
    config = small(masked__passes=25.0, masked__evaluate_every=50, data__licence="PDDL", **rates)
    model = read_model(pretrain(config))
    assert model.kind == "encoder"
    assert model.metrics["masked words"]["loss"] < 1.6  # 3.2 untrained; what is hidden is not always certain
    assert model.metrics["masked words"]["held_out"] < 1.6
    contents = open_encoder(model)
    assert contents.config == config
    assert contents.vectors is not None
    assert model.tensors["word_vectors"].dtype == np.int8
    assert contents.weights["stack/layer0_forward/kernel"].dtype == np.float16
    card = model.text("README.md")
    for fact in ("- Licence: PDDL", "text.txt (24 sentences", "vectors.txt", "Stage of masked words", "Seed: 1"):
        assert fact in card


def test_a_resumed_run_writes_the_file_of_an_uninterrupted_one(
    small: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nertagger.training.pretraining.run._READ_EVERY", 1)
    config = small()
    expected = pretrain(config).read_bytes()
    log = records(config)
    Path(config.output.encoder).unlink()
    with pytest.raises(Stopped, match="resume with: nertagger pretrain --resume"):
        pretrain(config, listener=StopAt("masked words", 4))
    assert EncoderCheckpoint.load(run_folder(config)).progress.step == 4
    text = folder / "text.txt"
    content = text.read_text()
    text.write_text(content.replace("cat", "cow"))
    with pytest.raises(TrainingError, match=r"the data have changed since this run began; .* bring back the text"):
        resume_pretraining(run_folder(config))
    text.write_text(content)
    assert resume_pretraining(run_folder(config)).read_bytes() == expected
    assert records(config) == log


@pytest.mark.slow
def test_both_stages_resume(small: Make, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nertagger.training.pretraining.run._READ_EVERY", 1)
    config = both(small, folder, annotated__masked_every=2)
    expected = pretrain(config).read_bytes()
    log = records(config)
    with pytest.raises(KeyboardInterrupt):
        pretrain(config, listener=StopAt("annotated", 3))
    assert resume_pretraining(run_folder(config)).read_bytes() == expected
    assert records(config) == log
    card = read_model(Path(config.output.encoder)).text("README.md")
    assert "a.conll (7 sentences" in card
    assert "person" in card


def records(config: EncoderConfig) -> list[tuple[object, ...]]:
    """Return what the log of a run says, but for speed and time."""
    lines = map(json.loads, (run_folder(config) / "log.jsonl").read_text().splitlines())
    return [tuple(line[name] for name in ("stage", "step", "loss", "learning_rate", "tokens")) for line in lines]


@pytest.mark.slow
def test_an_encoder_is_continued_on_annotated_text_alone(small: Make, folder: Path) -> None:
    (folder / "dev.txt").write_text("Bo Li likes Paris and Rome")
    removed = folder / "removed.tsv"
    first = pretrain(small(masked__passes=0.3, output__encoder=str(folder / "first.enc")))
    before = read_model(first)
    config = small(
        data__annotated=[str(folder / "a.conll")],
        data__text=[],
        data__vectors=[],
        data__start=str(first),
        data__exclude=[str(folder / "dev.txt")],
        network__units=7,
        annotated__steps=2,
    )
    after = read_model(pretrain(config, removed=removed))
    assert "Left out: 1 sentence" in after.text("README.md")
    assert removed.read_text() == f"{folder / 'a.conll'}\texact\tBo Li likes Paris and Rome\n"
    assert after.metrics.keys() == {"annotated"}
    assert open_encoder(after).config.network.units == 5  # that of the encoder
    for name in ("word_vectors", "word_keys", "vector_scales"):
        assert np.array_equal(after.tensors[name], before.tensors[name])
    name = "stack/layer0_forward/kernel"
    assert not np.array_equal(after.tensors[name], before.tensors[name])
    np.testing.assert_allclose(after.tensors[name], before.tensors[name], atol=0.02)  # two small steps


@pytest.mark.parametrize(("values", "problem"), [
    ({"data__text": []}, "nothing to train on"),
    ({"masked__passes": 0.0}, "nothing would be trained"),
    ({"data__annotated": ["a", "a"]}, "named twice"),
    ({"data__text": [], "data__annotated": ["a"], "annotated__masked_every": 2}, "needs raw text"),
    ({"data__start": "a.enc"}, "leave out --vectors, or --start"),
    ({"data__text": ["/dev/null"]}, "is no file, and the data are read more than once"),
    ({"output__encoder": "."}, "is a folder"),
])  # fmt: skip
def test_mistakes_are_found_before_training(values: dict[str, object], problem: str, small: Make, folder: Path) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(NerTaggerError, match=problem):
        pretrain(small(**values))
    assert sorted(folder.iterdir()) == before


def test_resume_wants_the_folder_of_a_run(folder: Path) -> None:
    with pytest.raises(TrainingError, match="expected the folder of a run"):
        resume_pretraining(folder)
