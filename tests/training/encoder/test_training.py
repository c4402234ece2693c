"""Training from an encoder: reproducible, resumable, and with the settings and vectors of the encoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger import training
from nertagger.config import Config
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger
from nertagger.training.data import load_dataset
from nertagger.training.loop.fingerprint import fingerprint
from nertagger.training.loop.reports import LoggingListener
from nertagger.training.loop.weights import get_weights
from nertagger.training.model_writing import model_members
from nertagger.training.state import build_network
from tests.training.encoder.small_encoders import SETTINGS, encoder_members
from tests.training.test_run import StopAt


@pytest.fixture
def from_encoder(tmp_path: Path, corpus: Path) -> Callable[..., Config]:
    """Return a function that makes the configuration of a run from the small encoder."""
    write_model(tmp_path / "small.enc", encoder_members(settings={**SETTINGS, "network": {"layers": 1, "units": 5}}))

    def make(*settings: str) -> Config:
        sections = {
            "data": {"train": [str(corpus)], "dev": [str(corpus)]},
            "encoder": {"source": str(tmp_path / "small.enc")},
            "training": {"batch_size": 4, "epochs": 1, "refit": 1},
            "output": {"model": str(tmp_path / "model.ner")},
        }
        return Config.from_values(sections, settings)

    return make


def test_a_run_is_the_same_again_resumed_and_goes_into_a_further_training(
    from_encoder: Callable[..., Config], corpus: Path
) -> None:
    config = from_encoder()
    path, notes, listener = Path(config.output.model), [], LoggingListener()
    listener.on_note = notes.append  # type: ignore[method-assign]
    tagger = training.train(config, listener=listener)
    assert notes == [f"encoder: {config.encoder.source}, as asked for (1 x 5 lstm units)"]
    stored = Config.from_stored(tagger.model.text("config.toml"), source="config.toml")
    assert (stored.network.units, stored.characters.units, stored.words.input) == (5, 4, "pretrained")
    assert tagger.model.tensors["word_vectors"].dtype == np.int8
    assert tagger.model.tensors["vector_scales"].shape == (2,)
    assert f"- Encoder: {config.encoder.source}, SHA-256 " in tagger.model.text("README.md")
    assert "licence: CC0" in tagger.model.text("README.md")
    first = path.read_bytes()
    path.unlink()
    with pytest.raises(KeyboardInterrupt):
        training.train(config, listener=StopAt(2, 1))
    training.resume(training.run_folder(config))
    assert path.read_bytes() == first
    other = corpus.with_name("other.conll")
    other.write_text(corpus.read_text().replace("LOC", "PLACE"))
    replayed = from_encoder(f"encoder.source={path}", f"encoder.replay=['{corpus}']", f"data.train=['{other}']")
    further = training.train(replayed, out=corpus.with_name("further.ner"))
    assert further.labels == ("LOC", "PER", "PLACE")
    assert "- Replayed: 10 sentences, " in further.model.text("README.md")


def test_the_fingerprint_of_a_run_depends_on_the_encoder(from_encoder: Callable[..., Config]) -> None:
    config = from_encoder()
    first = fingerprint(load_dataset(config))
    members = encoder_members(settings={**SETTINGS, "network": {"layers": 1, "units": 5}})
    other = members["vocabulary.json"].replace(b'"xx"', b'"yy"')
    write_model(config.encoder.source, {**members, "vocabulary.json": other})
    second = fingerprint(load_dataset(config))
    assert {name for name in first if first[name] != second[name]} == {"the encoder"}


def test_vectors_of_a_file_are_beside_those_of_the_encoder(from_encoder: Callable[..., Config], tmp_path: Path) -> None:
    (tmp_path / "vectors.txt").write_text("oslo 1 2 3\nrhine 4 5 6\n")
    dataset = load_dataset(from_encoder(f"words.vectors={tmp_path / 'vectors.txt'}"))
    assert dataset.sizes["vectors"] == 5
    assert dataset.vectors is not None
    assert len(dataset.vectors.numbers) == 17
    weights = get_weights(build_network(dataset.config, dataset))
    tagger = Tagger(ModelFile.in_memory(model_members(dataset.config, dataset, weights, {})))
    assert len(tagger.tag_tokens([["Oslo", "Rhine"]])[0]) == 2
