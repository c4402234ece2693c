"""A tagger trained with names in lists: its model file needs no list, learns from it, and is read with care."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import safetensors.numpy

import nertagger
from nertagger.config import Config
from nertagger.errors import ConfigError, DataError, ModelFileError, NerTaggerError
from nertagger.export.quantization import int8_members
from nertagger.features.name_lists import load_gazetteer
from nertagger.inspection.contents import describe
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime import Tagger
from nertagger.text import Profile, Sentence
from nertagger.training.data import load_dataset
from nertagger.training.loop.weights import get_weights
from nertagger.training.splits import take_splits
from nertagger.training.state import build_network

KERNEL = "stack/layer0_forward/kernel"
FIRST = ["Ada", "Bea", "Cyd", "Dot", "Eve", "Fay", "Gus", "Hal", "Ian", "Jon", "Kit", "Leo"]
NEW = ["Mia", "Ned", "Oda", "Pia"]


SMALL = {
    "encoder.source": "none",
    "words.size": 6,
    "words.tag_shares": False,
    "characters.encoder": "none",
    "shapes.size": 0,
    "network.units": 8,
    "network.layers": 1,
    "network.dense": [],
    "network.word_dropout": 0.0,
    "training.epochs": 15,
    "training.patience": 15,
    "training.batch_size": 4,
    "training.learning_rate": 0.02,
    "training.refit": 0,
    "training.lower_case": 0.0,
}


def sentences(first: list[str]) -> list[Sentence]:
    """Return sentences that only a list tells apart: two words are a person if they are a name in it."""
    rows = [((name, "Roe", "left", "."), ("B-PER", "I-PER", "O", "O")) for name in first]
    rows += [((name, "Moe", "left", "."), ("O", "O", "O", "O")) for name in first]
    return [Sentence.from_words(words, tags=tags) for words, tags in rows]


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Tagger:
    """Return a tagger trained with a list, which is removed, of the names that training has and of others."""
    folder = tmp_path_factory.mktemp("lists")
    names = folder / "names.tsv"
    names.write_text("".join(f"{name} Roe\tPER\n" for name in [*FIRST, *NEW]), encoding="utf-8")
    config = Config().updated({**SMALL, "features.gazetteers": [str(names)], "output.model": str(folder / "model.ner")})
    tagger = nertagger.train(config, train=sentences(FIRST), dev=sentences(FIRST[:3]))
    names.unlink()
    return tagger


def test_names_that_training_lacks_are_found_by_the_list(trained):
    assert trained.tag_tokens([[name, "Roe", "left", "."] for name in NEW]) == [["B-PER", "I-PER", "O", "O"]] * 4
    assert trained.tag_tokens([[name, "Moe", "left", "."] for name in NEW]) == [["O"] * 4] * 4
    assert describe(trained.model)["vocabulary"]["gazetteer_names"] == len(FIRST) + len(NEW)


def test_the_list_is_in_the_model_file_and_in_its_8_bit_export(trained, tmp_path):
    sentence = ["Mia", "Roe", "left", "."]
    trained.save(tmp_path / "saved.ner")
    small = Tagger(ModelFile.in_memory(int8_members(trained.model)))
    for tagger in (nertagger.load(tmp_path / "saved.ner"), small, pickle.loads(pickle.dumps(trained))):
        assert tagger.tag_tokens([sentence]) == [["B-PER", "I-PER", "O", "O"]]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("gazetteer/keys", None, "the arrays of the gazetteer are"),
        ("gazetteer/marks", np.zeros(3, np.int32), "the arrays of the gazetteer are"),
        ("gazetteer/marks", np.full(16, 2, np.int32), "marks beyond those of its 1 label"),
        ("gazetteer/lengths", np.full(16, -1, np.int32), "negative lengths"),
    ],
)
def test_damaged_lists_of_a_model_are_errors(trained, name, value, message):
    tensors = {key: np.array(array) for key, array in trained.model.tensors.items()}
    if value is None:
        del tensors[name]
    else:
        tensors[name] = value
    members = {key: bytes(content) for key, content in trained.model.members.items()}
    members["weights.safetensors"] = safetensors.numpy.save(tensors)
    with pytest.raises(ModelFileError, match=message):
        Tagger(ModelFile.in_memory(members))


def test_training_starts_from_a_tagger_with_lists(trained, tmp_path):
    model, names = tmp_path / "saved.ner", tmp_path / "other.tsv"
    trained.save(model)
    names.write_text("Oslo\tLOC\nAda Roe\tPER\nMia Roe\tPER\n", encoding="utf-8")
    known = trained.model.tensors[KERNEL]  # its last four rows are for the label PER
    width = len(known) - 4
    for lists, rows in (([str(names)], [*range(width), *range(width + 4, width + 8)]), ([], [*range(width)])):
        config = Config().updated({**SMALL, "encoder.source": str(model), "features.gazetteers": lists})
        dataset = load_dataset(*take_splits(config, {"train": sentences(FIRST), "dev": sentences(FIRST[:3])}))
        kernel = get_weights(build_network(dataset.config, dataset))[KERNEL]
        assert len(kernel) == width + 4 * len(dataset.lists)
        np.testing.assert_array_equal(kernel[rows], known[: len(rows)])


def test_lists_that_a_model_cannot_hold_are_refused(tmp_path, caplog):
    path = tmp_path / "names.tsv"
    path.write_text("# nothing\n")
    with pytest.raises(ConfigError, match=r"features\.gazetteers: got 0 names"):
        load_gazetteer([str(path)], Profile.GENERAL)
    path.write_text("".join(f"n\tL{number}\n" for number in range(31)))
    with pytest.raises(ConfigError, match="got 31 labels, expected at most 30"):
        load_gazetteer([str(path)], Profile.GENERAL)
    path.write_text("Ann\n")
    with pytest.raises(DataError, match=r"names\.tsv:1: got the label ''"):
        load_gazetteer([str(path)], Profile.GENERAL)
    path.write_text("a " * 31 + "\tX\nAnn\tPER\n")
    assert len(load_gazetteer([str(path)], Profile.GENERAL)) == 1
    assert "1 name of more than 30 tokens left out" in caplog.text


def test_a_model_is_not_written_over_its_list(tmp_path):
    names = tmp_path / "names.tsv"
    names.write_text("Ada Roe\tPER\n")
    config = Config().updated({**SMALL, "features.gazetteers": [str(names)], "output.model": str(names)})
    with pytest.raises(NerTaggerError, match=r"names\.tsv"):
        nertagger.train(config, train=sentences(FIRST), dev=sentences(FIRST[:3]))
    assert names.read_text() == "Ada Roe\tPER\n"
