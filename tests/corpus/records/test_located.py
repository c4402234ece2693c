"""Entities that are given by their texts alone, as language models list them."""

from __future__ import annotations

import json
import logging

import pytest

from nertagger.errors import DataError
from tests.small_corpus import labels_and_texts

TEXT = "Anna Kern lives in Oslo."
BOTH = [("PER", "Anna Kern"), ("LOC", "Oslo")]


@pytest.mark.parametrize("entities", [
    [{"text": "Anna Kern", "label": "PER"}, {"text": "Oslo", "label": "LOC"}],
    [{"entity": "Oslo", "type": "LOC"}, {"name": "Anna Kern", "type": "PER", "start": None}],
    [["Anna Kern", "PER"], ["Oslo", "LOC"]],
    [["PER", "Anna Kern"], ["LOC", "Oslo"]],
    {"PER": ["Anna Kern"], "LOC": ["Oslo"], "ORG": []},
    {"PER": ["Anna Kern"], "LOC": ["Oslo"]},
    {"Anna Kern": "PER", "Oslo": "LOC"},
])  # fmt: skip
def test_entities_are_found_by_their_texts(load, caplog, entities: object) -> None:
    with caplog.at_level(logging.WARNING):
        assert labels_and_texts(load(json.dumps({"text": TEXT, "entities": entities}), "x.jsonl")) == BOTH
    assert [one.split(", first")[0] for one in caplog.messages] == [
        "x.jsonl: 2 entities without offsets, located by their text"
    ]


def test_texts_are_whole_words_outside_of_longer_entities(load) -> None:
    row = {"text": "New York Times, Newark, New York", "entities": {"LOC": ["New York"], "ORG": ["New York Times"]}}
    assert labels_and_texts(load(json.dumps(row), "x.jsonl")) == [("ORG", "New York Times"), ("LOC", "New York")]
    row = {"text": "Ann saw Annabel", "entities": [["Ann", "PER"]]}
    assert labels_and_texts(load(json.dumps(row), "x.jsonl")) == [("PER", "Ann")]


def test_texts_that_occur_more_often_are_read_everywhere_if_lenient(load, caplog) -> None:
    row = json.dumps({"text": "Oslo, in Oslo", "entities": [{"text": "Oslo", "label": "LOC"}]})
    with pytest.raises(DataError, match=r"x.jsonl:1: the entity 'Oslo' has no offsets and occurs 2 times in the text"):
        load(row, "x.jsonl")
    with caplog.at_level(logging.WARNING):
        assert labels_and_texts(load(row, "x.jsonl", lenient=True)) == [("LOC", "Oslo")] * 2
    assert "1 entity listed fewer times than the text occurs, read everywhere" in caplog.text
    listed = json.dumps({"text": "Oslo, in Oslo", "entities": [["Oslo", "LOC"], ["Oslo", "TEAM"]]})
    assert labels_and_texts(load(listed, "x.jsonl")) == [("LOC", "Oslo"), ("TEAM", "Oslo")]


def test_texts_that_do_not_occur_are_errors(load, caplog) -> None:
    row = json.dumps({"text": TEXT, "entities": [{"text": "Rome", "label": "LOC"}, {"text": "Oslo", "label": "LOC"}]})
    with pytest.raises(DataError, match="the entity 'Rome' is listed 1 time and occurs 0 times"):
        load(row, "x.jsonl")
    with caplog.at_level(logging.WARNING):
        assert labels_and_texts(load(row, "x.jsonl", lenient=True)) == [("LOC", "Oslo")]
    assert "1 entity left out that could not be read" in caplog.text


def test_an_empty_object_is_a_text_without_entities(load) -> None:
    [document] = load(json.dumps({"text": TEXT, "entities": {}}), "x.jsonl")
    assert (document.is_annotated, document.entities) == (True, ())
