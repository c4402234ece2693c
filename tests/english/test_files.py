"""The package's models, on made-up files."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest

import nertagger
from nertagger import english
from nertagger.english.files import open_model
from nertagger.english.joining import with_vectors
from nertagger.errors import ModelFileError
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.tensors import write_tensors
from nertagger.runtime import Tagger
from nertagger.runtime.encoder.contents import open_encoder

KERNEL, SCALES = np.array([[-128, 1], [127, 2]], np.int8), np.array([0.5, 0.5], np.float32)
TEXT = "He left New York for Paris ."


def found(tagger: Tagger) -> list[str]:
    return [entity.text for entity in tagger(TEXT).entities]


def test_the_parts_are_joined_into_whole_models(english_folder: Path):
    encoder, tagger, fast = english.encoder(), english.tagger(), english.fast()
    assert [model.kind for model in (encoder, tagger, fast)] == ["encoder", "tagger", "encoder"]
    assert [str(model.path) for model in (tagger, fast)] == ["english", "english-fast"]
    for model in (tagger, fast):
        for name in ("word_vectors", "vector_scales", "word_keys"):
            np.testing.assert_array_equal(model.tensors[name], encoder.tensors[name])
        assert {name: hashlib.sha256(content).hexdigest() for name, content in model.members.items()} == model.hashes
    assert open_encoder(fast).vectors is not None
    part = read_model(english_folder / "tagger.ner")
    assert set(tagger.tensors) == set(part.tensors) | {"word_vectors", "vector_scales", "word_keys"}
    assert all((tagger.tensors[name] == tensor).all() for name, tensor in part.tensors.items())


def test_weights_in_8_bits_become_floats():
    whole = ModelFile.in_memory(
        {"weights.safetensors": write_tensors({"emit/kernel": KERNEL, "emit/kernel/scales": SCALES})}
    )
    joined = with_vectors(whole, ModelFile.in_memory({"weights.safetensors": write_tensors({})}), name="joined")
    assert list(joined.tensors) == ["emit/kernel"]
    np.testing.assert_array_equal(joined.tensors["emit/kernel"], np.array([[-64, 0.5], [63.5, 1]], np.float16))


def test_english_is_a_tagger_as_any_other(english_folder: Path, tmp_path: Path):
    tagger = nertagger.load("english")
    assert found(tagger) == ["New York", "Paris"]
    assert repr(tagger).startswith("<Tagger english: 1 label (LOC), ")
    assert found(pickle.loads(pickle.dumps(tagger))) == ["New York", "Paris"]
    tagger.save(tmp_path / "saved.ner")
    for path in english_folder.iterdir():
        path.unlink()
    assert found(nertagger.load(tmp_path / "saved.ner")) == ["New York", "Paris"]


def test_a_file_of_that_name_is_meant_by_a_path(english_folder: Path, tmp_path: Path, monkeypatch, lexicon_model):
    monkeypatch.chdir(tmp_path)
    Path("english").write_bytes(lexicon_model.read_bytes())
    assert open_model("english").path == Path("english")
    assert found(nertagger.load("english")) == ["New York", "Paris"]
    for source in ("./english", Path("english"), str(tmp_path / "english")):
        assert nertagger.load(source).labels == ("PER", "LOC")


@pytest.mark.parametrize("name", ["English", "englisch", "englsh", "ENGLISH"])
def test_a_name_that_is_nearly_english(tmp_path: Path, monkeypatch, name: str):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelFileError) as caught:
        nertagger.load(name)
    assert str(caught.value) == f"{name}: there is no such file; did you mean english?"


def test_other_names_are_paths(tmp_path: Path, monkeypatch, lexicon_model):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ModelFileError,
        match=r"^news.ner: there is no such file; nertagger train .* english is the tagger of the package",
    ):
        nertagger.load("news.ner")
    Path("englisch").write_bytes(lexicon_model.read_bytes())
    assert nertagger.load("englisch").labels == ("PER", "LOC")


@pytest.mark.parametrize(
    ("missing", "call"),
    [("english.enc", english.encoder), ("tagger.ner", english.tagger), ("english.enc", english.fast)],
)
def test_a_missing_file_gives_one_line(english_folder: Path, missing: str, call):
    (english_folder / missing).unlink()
    with pytest.raises(ModelFileError) as caught:
        call()
    problem = "this file of the package is missing; install nertagger again"
    assert str(caught.value) == f"{english_folder / missing}: {problem}"


@pytest.mark.parametrize("damaged", ["english.enc", "tagger.ner"])
def test_a_damaged_file_gives_one_line(english_folder: Path, damaged: str):
    path = english_folder / damaged
    content = bytearray(path.read_bytes())
    content[content.index(b"word_keys" if damaged == "english.enc" else b"crf/start")] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"is damaged: weights\.safetensors is not what was") as caught:
        nertagger.load("english")
    assert str(caught.value).startswith(f"{path}: ")
