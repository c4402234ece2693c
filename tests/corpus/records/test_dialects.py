"""Records of other tools: spaCy 2, dataturks, and rows of tokens with entities that count tokens."""

from __future__ import annotations

import json

import pytest

from nertagger.errors import DataError
from nertagger.text import Entity
from nertagger.text.entities import document_entities
from tests.small_corpus import labels_and_texts

TEXT = "Anna Kern lives in Oslo."
TOKENS = ["Anna", "Kern", "lives", "in", "Oslo", "."]
TAGS = ["B-PER", "I-PER", "O", "O", "B-LOC", "O"]
BOTH = [("PER", "Anna Kern"), ("LOC", "Oslo")]


def point(label: object, start: object, end: object, text: object) -> dict:
    return {"label": label, "points": [{"start": start, "end": end, "text": text}]}


@pytest.mark.parametrize("value", [
    [[TEXT, {"entities": [[0, 9, "PER"], [19, 23, "LOC"]], "cats": {}}]],
    [[TEXT, {"entities": [[0, 9, "PER"], [19, 23, "LOC"]]}], ["Bo.", {"entities": []}]],
    {"classes": ["PER", "LOC"], "annotations": [[TEXT, {"entities": [[0, 9, "PER"], [19, 23, "LOC"]]}]]},
    {"rasa_nlu_data": {"common_examples": [{"text": TEXT, "intent": "x", "entities": [
        {"start": 0, "end": 9, "value": "Anna Kern", "entity": "PER"}, {"start": 19, "end": 23, "entity": "LOC"}]}]}},
    {"content": TEXT, "annotation": [point(["PER"], 0, 8, "Anna Kern"), point(["LOC"], 19, 22, "Oslo")]},
    {"content": TEXT, "annotation": [point("PER", 0, 9, "Anna Kern"), point(["LOC"], 19, 22, None)]},
    {"text": TEXT, "entities": {"start": [0, 19], "end": [9, 23], "label": ["PER", "LOC"]}},
    {"text": TEXT, "ents": [{"start": 0, "end": 9, "label": "PER"}, {"start": 19, "end": 23, "label": "LOC"}],
     "tokens": [{"id": 0, "start": 0, "end": 4}, {"start": 5, "end": 9}, {"start": 10, "end": 15},
                {"start": 16, "end": 18}, {"start": 19, "end": 23}, {"start": 23, "end": 24}]},
    {"tokens": TOKENS, "entities": [{"type": "PER", "start": 0, "end": 2}, {"type": "LOC", "start": 4, "end": 5}]},
    {"text": TEXT, "tokens": TOKENS,
     "entities": [{"type": "PER", "start": 0, "end": 2}, {"type": "LOC", "start": 4, "end": 5}]},
    {"tokens": TOKENS, "entities": [{"label": "PER", "start": 0, "end": 2, "text": "Anna Kern"}, [4, 5, "LOC"]]},
    {"tokens": TOKENS, "entities": [{"label": "PER", "start": 0, "end": 1, "text": "Anna Kern"}, [4, 4, "LOC"]]},
    {"tokens": TOKENS, "entities": [[0, 9, "PER"], [19, 23, "LOC"]]},
    {"tokens": TOKENS[:5], "entities": [[0, 2, "PER"], [4, 5, "LOC"]]},
    {"tokens": TOKENS, "entities": [[0, 1, "PER"], [4, 4, "LOC"]]},
    {"tokenized_text": TOKENS, "ner": [[0, 1, "PER"], [4, 4, "LOC"]]},
    {"tokens": [{"text": one} for one in TOKENS],
     "spans": [{"token_start": 0, "token_end": 1, "label": "PER"}, {"token_start": 4, "token_end": 4, "label": "LOC"}]},
    {"text": "Anna Kern is in  Oslo", "tokens": [{"text": one} for one in ("Anna", "Kern", "is", "in", " ", "Oslo")],
     "spans": [{"token_start": 0, "token_end": 1, "label": "PER"}, {"token_start": 5, "token_end": 5, "label": "LOC"}]},
    {"classes": ["PER"], "annotations": [None, [TEXT, {"entities": [[0, 9, "PER"], [19, 23, "LOC"]]}], None]},
    {"tokens": [{"text": one, "tag": "X", "ner": tag} for one, tag in zip(TOKENS, TAGS, strict=True)]},
    {"words": [{"word": one, "label": tag} for one, tag in zip(TOKENS, TAGS, strict=True)]},
    {"text": TEXT, "entities": [
        {"text": "Anna Kern", "start_pos": 0, "end_pos": 9, "labels": [{"value": "PER", "confidence": 0.9}]},
        {"text": "Oslo", "start_pos": 19, "end_pos": 23, "labels": [{"value": "LOC", "confidence": 0.8}]}]},
    {"text": TEXT, "entities": [{"type": "PER", "start_char": 0, "end_char": 9},
                                {"entity_type": "LOC", "startOffset": 19, "endOffset": 23}]},
    {"text": TEXT, "entities": [{"category": "PER", "offset": 0, "length": 9, "confidenceScore": 0.9},
                                {"category": "LOC", "offset": 19, "length": 4, "confidenceScore": 0.9}]},
    {"text": "Anna Kern is from Oslo", "tags": ["B-PER", "I-PER", "O", "O", "B-LOC"]},
    {"text": "Anna Kern is from Oslo", "labels": "B-PER I-PER O O B-LOC"},
    {"text": "Anna Kern is from Oslo", "label": "news", "ner": ["B-PER", "I-PER", "O", "O", "B-LOC"]},
])  # fmt: skip
def test_entities_of_other_tools(load, value: object) -> None:
    assert labels_and_texts(load(json.dumps(value), name="x.json")) == BOTH


