"""Hugging Face datasets: texts and tokens tagged, class labels both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import datasets
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Value

import nertagger
from nertagger.config import Config
from nertagger.errors import DataError
from nertagger.integrations.datasets import sentences_of, tag_texts, tag_tokens
from nertagger.runtime import Tagger
from nertagger.training.splits import take_splits

CLASSES = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
PARIS = {"label": "LOC", "start": 3, "end": 8, "text": "Paris"}


@pytest.fixture
def tagger(lexicon_model: Path) -> Tagger:
    return Tagger.load(lexicon_model)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def tagged_dataset(names: list[str] | None = CLASSES) -> Dataset:
    rows = {"id": ["a", "b", "c"], "tokens": [["Barack", "Obama", "spoke"], [], ["Paris"]]}
    rows["ner_tags"] = [["B-PER", "I-PER", "O"], [], ["B-LOC"]]
    return Dataset.from_dict(rows).cast_column("ner_tags", [ClassLabel(names=names) if names else Value("string")])


@pytest.mark.parametrize("given", [tagged_dataset(), DatasetDict({"train": tagged_dataset()})])
def test_a_dataset_itself_is_refused_with_the_way_to_its_sentences(given: Dataset | DatasetDict) -> None:
    with pytest.raises(DataError, match=rf"^got a {type(given).__name__}, .*datasets.sentences_of\(dataset\["):
        take_splits(Config(), {"train": given})  # type: ignore[dict-item]


def test_map_batch(tagger: Tagger) -> None:
    dataset = Dataset.from_dict({"id": [1, 2, 3], "text": ["in Paris", None, ""]})
    tagged = dataset.map(tagger.map_batch, batched=True)
    first, *others = tagged["entities"]
    assert [{name: entity[name] for name in PARIS} for entity in first] == [PARIS]
    assert others == [None, []]
    assert tagged["id"][:] == [1, 2, 3]
    body = dataset.rename_column("text", "body").map(tagger.map_batch, batched=True, fn_kwargs={"column": "body"})
    assert body["entities"][:] == tagged["entities"][:]
    with pytest.raises(DataError, match="there is no column 'text'; there are id"):
        tagger.map_batch({"id": [1]})
    with pytest.raises(DataError, match="text 2: got 3, expected a text or None"):
        tagger.map_batch({"text": ["Paris", 3]})  # type: ignore[list-item]


def test_texts_without_entities_at_the_beginning(tagger: Tagger) -> None:
    dataset = Dataset.from_dict({"text": ["nothing", None] * 600 + ["in Paris"]})
    tagged = tag_texts(tagger, dataset)
    assert tagged[1200]["entities"][0]["text"] == "Paris"
    assert tagged[:2] == {"text": ["nothing", None], "entities": [[], None]}
    assert list(tag_texts(tagger, dataset.to_iterable_dataset())) == list(tagged)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (CLASSES, ["B-PER I-PER O", "", "B-LOC"]),
        (sorted(CLASSES), ["B-PER I-PER O", "", "B-LOC"]),
        (None, ["B-PER I-PER O", "", "B-LOC"]),
        (["O", "I-PER", "I-LOC"], ["I-PER I-PER O", "", "I-LOC"]),
        (
            ["O", *(f"{prefix}-{label}" for label in ("PER", "LOC") for prefix in "BIES")],
            ["B-PER E-PER O", "", "S-LOC"],
        ),
    ],
)
def test_predictions_are_classes_of_the_same_feature(
    tagger: Tagger, names: list[str] | None, expected: list[str]
) -> None:
    kind = [ClassLabel(names=names) if names else Value("string")]
    rows = {"tokens": [["Barack", "Obama", "spoke"], [], ["Paris"]], "ner_tags": [["O"] * 3, [], ["O"]]}
    dataset = Dataset.from_dict(rows).cast_column("ner_tags", kind)
    tagged = tag_tokens(tagger, dataset)
    assert tagged.features["predicted_tags"] == tagged.features["ner_tags"]
    found = tagged["predicted_tags"][:]
    assert [" ".join(names[tag] if names else tag for tag in row) for row in found] == expected
    assert tagged.remove_columns("predicted_tags")[:] == dataset[:]


def test_a_label_without_a_class_must_be_left_out_by_name(tagger: Tagger) -> None:
    dataset = tagged_dataset().cast_column("ner_tags", [ClassLabel(names=["O", "B-PER", "I-PER", "B-X", "I-X"])])
    with pytest.raises(DataError, match=r"column 'ner_tags' has no class for the label 'LOC' .* without=\['LOC'\]"):
        tag_tokens(tagger, dataset)
    tagged = tag_tokens(tagger, dataset, without=["LOC"], output="found")
    assert tagged["found"][:] == [[1, 2, 0], [], [0]]


@pytest.mark.parametrize("names", [CLASSES, None])
def test_sentences_of_a_dataset(names: list[str] | None) -> None:
    dataset = tagged_dataset(names)
    expected = [(("Barack", "Obama", "spoke"), ("B-PER", "I-PER", "O")), (("Paris",), ("B-LOC",))]
    for one in (dataset, dataset.with_format("numpy"), dataset.to_iterable_dataset()):
        assert [(sentence.words, sentence.tags) for sentence in sentences_of(one)] == expected


def test_sentences_are_scored(tagger: Tagger) -> None:
    sentences = sentences_of(tagged_dataset())
    gold = [list(sentence.tags or ()) for sentence in sentences]
    assert nertagger.evaluate(gold, tagger.tag_tokens(s.words for s in sentences)).micro.f1 == 1.0


def test_wrong_arguments_are_refused(tagger: Tagger) -> None:
    dataset = tagged_dataset()
    with pytest.raises(DataError, match="got a DatasetDict, expected one split of a dataset"):
        tag_tokens(tagger, DatasetDict({"train": dataset}))
    with pytest.raises(DataError, match="there is no column 'nix'; there are id, tokens, ner_tags"):
        sentences_of(dataset, tags="nix")
    with pytest.raises(DataError, match="there is a column 'id' already"):
        tag_tokens(tagger, dataset, output="id")
    with pytest.raises(DataError, match=r"column 'id': .* expected a list of class labels"):
        sentences_of(dataset, tags="id")
    hidden = dataset.map(lambda row: {"ner_tags": [-1] * len(row["tokens"])})
    with pytest.raises(DataError, match="sentence 1: got the class -1, expected 0 to 4; filter"):
        sentences_of(hidden)
    missing = dataset.map(lambda row: {"ner_tags": None if row["id"] == "c" else row["ner_tags"]})
    with pytest.raises(DataError, match="sentence 3: got null, expected words and tags"):
        sentences_of(missing)


@pytest.mark.parametrize(("text", "got"), [("Paris", "the text 'Paris'"), (None, "None")])
def test_map_batch_without_batched_is_refused(tagger: Tagger, text: str | None, got: str) -> None:
    with pytest.raises(DataError, match=f"^column 'text': got {got}, expected a list of texts; pass batched=True"):
        Dataset.from_dict({"text": [text, "a"]}).map(tagger.map_batch)
