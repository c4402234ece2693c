"""Files as doccano, Prodigy and Label Studio export them."""

from __future__ import annotations

import io
import json

import pytest

from nertagger.corpus import write_documents
from nertagger.errors import DataError
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
])  # fmt: skip
def test_read_lines_of_doccano_and_prodigy(load, line: str) -> None:
    [document] = load(line, name="x.jsonl")
    assert document.entities == ANN
    assert document.sentences[0].tags == ("B-PER", "O")


def test_read_prodigy_leaves_out_what_was_refused_and_white_space_tokens(load, caplog) -> None:
    tokens = [{"text": text} for text in ("Ann", " ", "ran")]
    accepted = json.dumps({"text": "Ann  ran", "tokens": tokens, "spans": [], "answer": "accept"})
    documents = load(f'{accepted}\n{{"text": "x", "answer": "reject"}}\n{{"text": "y", "answer": "ignore"}}', "x.jsonl")
    assert [document.sentences[0].words for document in documents] == [("Ann", "ran")]
    assert caplog.messages == ["x.jsonl: 2 rows left out that were answered with reject or ignore, first at x.jsonl:2"]


def task(**parts) -> dict:
    region = {"from_name": "l", "to_name": "t", "type": "labels"}
    value = {"start": 0, "end": 3, "text": "Ann", "labels": ["PER"]}
    choice = {"type": "choices", "value": {"choices": ["good"]}}
    return {
        "id": 1,
        "data": {"text": "Ann ran"},
        "annotations": [{"result": [{**region, "value": value}, choice]}],
    } | parts


@pytest.mark.parametrize("tasks", [
    [task()],
    [task(data={"body": "Ann ran", "number": 3})],
    [{"id": 1, "text": "Ann ran", "label": [{"start": 0, "end": 3, "text": "Ann", "labels": ["PER"]}], "annotator": 1}],
    [task(annotations=[], predictions=task()["annotations"])],
    [task(annotations=[{"was_cancelled": True, "result": []}, *task()["annotations"]])],
])  # fmt: skip
@pytest.mark.parametrize("indent", [None, 2])
def test_read_label_studio(load, tasks: list[dict], indent: int | None) -> None:
    [document] = load(json.dumps(tasks, indent=indent), name="x.json")
    assert document.entities == ANN


def test_read_label_studio_without_annotation_or_with_several(load, caplog) -> None:
    bare, several = load(json.dumps([task(annotations=[]), task(annotations=task()["annotations"] * 3)]), "x.json")
    assert bare.sentences[0].tags is None
    assert several.entities == ANN
    assert caplog.messages == ["x.json: 2 annotations beside the first of their task left out, first at x.json:1"]


@pytest.mark.parametrize(("text", "message"), [
    ('{"text": "a"}', "x.json:1: expected a JSON list of tasks; one object a line is the format jsonl"),
    ('[\n{"text": "a"},\n{"text": }]', "x.json:3: not JSON"),
    ('[\n{"text": "a"},\n3]', "x.json:3: got a JSON int"),
    ('[{"data": {"image": 3}}]', "x.json:1: the task's data has no text, only image"),
    ("[", "x.json:1: not JSON"),
    ('[{"text": "a", "label": [{"start": 0, "end": 1, "labels": ["A", "B"]}]}]', "x.json:1: got the entity"),
])  # fmt: skip
def test_read_label_studio_says_what_is_wrong(load, text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"^{message}"):
        load(text, name="x.json")


def test_spans_that_do_not_fall_on_tokens_are_named(load, caplog) -> None:
    row = {"text": "anti-Obama. Rally", "label": [[5, 10, "PER"]]}
    other = {"text": "Ann ran. Bo ran.", "label": [[4, 11, "X"]]}
    documents = load(f"{json.dumps(row)}\n{json.dumps(other)}", name="x.jsonl")
    assert documents[0].sentences[0].words[:2] == ("anti-", "Obama")
    assert [sentence.words for sentence in documents[1].sentences] == [("Ann", "ran", ".", "Bo", "ran", ".")]
    assert caplog.messages == [
        "x.jsonl: 1 entities with an edge inside a token, which was split there, first at x.jsonl:1 "
        "(PER 'Obama' at 5-10)",
        "x.jsonl: 1 entities across a sentence end, whose sentences were joined, first at x.jsonl:2 "
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
    ("label-studio", [{
        "data": {"text": "Ann  ran."},
        "annotations": [{"result": [{
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {"start": 0, "end": 3, "text": "Ann", "labels": ["PER"]},
        }]}],
    }]),
])  # fmt: skip
def test_write(name: str, expected: object) -> None:
    stream = io.StringIO()
    write_documents(stream, [DOCUMENT], format=name)
    assert json.loads(stream.getvalue()) == expected


def test_write_label_studio_of_nothing(load) -> None:
    stream = io.StringIO()
    write_documents(stream, [], format="label-studio")
    assert load(stream.getvalue(), name="x.json") == []