@pytest.mark.parametrize(("value", "message"), [
    ({"content": TEXT, "annotation": [point(["PER", "X"], 0, 8, "Anna Kern")]}, r"with 2 labels \(PER, X\)"),
    ({"content": TEXT, "annotation": [point([], 0, 8, "Anna Kern")]}, "with no label"),
    ({"content": TEXT, "annotation": [point(["PER"], 1, 8, "Anna Kern")]}, "but the row says 'Anna Kern'"),
    ({"content": TEXT, "annotation": [point(["PER"], "x", 8, "Anna Kern")]}, "expected whole numbers"),
    ({"content": TEXT, "annotation": [{"label": ["PER"], "points": None}]}, "expected whole numbers"),
    ({"content": TEXT, "annotation": [{"label": ["PER"], "points": [3]}]}, "got the entity 3"),
    ({"tokens": TOKENS, "entities": [{"label": "PER", "start": 0, "end": 2}]}, "may count tokens up to the last or to"),
    ({"tokens": TOKENS, "entities": [[7, 9, "PER"]]}, "do not match the row's 6 tokens"),
    ({"tokens": TOKENS, "entities": [[0, 2, "PER"], [4, 9, "LOC"]]}, "do not match the row's 6 tokens"),
    ({"tokens": TOKENS, "entities": [{"type": "PER", "start": 3, "end": 9}]}, "is not among the row's 6 tokens"),
    ({"tokenized_text": TOKENS, "ner": [[4, 6, "PER"]]}, "is not among the row's 6 tokens"),
    ({"tokenized_text": TOKENS, "ner": [[4, 4, "PER", 1]]}, "got the entity"),
    ({"tokenized_text": TOKENS, "ner": {"PER": 3}}, "got entities that are a JSON dict"),
    ({"text": TEXT, "spans": [{"token_start": 0, "token_end": 1, "label": "PER"}]}, "counts tokens, and the row"),
    ({"sentences": TOKENS, "ner": [[[0, 1, "PER"]]]}, "got the fields sentences, ner, expected tokens or text"),
    ({"train": [{"text": TEXT}], "dev": [{"text": TEXT}]}, "got the fields train, dev, expected tokens or text"),
    ({"text": TEXT, "gold": [{"begin": 0, "end": 9, "class": "PER"}]}, "the field 'gold' looks like entities"),
    ({"text": TEXT, "gold": [[0, 9, "PER"]]}, "the field 'gold' looks like entities and is not read; call it entities"),
    ({"text": TEXT, "completions": [{"result": [{"value": {"start": 0, "end": 9, "labels": ["PER"]}}]}]},
     "the field 'completions' looks like entities"),
    ({"content": TEXT, "jsonResponse": {"NER": {"annotations": [{"beginOffset": 0, "categories": [{"name": "PER"}]}]}}},
     "the field 'jsonResponse' looks like entities"),
    ({"document": TEXT, "tokens": [{"text": "Anna", "token_start": 0, "entityLabel": "PER"}]},
     "the tokens have the field 'entityLabel', which looks like labels and is not read"),
    ({"paragraphs": [{"raw": "a"}]}, "got a paragraph without sentences of tokens"),
    ({"paragraphs": [{"sentences": [{"tokens": [{"ner": "O"}]}]}]}, "got tokens that are not strings"),
    ({"paragraphs": [3]}, "got a paragraph without sentences of tokens"),
])  # fmt: skip
def test_unknown_annotation_raises(load, value: object, message: str) -> None:
    with pytest.raises(DataError, match=rf"^x\.jsonl:1: .*{message}") as caught:
        load(json.dumps(value), name="x.jsonl")
    assert "\n" not in str(caught.value)
    load(json.dumps(value), name="x.jsonl", lenient=True)


