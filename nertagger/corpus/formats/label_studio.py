"""Tasks of Label Studio: ``data`` with the text, and ``annotations`` (``completions`` before 1.0) with regions.

See https://labelstud.io/guide/export. Regions of the types ``labels`` and ``hypertextlabels`` are entities; regions of
other types are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple, TextIO

from nertagger.corpus.projection import is_predicted
from nertagger.corpus.records.dialects import text_field
from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record, described, json_line, read_values
from nertagger.corpus.records.token_rows import checked_list
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities
from nertagger.text.schemes import TagScheme

_ENTITIES = ("labels", "hypertextlabels")
_PARTS = ("data", "annotations", "completions", "predictions", "drafts")
_TASK_FIELDS = set(
    "id inner_id meta created_at updated_at updated_by project file_upload overlap total_annotations total_predictions "
    "cancelled_annotations comment_count unresolved_comment_count comment_authors last_comment_updated_at".split()
)
_MODEL = "nertagger"


class _Task(NamedTuple):
    """A task and the regions that are read.

    Attributes:
        line: its first line.
        name: what messages call it.
        task: the whole task.
        regions: the regions of the annotation, or of the prediction; None if the task has neither.
        predicted: whether a model predicted the regions.
    """

    line: int
    name: str
    task: Record
    regions: list[Record] | None
    predicted: bool = False


def is_task(value: Any) -> bool:
    """Return whether a value is a task: an object with ``data`` that is an object itself."""
    if not isinstance(value, dict) or "data" not in value or {"text", "tokens", "paragraphs"} & value.keys():
        return False
    data = value["data"]
    return not isinstance(data, str) and not (
        isinstance(data, list) and any(isinstance(one, dict | list) for one in data)
    )


def read_predictions(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per task with the entities of its first prediction, even if it is annotated."""
    yield from read_tasks(list(read_values(lines, source)), source, predictions=True)
    source.report()


def read_tasks(values: Sequence[tuple[int, Any]], source: Source, *, predictions: bool = False) -> Iterator[Document]:
    """Yield one document per task.

    The first annotation that was not cancelled is read, preferably one that is marked as ground truth; further ones
    are counted. Tasks without annotation are left out and counted if others are annotated. If none is annotated,
    predictions are read, and the documents are marked as predicted.

    Args:
        values: the tasks with their line numbers.
        source: the file.
        predictions: whether to read predictions instead of annotations.
    """
    tasks = [task for line, value in values for task in _opened(line, value, source, annotation=not predictions)]
    tasks = list(_with_predictions(tasks, source)) if predictions else _wanted(tasks, source)
    _count_other_regions(tasks, source)
    is_page = any("hypertextlabels" in _value(region) for task in tasks for region in task.regions or ())
    for task in tasks:
        source.record = task.name
        try:
            record = _record(task, source, is_page=is_page)
        except DataError as error:
            source.leave_out(task.line, UNREADABLE_ROWS, error)
            continue
        for document in read_record(record, task.line, source):
            yield replace(document, predicted=document.predicted or task.predicted)
    source.record = ""


