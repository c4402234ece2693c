"""Training on sentences in memory gives the same model as training on the same sentences in files."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import nertagger
from nertagger import training
from nertagger.config import Config
from nertagger.corpus import Sentence, read, read_documents
from nertagger.errors import ConfigError, DataError, TrainingError
from nertagger.text import Document, Entity
from nertagger.text.segment import segment
from nertagger.training.loop.reports import LoggingListener
from nertagger.training.loop.run_folder import RunFolder
from nertagger.training.splits import take_splits

SMALL = {
    "words.size": 4,
    "characters": {"size": 4, "units": 4},
    "encoder.source": "none",
    "network.layers": 1,
    "network.units": 4,
    "training.epochs": 1,
    "training.refit": 1,
}
PAIRS = [(("Ann", "saw", "Oslo"), ("B-PER", "O", "B-LOC")), (("Nobody", "came"), ("O", "O"))]


def test_the_weights_equal_those_of_training_on_files(
    tiny: Callable[..., Config], corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    from_files = training.train(tiny("training.epochs=1"))
    before = sorted(tmp_path.iterdir())
    sentences = read(corpus)
    settings = tiny("training.epochs=1").updated({"output.model": "", "data.train": [], "data.dev": []})
    in_memory = nertagger.train(settings, train=sentences, dev=list(read_documents(corpus)), test=sentences)
    assert sorted(tmp_path.iterdir()) == before  # no model, no run folder
    for name in ("weights.safetensors", "network.onnx", "words.onnx", "vocabulary.json"):
        assert bytes(in_memory.model.members[name]) == bytes(from_files.model.members[name])
    card = in_memory.model.text("README.md")
    assert "entities from sentences in memory" in card
    assert "Test split, scored once: sentences in memory" in card
    assert "- Trained by: `nertagger.train(config, train=..., dev=..., test=...)`" in card
    in_memory.save("saved.ner")
    assert nertagger.load("saved.ner").model.members == in_memory.model.members
    words = [sentence.words for sentence in sentences]
    assert pickle.loads(pickle.dumps(in_memory)).tag_tokens(words) == from_files.tag_tokens(words)


class Stop(LoggingListener):
    """Sends Ctrl-C after the first step."""

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        if step == 1:
            os.kill(os.getpid(), signal.SIGINT)


def test_a_run_with_a_dict_of_settings_and_pairs_is_resumed_with_the_same_sentences(tmp_path: Path) -> None:
    config = {**SMALL, "training.refit": 0, "training.batch_size": 4}
    folder = tmp_path / "a.run"
    with pytest.raises(training.Stopped) as stopped:
        nertagger.train(train=iter(PAIRS * 4), dev=PAIRS, config=config, out=tmp_path / "a.ner", listener=Stop())
    assert stopped.value.remedy == f"nertagger.training.resume('{folder}', train=..., dev=...)"
    with pytest.raises(TrainingError, match=r"the sentences of data.train were passed in memory and are in no file"):
        training.resume(folder)
    with pytest.raises(TrainingError, match="bring back the dev sentences as before"):
        training.resume(folder, train=PAIRS * 4, dev=PAIRS[:1])
    tagger = training.resume(folder, train=PAIRS * 4, dev=PAIRS)
    assert tagger.model.path == tmp_path / "a.ner"
    assert tagger.labels == ("LOC", "PER")
    assert nertagger.load(tmp_path / "a.ner").tags == tagger.tags
    assert (folder / "log.jsonl").exists()
    assert 'train = ["(sentences in memory)"]' in tagger.model.text("config.toml")


def test_splits_are_paths_or_sentences() -> None:
    config, passed = take_splits(Config(), {"train": ["a.conll", Path("b.conll")], "dev": Path("c"), "test": PAIRS})
    assert (config.data.train, config.data.dev) == (["a.conll", "b.conll"], ["c"])
    assert [sentence.words for document in passed["test"] for sentence in document.sentences] == [
        words for words, _ in PAIRS
    ]
    assert take_splits(Config(), {"train": None, "dev": []}) == (Config(), {})


def test_documents_and_rows_with_entities_get_tokens_and_tags() -> None:
    entity, text = Entity("PER", 0, 3, "Ann"), "Ann saw Oslo-born Bo."
    cut = segment(text)
    splits = {
        "train": [Document(text, (), (entity,)), replace(cut, entities=(Entity("LOC", 8, 12, "Oslo"),))],
        "dev": [(text, {"entities": [(0, 3, "PER")]}), {"tokens": ["Ann"], "tags": ["B-PER"]}],
    }
    config, passed = take_splits(Config(), splits)
    assert config.data.dev == ["(sentences in memory)"]
    tags = [[tag for sentence in document.sentences for tag in sentence.tags or ()] for document in passed["train"]]
    assert tags == [["B-PER", *"OOOOOO"], ["O", "O", "B-LOC", *"OOOO"]]
    assert [document.sentences[0].tags for document in passed["dev"]] == [("B-PER", *"OOOOOO"), ("B-PER",)]
    characters = Config().updated({"text.tokenizer": "character"})
    [document] = take_splits(characters, {"dev": splits["dev"][:1]})[1]["dev"]
    assert document.sentences[0].words[:3] == ("A", "n", "n")


@pytest.mark.parametrize(("arguments", "message"), [
    ({"train": [Document("Ann ran", ())]}, "^train:1: got a text without sentences and entities"),
    ({"dev": [{"text": "Ann", "entities": [[0, 9, "PER"]]}]}, "^dev:1: entity PER 0-9 is not within"),
    ({"dev": [Document("Ann", (), (Entity("PER", 0, 9, "Ann"),))]}, "^dev:1: entity PER 0-9 is not within"),
    ({"dev": [Document("Ann", (), (Entity("PER", 0, 3, "Bob"),))]}, "^dev:1: entity PER 0-3 is 'Ann', but"),
    ({"train": [Document("Ann", (), (Entity("PER", 0, 3, "Ann"), Entity("LOC", 1, 3, "nn")))]}, "^train:1: .*overlap"),
    ({"train": 3}, "got 3, expected a list of sentences or files"),
    ({"train": ["a.conll", PAIRS[0]]}, "train, sentence 1: got the text 'a.conll', expected a Sentence, or a pair"),
    ({"train": PAIRS, "dev": [(["a"], ["O", "O"])]}, "dev, sentence 1: got 1 word and 2 tags"),
    ({"train": [Sentence.from_words(("a",))]}, "train, sentence 1: has no tags"),
    ({"train": [(["Ann"], ["PERSON"])]}, "train, sentence 1, word 1: got the tag 'PERSON'"),
])  # fmt: skip
def test_invalid_splits_are_rejected(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        take_splits(Config(), arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"training.epoch": 2}, "^config: there is no setting training.epoch"),
        (3, "^config: got 3, expected a Config"),
        ("absent.conll", "there is no such file; .*; annotated text is passed by name"),
    ],
)
def test_invalid_settings_are_rejected(config: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        nertagger.train(config, train=PAIRS)  # type: ignore[arg-type]


def test_the_call_that_resumes_a_renamed_run_names_the_model(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "b.ner", [], "nertagger train", renamed=True, passed=("train",))
    assert folder.resuming == f"nertagger.training.resume('{tmp_path}', train=..., out='b.ner')"