def test_several_points_of_a_label_are_separate_entities(load) -> None:
    points = [{"start": 0, "end": 3, "text": "Anna"}, {"start": 5, "end": 8, "text": "Kern"}]
    row = {"content": TEXT, "annotation": [{"label": ["PER"], "points": points}], "metadata": {"a": 1}}
    [document] = load(json.dumps(row), name="x.json")
    assert (labels_and_texts([document]), document.meta) == ([("PER", "Anna"), ("PER", "Kern")], {"metadata": {"a": 1}})
    [bare] = load(json.dumps({"content": TEXT, "annotation": None}), name="x.json")
    assert (bare.sentences[0].tags, bare.meta) == (None, {})


def test_paragraphs_of_spacy(load) -> None:
    sentences = [
        {"tokens": [{"orth": "Anna", "ner": "B-PER"}, {"orth": "Kern", "ner": "L-PER"}, {"orth": ".", "ner": "O"}]},
        {"tokens": [{"orth": "Bo", "ner": "U-PER"}, {"orth": "left", "ner": "O"}]},
        {"tokens": [{"orth": "Yes", "ner": "-"}]},
    ]
    value = [{"id": 3, "paragraphs": [{"raw": "Anna Kern.  Bo left\nYes", "sentences": sentences}]}]
    documents = load(json.dumps(value), name="x.json")
    assert [document.text for document in documents] == ["Anna Kern.  ", "Bo left\n", "Yes"]
    assert [d.sentences[0].tags for d in documents] == [("B-PER", "L-PER", "O"), ("U-PER", "O"), None]
    assert [document.meta for document in documents] == [{"id": 3}] * 3
    bare = load(json.dumps([{"paragraphs": [{"sentences": sentences}]}]), name="x.json")
    assert [document.text for document in bare] == ["Anna Kern .", "Bo left", "Yes"]


@pytest.mark.parametrize("missing", [None, -1, -100])
def test_missing_tags_mean_no_annotation(load, missing: int | None) -> None:
    [document] = load(json.dumps({"tokens": ["a", "b"], "ner_tags": [missing, missing]}), name="x.jsonl")
    assert document.sentences[0].tags is None


def test_classes_of_a_text_are_kept_as_fields(load) -> None:
    rows = [{"text": "a", "label": "news"}, {"text": "a", "label": 1}, {"text": "a", "labels": ["news", "sports"]}]
    for row in rows:
        [document] = load(json.dumps(row), name="x.jsonl")
        assert document.sentences[0].tags is None
        assert {"text": "a", **document.meta} == row


def test_unread_annotation_is_counted(load, caplog) -> None:
    row = {"text": TEXT, "spans": [{"start": 0, "end": 9, "label": "PER", "kb_id": "Q1"}], "relations": [{"head": 0}],
           "label": [[19, 23, "LOC"]]}  # fmt: skip
    [document] = load(json.dumps(row), name="x.jsonl")
    assert (document.entities, document.meta) == ((Entity("PER", 0, 9, "Anna Kern"),), {})
    assert [message.split(", first")[0] for message in caplog.messages] == [
        "x.jsonl: 1 row with relations, which are not read",
        "x.jsonl: 1 row with label in addition to spans, which are not read",
        "x.jsonl: 1 entity with the field 'kb_id', which is not kept",
    ]
    caplog.clear()
    load(json.dumps({"tokens": ["a"], "tags": ["O"], "entities": [[0, 1, "X"]]}), name="x.jsonl")
    assert "x.jsonl: 1 row with entities in addition to tags, which are not read" in caplog.text


def test_confidences_are_probabilities(load) -> None:
    spans = [{"start": i, "end": i + 1, "label": "X", "score": score} for i, score in enumerate((0.5, 1, True, 37.5))]
    [document] = load(json.dumps({"text": "a b c d"[::2], "spans": spans}), name="x.jsonl")
    assert [entity.confidence for entity in document_entities(document)] == [0.5, 1.0, None, None]
    assert document.predicted
