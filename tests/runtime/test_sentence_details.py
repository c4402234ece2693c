from __future__ import annotations

import io
import json

import pytest

from nertagger.corpus.formats.jsonl import read_jsonl
from nertagger.corpus.source import Source
from nertagger.runtime import Tagger
from nertagger.runtime.sentence_details import write_details
from nertagger.text.segment import segment

TEXT = "  Barack Obama left. \n\n Paris!"


@pytest.fixture(scope="module")
def tagger(lexicon_model) -> Tagger:
    return Tagger.load(lexicon_model)


def written(tagger: Tagger, text: str, **options) -> list[dict]:
    stream = io.StringIO()
    write_details(stream, tagger.tag_in_detail([segment(text, source="a.txt", offset=3)], **options), tagger.tags)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_rows_have_labellings_and_tokens_beside_the_entities(tagger):
    (row,) = written(tagger, TEXT, n_best=3, posteriors=True)
    assert (row["text"], row["source"], row["offset"]) == (TEXT, "a.txt", 3)
    assert [entity["text"] for entity in row["entities"]] == ["Barack Obama", "Paris"]
    assert [TEXT[one["start"] : one["end"]] for one in row["sentences"]] == ["Barack Obama left.", "Paris!"]
    for sentence in row["sentences"]:
        best = [(entity["label"], entity["text"]) for entity in sentence["readings"][0]["entities"]]
        inside = [e for e in row["entities"] if sentence["start"] <= e["start"] < sentence["end"]]
        assert best == [(entity["label"], entity["text"]) for entity in inside]
        probabilities = [reading["probability"] for reading in sentence["readings"]]
        assert probabilities == sorted(probabilities, reverse=True)
        for token in sentence["tokens"]:
            assert TEXT[token["start"] : token["end"]] == token["text"]
            assert sum(token["posteriors"].values()) == pytest.approx(1, abs=1e-5)
            assert set(token["posteriors"]) <= set(tagger.tags)
            assert 0 not in token["posteriors"].values()


def test_only_requested_details_are_written(tagger):
    (row,) = written(tagger, TEXT, n_best=1)
    assert set(row["sentences"][0]) == {"start", "end", "readings"}
    (row,) = written(tagger, TEXT, posteriors=True)
    assert set(row["sentences"][0]) == {"start", "end", "tokens"}
    assert written(tagger, " ", posteriors=True)[0]["sentences"] == []


def test_rows_are_read_like_other_jsonl(tagger):
    (row,) = written(tagger, TEXT, n_best=2, posteriors=True)
    (document,) = read_jsonl(iter([json.dumps({**row, "id": 7})]), Source("x"))
    assert [entity.text for entity in document.entities] == ["Barack Obama", "Paris"]
    assert document.meta == {"id": 7}, "readings are of the entities that were found with them"
