"""Training from an encoder: reproducible, resumable, and with learning rates of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger import training
from nertagger.config import Config
from nertagger.errors import TrainingError
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger
from nertagger.training.loop.reports import LoggingListener
from tests.training.encoder.small_encoders import encoder_members
from tests.training.test_run import StopAt

FEW = ("training.epochs=2", "training.refit=1")


@pytest.fixture
def from_encoder(tmp_path: Path, corpus: Path) -> Callable[..., Config]:
    """Return a function that makes the configuration of a run from the small encoder."""
    write_model(tmp_path / "small.enc", encoder_members())

    def make(*settings: str) -> Config:
        files = {"data": {"train": [str(corpus)], "dev": [str(corpus)]}, "output": {"model": str(tmp_path / "m.ner")}}
        start = {"encoder": {"source": str(tmp_path / "small.enc")}, "training": {"batch_size": 4}}
        return Config.from_values({**files, **start}, [*FEW, *settings])

    return make


def test_the_tagger_has_the_settings_and_vectors_of_the_encoder(from_encoder: Callable[..., Config]) -> None:
    tagger = training.train(from_encoder())
    stored = Config.from_stored(tagger.model.text("config.toml"), source="config.toml")
    assert (stored.network.units, stored.characters.units, stored.words.input) == (5, 4, "pretrained")
    assert tagger.model.tensors["word_vectors"].dtype == np.int8
    assert tagger.model.tensors["vector_scales"].shape == (2,)
    assert "small.enc" in tagger.model.text("README.md")
    assert "CC0" in tagger.model.text("README.md")


def test_same_seed_same_bytes_and_a_resumed_run_too(from_encoder: Callable[..., Config]) -> None:
    config = from_encoder()
    path = Path(config.output.model)
    training.train(config)
    first = path.read_bytes()
    path.unlink()
    with pytest.raises(KeyboardInterrupt):
        training.train(config, listener=StopAt(2, 1))
    training.resume(training.run_folder(config))
    assert path.read_bytes() == first


def test_a_run_is_not_resumed_with_another_encoder(from_encoder: Callable[..., Config]) -> None:
    config = from_encoder()
    with pytest.raises(KeyboardInterrupt):
        training.train(config, listener=StopAt(1, 1))
    members = encoder_members()
    other = members["vocabulary.json"].replace(b'"xx"', b'"yy"')
    write_model(config.encoder.source, {**members, "vocabulary.json": other})
    with pytest.raises(TrainingError, match="the encoder"):
        training.resume(training.run_folder(config))


def stack_changes(config: Config) -> dict[str, float]:
    """Return how far the weights of the tagger are from those of the encoder, by name."""
    known = ModelFile.in_memory(encoder_members()).tensors
    found = training.train(config).model.tensors
    return {
        name: float(np.abs(found[name][: len(known[name])] - known[name]).max())
        for name in known
        if name.startswith("stack/layer1")
    }


def test_the_encoder_learns_at_a_rate_of_its_own(from_encoder: Callable[..., Config]) -> None:
    frozen, slow, fast = (stack_changes(from_encoder(f"encoder.learning_rate={rate}")) for rate in (0.0, 0.01, 1.0))
    assert set(frozen.values()) == {0.0}
    assert all(0 < slow[name] < fast[name] for name in slow)


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_other_optimizers_have_the_rate_too(optimizer: str, from_encoder: Callable[..., Config]) -> None:
    frozen = stack_changes(from_encoder("encoder.learning_rate=0", f"training.optimizer={optimizer}"))
    assert set(frozen.values()) == {0.0}


def test_a_tagger_is_trained_further_with_new_labels(from_encoder: Callable[..., Config], corpus: Path) -> None:
    config = from_encoder()
    training.train(config)
    text = corpus.read_text().replace("LOC", "PLACE")
    (corpus.parent / "new.conll").write_text(text)
    settings = {
        "encoder.source": config.output.model,
        "data.train": [str(corpus.parent / "new.conll")],
        "data.dev": [str(corpus.parent / "new.conll")],
        "output.model": str(corpus.parent / "new.ner"),
    }
    tagger = training.train(config.updated(settings))
    assert set(tagger.labels) == {"PER", "PLACE"}


def test_vectors_of_a_file_beside_those_of_the_encoder(from_encoder: Callable[..., Config], tmp_path: Path) -> None:
    (tmp_path / "vectors.txt").write_text("oslo 1 2 3\nrhine 4 5 6\n")
    tagger = training.train(from_encoder(f"words.vectors={tmp_path / 'vectors.txt'}"))
    assert tagger.model.tensors["word_vectors"].shape == (17, 5)
    assert Tagger.load(tagger.model.path).tag_tokens([["Oslo"]])


def test_the_choice_is_said_in_one_line(from_encoder: Callable[..., Config]) -> None:
    notes: list[str] = []
    listener = LoggingListener()
    listener.on_note = notes.append  # type: ignore[method-assign]
    config = from_encoder()
    training.train(config, listener=listener)
    assert notes == [f"encoder: {config.encoder.source}, as asked for (2 x 5 lstm units)"]
