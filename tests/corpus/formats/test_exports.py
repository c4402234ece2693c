"""Exports of doccano and Prodigy."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from nertagger.corpus import write_documents
from nertagger.text import Document, Entity, Sentence

ANN = (Entity("PER", 0, 3, "Ann"),)
DOCUMENT = Document("Ann  ran.", (Sentence(("Ann", "ran", "."), (0, 5, 8), ("B-PER", "O", "O")),))


@pytest.mark.parametrize("line", [
    '{"id": 7, "text": "Ann ran", "label": [[0, 3, "PER"]], "Comments": []}',
    '{"id": 7, "text": "Ann ran", "labels": [[0, 3, "PER"]]}',
    '{"text": "Ann ran", "entities": [{"id": 1, "label": "PER", "start_offset": 0, "end_offset": 3}], "relations": []}',
    '{"text": "Ann ran", "spans": [{"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "PER"}], '
    '"tokens": [{"text": "Ann", "start": 0, "end": 3, "id": 0, "ws": true}, {"text": "ran", "start": 4, "end": 7, '
    '"id": 1, "ws": false}], "_input_hash": 1, "answer": "accept"}',
    '{"text": "Ann ran", "label": [{"start": 0, "end": 3, "text": "Ann", "labels": ["PER"]}]}',
    '{"id": 1, "text": "Ann ran", "annotations": [{"label": "PER", "start_offset": 0, "end_offset": 3}], "meta": {}}',
    '{"id": 1, "data": "Ann ran", "label": [[0, 3, "PER"]]}',
    '{"text": "Ann ran", "entities": [], "label": [[0, 3, "PER"]], "labels": null}',
])  # fmt: skip
def test_read_lines_of_doccano_and_prodigy(load, line: str) -> None:
    [document] = load(line, name="x.jsonl")
    assert document.entities == ANN
    assert document.sentences[0].tags == ("B-PER", "O")


def test_read_prodigy_leaves_out_rejected_texts_and_white_space_tokens(load, caplog) -> None:
    tokens = [{"text": text} for text in ("Ann", " ", "ran")]
    accepted = json.dumps({"text": "Ann  ran", "tokens": tokens, "spans": [], "answer": "accept"})
    documents = load(f'{accepted}\n{{"text": "x", "answer": "reject"}}\n{{"text": "y", "answer": "ignore"}}', "x.jsonl")
    assert [document.sentences[0].words for document in documents] == [("Ann", "ran")]
    assert caplog.messages == ["x.jsonl: 2 rows with the answer reject or ignore left out, first at x.jsonl:2"]


def test_spans_off_token_boundaries_are_counted(load, caplog) -> None:
    row = {"text": "anti-Obama. Rally", "label": [[5, 10, "PER"]]}
    other = {"text": "Ann ran. Bo ran.", "label": [[4, 11, "X"]]}
    documents = load(f"{json.dumps(row)}\n{json.dumps(other)}", name="x.jsonl")
    assert documents[0].sentences[0].words[:2] == ("anti-", "Obama")
    assert [sentence.words for sentence in documents[1].sentences] == [("Ann", "ran", ".", "Bo", "ran", ".")]
    assert caplog.messages == [
        "x.jsonl: 1 entity with a boundary inside a token, which was split there, first at x.jsonl:1 "
        "(PER 'Obama' at 5-10)",
        "x.jsonl: 1 entity across a sentence boundary, whose sentences were joined, first at x.jsonl:2 "
        "(X 'ran. Bo' at 4-11)",
    ]


@pytest.mark.parametrize(("name", "expected"), [
    ("doccano", {"text": "Ann  ran.", "label": [[0, 3, "PER"]]}),
    ("prodigy", {
        "text": "Ann  ran.",
        "tokens": [
            {"text": "Ann", "start": 0, "end": 3, "id": 0, "ws": True},
            {"text": "ran", "start": 5, "end": 8, "id": 1, "ws": False},
            {"text": ".", "start": 8, "end": 9, "id": 2, "ws": False},
        ],
        "spans": [{"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "PER"}],
        "answer": "accept",
    }),
])  # fmt: skip
def test_write(name: str, expected: object) -> None:
    stream = io.StringIO()
    write_documents(stream, [DOCUMENT], format=name)
    assert json.loads(stream.getvalue()) == expected


def test_predictions_are_written_for_prodigy_without_an_answer(load) -> None:
    found = replace(DOCUMENT, entities=(Entity("PER", 0, 3, "Ann", 0.75),), predicted=True)
    none = replace(DOCUMENT, sentences=(replace(DOCUMENT.sentences[0], tags=("O",) * 3),), predicted=True)
    stream = io.StringIO()
    write_documents(stream, [found, none], format="prodigy")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert "answer" not in {**first, **second}
    assert first["spans"][0]["score"] == 0.75
    assert second["spans"] == []
    assert load(stream.getvalue(), name="x.jsonl")[0].entities == found.entities


def test_accepted_entities_have_no_confidence(load) -> None:
    row = {"text": "Ann", "spans": [{"start": 0, "end": 3, "label": "PER", "score": 0.5}], "answer": "accept"}
    [document] = load(json.dumps(row), name="x.jsonl")
    assert (document.entities, document.predicted, document.meta) == (ANN, False, {})


def test_an_unannotated_text_is_written_without_annotation(load) -> None:
    bare = Document("Ann", (Sentence(("Ann",), (0,)),))
    for name, field in (("doccano", "label"), ("prodigy", "spans"), ("jsonl-tokens", "tags")):
        stream = io.StringIO()
        write_documents(stream, [bare], format=name)
        assert field not in json.loads(stream.getvalue())
        assert load(stream.getvalue(), name="x.jsonl")[0].sentences[0].tags is None
