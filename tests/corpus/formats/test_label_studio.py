"""Tasks of Label Studio: exports of all versions, and counts of what is not read."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from nertagger.corpus import read, read_documents, write_documents
from nertagger.errors import DataError
from nertagger.text import Document, Entity, Sentence

TEXT = "Anna Kern lives in Oslo."
PER, LOC = Entity("PER", 0, 9, "Anna Kern"), Entity("LOC", 19, 23, "Oslo")


def region(first: int, stop: int, *names: str, **value: object) -> dict:
    place = {"start": first, "end": stop, "text": TEXT[first:stop], "labels": list(names)}
    return {"id": "r", "from_name": "label", "to_name": "text", "type": "labels", "value": place | value}


PER_REGION, LOC_REGION = region(0, 9, "PER"), region(19, 23, "LOC")
CHOICE = {"type": "choices", "value": {"choices": ["good"]}}
RELATION = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}


def task(*regions: object, **parts: object) -> dict:
    return {"id": 1, "data": {"text": TEXT}, "annotations": [{"result": list(regions)}]} | parts


BOTH = task(PER_REGION, LOC_REGION)
RESULT = BOTH["annotations"]


@pytest.mark.parametrize("tasks", [
    [BOTH],
    [BOTH | {"data": {"body": TEXT, "number": 3, "nothing": None}}],
    [BOTH | {"data": {"body": TEXT, "title": "Oslo, a city and a book"}}],
    [BOTH | {"meta": None, "predictions": None, "file_upload": None, "drafts": []}],
    [task(annotations=[{"was_cancelled": True, "result": []}, *RESULT])],
    [task(annotations=None, completions=RESULT)],
    [task(completions=[{"skipped": True, "result": None}, *RESULT]) | {"annotations": []}],
    [{"data": {"text": TEXT}, "completions": RESULT}],
    [task(annotations=[{"result": [LOC_REGION]}, {"ground_truth": True, "result": [PER_REGION, LOC_REGION]}])],
    [task(PER_REGION | {"value": PER_REGION["value"] | {"text": None, "score": None}}, LOC_REGION | {"score": 0.5})],
    [{"id": 1, "text": TEXT, "label": [one["value"] for one in (PER_REGION, LOC_REGION)], "annotator": 1}],
    [{"id": 1, "text": TEXT, "ner": [one["value"] for one in (PER_REGION, LOC_REGION)], "annotator": 1}],
    [{"id": 1, "body": TEXT, "who": [one["value"] for one in (PER_REGION, LOC_REGION)], "created_at": "2024"}],
])  # fmt: skip
@pytest.mark.parametrize("indent", [None, 2])
def test_entities_of_every_export(load, tasks: list[dict], indent: int | None) -> None:
    [document] = load(json.dumps(tasks, indent=indent), name="x.json")
    assert document.entities == (PER, LOC)
    assert not document.predicted


def test_tasks_on_separate_lines(load) -> None:
    assert [d.entities for d in load(f"{json.dumps(BOTH)}\n{json.dumps(BOTH)}", name="x.jsonl")] == [(PER, LOC)] * 2


def test_unannotated_tasks_are_left_out_and_counted(load, tmp_path, caplog) -> None:
    rest = [task(annotations=None), task(annotations=[]), task(annotations=[{"was_cancelled": True, "result": []}]),
            {"data": {"text": TEXT}}, task(annotations=[{"result": None}]),
            task(annotations=[], predictions=RESULT)]  # fmt: skip
    [document] = load(json.dumps([*rest, BOTH]), name="x.json")
    assert document.entities == (PER, LOC)
    assert caplog.messages == [
        "x.json: 5 tasks without annotation left out, first at x.json:1 (task 1)",
        "x.json: 1 task without annotation but with predictions left out, first at x.json:1 (task 1)",
    ]
    assert len(read("x.json")) == 1


@pytest.mark.parametrize("bare", [{"annotations": []}, {"annotations": None}, {"annotations": [{"result": None}]}])
def test_a_file_without_annotation_can_only_be_read_for_tagging(load, bare: dict) -> None:
    with pytest.raises(DataError, match=r"^x\.json:1: no task of the file is annotated; annotate some, or tag"):
        load(json.dumps([task(**bare)]), name="x.json")
    [document] = read_documents("x.json", annotation=False)
    assert (document.text, document.sentences[0].tags, document.meta) == (TEXT, None, {"id": 1})
    [imported] = load(json.dumps([{"data": {"text": TEXT}}]), name="x.json")
    assert imported.sentences[0].tags is None


def test_malformed_annotation_is_ignored_when_tagging(load) -> None:
    tasks = [task(annotations=[]), task(region(5, 99, "PER")), task(annotations=[3]), BOTH]
    documents = load(json.dumps(tasks), name="x.json", annotation=False)
    assert [document.text for document in documents] == [TEXT] * 4
    assert not any(document.entities for document in documents)


def test_predictions_are_read_on_request(load, caplog) -> None:
    both = task(PER_REGION, predictions=[{"result": [LOC_REGION]}])
    tasks = json.dumps([both, task(PER_REGION, predictions=[]), task(annotations=[], predictions=RESULT)])
    found = load(tasks, name="x.json", format="label-studio-predictions")
    assert [document.entities for document in found] == [(LOC,), (PER, LOC)]
    assert all(document.predicted for document in found)
    assert [message.split(", first")[0] for message in caplog.messages] == [
        "x.json: 1 task without predictions left out"
    ]
    assert [document.entities for document in load(tasks, name="x.json")] == [(PER,), (PER,)]


def test_predictions_are_read_if_no_task_is_annotated(load, caplog) -> None:
    scored = [{**PER_REGION, "score": 0.25}, LOC_REGION]
    predicted = task(annotations=[], predictions=[{"score": 0.5, "model_version": "m", "result": scored}, *RESULT])
    [document] = load(json.dumps([predicted, task(annotations=[])]), name="x.json")
    assert document.entities == (PER._replace(confidence=0.25), LOC._replace(confidence=0.5))
    assert document.predicted
    assert [message.split(", first")[0] for message in caplog.messages] == [
        "x.json: 1 prediction after the first of a task left out",
        "x.json: 1 prediction read, as no task of the file is annotated",
        "x.json: 1 task without annotation left out",
    ]


def test_unread_parts_of_tasks_are_counted(load, caplog) -> None:
    [document] = load(json.dumps([task(PER_REGION, CHOICE, RELATION, RELATION, annotations=[
        {"result": [PER_REGION, CHOICE, RELATION, RELATION]}, {"result": []}], predictions=RESULT, drafts=RESULT)]),
        name="x.json")  # fmt: skip
    assert document.entities == (PER,)
    assert [message.split(", first")[0] for message in caplog.messages] == [
        "x.json: 1 annotation after the first of a task left out",
        "x.json: 1 task with predictions in addition to annotations, which are not read",
        "x.json: 1 task with drafts in addition to annotations, which are not read",
        "x.json: 1 region of the type choices left out",
        "x.json: 2 regions of the type relation left out",
    ]


@pytest.mark.parametrize("lenient", [False, True])
def test_a_file_with_other_regions_only_raises(load, lenient: bool) -> None:
    box = {"type": "rectanglelabels", "value": {"x": 1, "rectanglelabels": ["A"]}}
    paragraph = {"type": "paragraphlabels", "value": {"start": "0", "end": "0", "paragraphlabels": ["PER"]}}
    message = r"^x\.json:1: no region of the file is of the type labels or hypertextlabels, only "
    with pytest.raises(DataError, match=message + r"rectanglelabels \(1\), paragraphlabels \(2\)"):
        load(json.dumps([task(box, paragraph), task(paragraph)]), name="x.json", lenient=lenient)


MALFORMED = [
    (region(19, 99, "LOC", text="Osl"), "task 1: entity LOC 19-99 is not within the text's 24 characters"),
    (region(19, 23, "LOC", "GPE"), r"with 2 labels \(LOC, GPE\), expected one; keep one of them"),
    (region(19, 23), "with no label, expected one"),
    (region(19, 23, "LOC", start="x"), "expected whole numbers start and end"),
    (region(19, 23, "LOC", start=19.5), "expected whole numbers start and end"),
    (region(19, 23, "LOC", end=True), "expected whole numbers start and end"),
    (region(19, 23, "LOC", text="Rome"), "is 'Oslo', but the row says 'Rome'; fix its offsets"),
    (region(19, 23, "LOC", labels=None), "expected whole numbers start and end and a label"),
    ({"type": "labels", "value": None}, "expected whole numbers start and end and a label"),
    ({"value": None}, "expected whole numbers start and end and a label"),
    ({"type": "labels"}, "expected whole numbers start and end and a label"),
]


@pytest.mark.parametrize(("malformed", "message"), MALFORMED)
def test_a_malformed_region_raises_and_is_left_out_leniently(load, caplog, malformed: dict, message: str) -> None:
    content = json.dumps([task(PER_REGION, malformed)])
    with pytest.raises(DataError, match=message) as caught:
        load(content, name="x.json")
    assert str(caught.value).startswith("x.json:1: ")
    assert "lenient" not in str(caught.value)
    [document] = load(content, name="x.json", lenient=True)
    assert document.entities == (PER,)
    assert caplog.messages == ["x.json: 1 entity left out that could not be read, first at x.json:1 (task 1)"]


def test_an_end_after_the_text_is_truncated_leniently(load) -> None:
    content = json.dumps([task(PER_REGION, region(19, 25, "LOC", text="Oslo."))])
    with pytest.raises(DataError, match=r"LOC 19-25 is not within .* or read leniently \(--lenient\)"):
        load(content, name="x.json")
    [document] = load(content, name="x.json", lenient=True)
    assert document.entities == (PER, Entity("LOC", 19, 24, "Oslo."))


@pytest.mark.parametrize(("value", "message"), [
    ({"data": None}, "got a task without data that is an object"),
    ({"data": [1]}, "got a task without data that is an object"),
    ({"data": {}}, "the task's data has no text, only nothing"),
    ({"data": {"image": 3}}, "the task's data has no text, only image"),
    ({"data": {"a": "x", "b": "y"}}, r"the task's data has several texts \(a, b\)"),
    (task(annotations=[1]), "task 1: got a JSON int among annotations, expected an object"),
    (task(annotations={"a": 1}), "task 1: got annotations that are a JSON dict, expected a list"),
    (task(annotations=[{"result": 3}]), "task 1: got result that are a JSON int, expected a list"),
    (task(annotations=[{"result": [None]}]), "task 1: got null among result, expected an object"),
    (task(annotations=[], predictions={"a": 1}), "task 1: got predictions that are a JSON dict, expected a list"),
])  # fmt: skip
def test_a_malformed_task_raises_and_is_left_out_leniently(load, value: object, message: str) -> None:
    with pytest.raises(DataError, match=rf"^x\.json:1: {message}"):
        load(json.dumps([value]), name="x.json")
    [document] = load(json.dumps([value, BOTH, 3]), name="x.json", lenient=True)
    assert document.entities == (PER, LOC)


def hyper(first: int, stop: int, label: str, text: str, **value: object) -> dict:
    place = {
        "start": "/p[1]/text()[1]",
        "end": "/p[1]/text()[1]",
        "startOffset": first,
        "endOffset": stop,
        "text": text,
    }
    return {"type": "hypertextlabels", "value": {**place, "hypertextlabels": [label], **value}}


@pytest.mark.parametrize(("html", "regions", "text", "found"), [
    ("<p>Anna Kern lives in Oslo.</p>",
     [hyper(0, 9, "PER", "Anna Kern", globalOffsets={"start": 0, "end": 9}),
      hyper(19, 23, "LOC", "Oslo", globalOffsets={"start": 19, "end": 23})],
     "Anna Kern lives in Oslo.", ["Anna Kern", "Oslo"]),
    ("<h1>Anna</h1><p>Anna &amp; <b>Bo</b><br>Anna",
     [hyper(0, 4, "PER", "Anna", globalOffsets={"start": 4, "end": 8}),
      hyper(0, 2, "PER", "Bo"), hyper(0, 4, "PER", "Anna", globalOffsets={"start": 13, "end": 17})],
     "Anna\nAnna & Bo\nAnna", ["Anna", "Bo", "Anna"]),
    ("<style>Oslo</style>in Oslo", [hyper(3, 7, "LOC", "Oslo")], "in Oslo", ["Oslo"]),
    ("plain Oslo", [hyper(6, 10, "LOC", "Oslo", globalOffsets={"start": 6, "end": 10})], "plain Oslo", ["Oslo"]),
])  # fmt: skip
def test_entities_of_pages(load, caplog, html: str, regions: list[dict], text: str, found: list[str]) -> None:
    [document] = load(json.dumps([task(*regions, data={"html": html})]), name="x.json")
    assert (document.text, [entity.text for entity in document.entities]) == (text, found)
    assert document.meta["data"] == {"html": html}
    assert "x.json: 1 page of HTML read as text, first at x.json:1 (task 1)" in caplog.messages
    row = {"id": 1, "html": html, "who": [one["value"] for one in regions], "annotator": "a"}
    [again] = load(json.dumps([row]), name="x.json")
    assert (again.text, again.entities, again.meta["html"]) == (text, document.entities, html)


@pytest.mark.parametrize("malformed", [
    hyper(0, 4, "PER", "Anna"),
    hyper(0, 4, "PER", "Anna", globalOffsets={"start": 1, "end": 5}),
    hyper(0, 4, "PER", "Carl", globalOffsets={"start": 0, "end": 4}),
    hyper(0, 4, "PER", "", globalOffsets={"start": 0, "end": 4}),
    hyper(0, 4, "PER", "Anna", globalOffsets={"start": None, "end": True}),
])  # fmt: skip
def test_entities_of_pages_without_matching_text_raise(load, malformed: dict) -> None:
    tasks = [task(malformed, hyper(0, 2, "PER", "Bo"), data={"html": "<p>Anna, Anna, Bo"})]
    with pytest.raises(DataError, match=r"^x\.json:1: task 1: got the entity "):
        load(json.dumps(tasks), name="x.json")
    [document] = load(json.dumps(tasks), name="x.json", lenient=True)
    assert [entity.text for entity in document.entities] == ["Bo"]


def test_offsets_in_utf_16_code_units_are_recognised_by_the_text(load, caplog) -> None:
    moved = region(5, 9, "LOC", text="Oslo")
    [document] = load(json.dumps([task(moved, data={"text": "🙂🙂 Oslo"})]), name="x.json")
    assert document.entities == (Entity("LOC", 3, 7, "Oslo"),)
    assert "UTF-16" in caplog.text


DOCUMENT = Document(TEXT, (Sentence(("Anna", "Kern", "lives", "in", "Oslo", "."), (0, 5, 10, 16, 19, 23),
                                    ("B-PER", "I-PER", "O", "O", "B-LOC", "O")),))  # fmt: skip


def written(*documents: Document) -> list[dict]:
    stream = io.StringIO()
    write_documents(stream, documents, format="label-studio")
    return json.loads(stream.getvalue())


def test_annotations_are_written_as_annotations() -> None:
    value = {"start": 0, "end": 9, "text": "Anna Kern", "labels": ["PER"]}
    [found] = written(DOCUMENT)
    assert found["data"] == {"text": TEXT}
    assert found["annotations"][0]["result"][0] == {
        "from_name": "label", "to_name": "text", "type": "labels", "value": value,
    }  # fmt: skip
    assert "predictions" not in found


def test_predictions_are_written_as_predictions_with_scores() -> None:
    found = replace(DOCUMENT, entities=(PER._replace(confidence=0.9), LOC._replace(confidence=0.5)), predicted=True)
    nothing = replace(DOCUMENT, sentences=(replace(DOCUMENT.sentences[0], tags=("O",) * 6),), predicted=True)
    first, second = written(found, nothing)
    assert "annotations" not in {**first, **second}
    [prediction] = first["predictions"]
    assert (prediction["score"], [one["score"] for one in prediction["result"]]) == (0.5, [0.9, 0.5])
    assert second["predictions"] == [{"model_version": "nertagger", "result": []}]


def test_an_unannotated_text_is_written_without_annotation() -> None:
    bare = replace(DOCUMENT, sentences=(replace(DOCUMENT.sentences[0], tags=None),), meta={"id": 3, "lang": "no"})
    assert written(bare) == [{"id": 3, "data": {"lang": "no", "text": TEXT}}]
    assert written() == []


def test_other_fields_of_a_task_keep_their_place(load) -> None:
    fields = {"id": 7, "meta": {"a": 1}, "inner_id": 2}
    original = {**fields, "data": {"text": TEXT, "id": "doc-1", "page": 3}, "annotations": RESULT}
    [document] = load(json.dumps([original]), name="x.json")
    assert document.meta == {**fields, "data": {"id": "doc-1", "page": 3}}
    [found] = written(document)
    assert {name: found[name] for name in fields} == fields
    assert found["data"] == original["data"]