def write_label_studio(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write a list of tasks for import into Label Studio, with the text named ``text``.

    Entities are written as an annotation; if a model predicted them, as a prediction with confidences as scores and the
    lowest of these as its own score.
    """
    stream.write("[")
    for number, document in enumerate(documents):
        stream.write((",\n" if number else "\n") + json_line(_task_record(document)))
    stream.write("\n]\n")


def _opened(line: int, value: Any, source: Source, *, annotation: bool) -> Iterator[_Task]:
    """Yield the task in a value, with the regions of its annotation."""
    name = f"task {value['id']}" if isinstance(value, dict) and type(value.get("id")) in (int, str) else ""
    source.record = name
    try:
        if not is_task(value) or not isinstance(value["data"], dict):
            raise DataError(got="a task without data that is an object", expected="the task's text there")
        regions = _annotation(value, line, source) if source.annotation and annotation else None
        yield _Task(line, name, value, regions)
    except DataError as error:
        source.leave_out(line, UNREADABLE_ROWS, error)


def _annotation(task: Record, line: int, source: Source) -> list[Record] | None:
    """Return the regions of the annotation that is read; None if there is no annotation."""
    found = [one for field in ("annotations", "completions") for one in _objects(task.get(field), field)]
    done = [one for one in found if not one.get("was_cancelled") and not one.get("skipped")]
    done = [one for one in done if one.get("result") is not None]
    if len(done) > 1:
        source.count(line, "annotations after the first of a task left out", len(done) - 1)
    if not done:
        return None
    for part in ("predictions", "drafts"):
        if task.get(part):
            source.count(line, f"tasks with {part} in addition to annotations, which are not read")
    return _objects(max(done, key=lambda one: one.get("ground_truth") is True)["result"], "result")


def _wanted(tasks: list[_Task], source: Source) -> list[_Task]:
    """Return the tasks to read: all if annotation is ignored or there is none, else the annotated ones."""
    if not source.annotation:
        return tasks
    if not any(task.regions is not None for task in tasks):
        tasks = [_predicted(task, source) for task in tasks]
        for task in filter(attrgetter("predicted"), tasks):
            source.count(task.line, "predictions read, as no task of the file is annotated", example=task.name)
    if any(task.regions is not None for task in tasks):
        for task in tasks:
            if task.regions is None:
                has = " but with predictions" if task.task.get("predictions") else ""
                source.count(task.line, f"tasks without annotation{has} left out", example=task.name)
        return [task for task in tasks if task.regions is not None]
    exported = next((task for task in tasks if {"annotations", "completions"} & task.task.keys()), None)
    if exported and not source.lenient:
        source.record = ""
        error = DataError("no task of the file is annotated", remedy="annotate some, or tag the file")
        source.fail(exported.line, error)
    return tasks


def _with_predictions(tasks: Iterable[_Task], source: Source) -> Iterator[_Task]:
    """Yield the tasks that have predictions, with the regions of the first; other tasks are counted."""
    for task in (_predicted(task, source) for task in tasks):
        if task.predicted:
            yield task
        else:
            source.count(task.line, "tasks without predictions left out", example=task.name)


def _predicted(task: _Task, source: Source) -> _Task:
    """Return the task with the regions of its first prediction, if it has one."""
    source.record = task.name
    try:
        predictions = [
            one for one in _objects(task.task.get("predictions"), "predictions") if one.get("result") is not None
        ]
        if not predictions:
            return task
        regions = [
            {"score": predictions[0].get("score"), **one} for one in _objects(predictions[0]["result"], "result")
        ]
    except DataError as error:
        source.leave_out(task.line, "predictions left out that could not be read", error)
        return task
    if len(predictions) > 1:
        source.count(task.line, "predictions after the first of a task left out", len(predictions) - 1)
    return task._replace(regions=regions, predicted=True)


def _count_other_regions(tasks: Iterable[_Task], source: Source) -> None:
    """Count the regions that are not entities; raise DataError if all regions of the file are such."""
    others: Counter[str] = Counter()
    entities, first = 0, 0
    for task in tasks:
        for region in task.regions or ():
            if _is_entity(region):
                entities += 1
                continue
            kind = str(region.get("type"))
            source.count(task.line, f"regions of the type {kind} left out")
            first = first or task.line
            others[kind] += 1
    if others and not entities:
        kinds = ", ".join(f"{kind} ({number})" for kind, number in others.items())
        source.record = ""
        source.fail(first, DataError(f"no region of the file is of the type labels or hypertextlabels, only {kinds}"))


def _is_entity(region: Record) -> bool:
    """Return whether a region is an entity, or may be one as it has no type."""
    kind = region.get("type")
    return (
        any(name in _value(region) for name in _ENTITIES) or kind in _ENTITIES or (kind is None and "value" in region)
    )


def _value(region: Record) -> Record:
    value = region.get("value")
    return value if isinstance(value, dict) else {}


def _record(task: _Task, source: Source, *, is_page: bool) -> Record:
    """Return the task as a record: text, entities if it is annotated, and its other fields."""
    data = task.task["data"]
    regions = [one for one in task.regions or () if _is_entity(one)]
    items: list[Any] = [_item(one, predicted=task.predicted) for one in regions]
    name = text_field(data, items)
    text, rest = data[name], {field: part for field, part in data.items() if field != name}
    if is_page or name == "html":
        from nertagger.corpus.records.hypertext import read_page  # not at the top: few files need it

        (text, items), rest = read_page(text, items), data
        source.count(task.line, "pages of HTML read as text")
    record = {"text": text} | ({} if task.regions is None else {"entities": items})
    record |= {field: part for field, part in task.task.items() if field not in (*_PARTS, *record)}
    return record | ({"data": rest} if rest else {})


def _item(region: Record, *, predicted: bool) -> Record:
    """Return the entity of a region, without a confidence if a person annotated it."""
    value = region.get("value")
    if not isinstance(value, dict):
        return region
    if not predicted:
        return {name: part for name, part in value.items() if name not in ("score", "confidence")}
    return {**value, "score": region.get("score")}


def _objects(value: Any, field: str) -> list[Record]:
    """Return the list of objects in a field; empty if it is null."""
    if value is None:
        return []
    for one in checked_list(value, field):
        if not isinstance(one, dict):
            raise DataError(got=f"{described(one)} among {field}", expected="an object")
    objects: list[Record] = value
    return objects


def _task_record(document: Document) -> Record:
    """Return the task of a document; fields that are not those of tasks become part of the data."""
    fields = {name: part for name, part in document.meta.items() if name in _TASK_FIELDS}
    if not isinstance(fields.get("meta", {}), dict):
        del fields["meta"]
    others = {name: part for name, part in document.meta.items() if name not in fields}
    data = others.pop("data", None)
    task: Record = {**fields, "data": {**(data if isinstance(data, dict) else {}), **others, "text": document.text}}
    entities = document_entities(document)
    regions = [_region(entity) for entity in entities]
    if is_predicted(document):
        scores = [entity.confidence for entity in entities if entity.confidence is not None]
        score = {"score": round(min(scores), 6)} if scores else {}
        return {**task, "predictions": [{"model_version": _MODEL, **score, "result": regions}]}
    return (
        {**task, "annotations": [{"result": regions}]} if document.is_annotated or not document.text.strip() else task
    )


def _region(entity: Entity) -> Record:
    value = {"start": entity.start, "end": entity.end, "text": entity.text, "labels": [entity.label]}
    score = {} if entity.confidence is None else {"score": round(entity.confidence, 6)}
    return {"from_name": "label", "to_name": "text", "type": "labels", **score, "value": value}
