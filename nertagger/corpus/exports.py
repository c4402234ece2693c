"""What annotation tools import and export: doccano, Prodigy, Label Studio.

doccano and Prodigy write one object a line and are read by `nertagger.corpus.jsonl`; Label Studio writes one list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from nertagger.corpus.jsonl import Record, read_record
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities, entities_to_spans
from nertagger.text.schemes import TagScheme

_BETWEEN = " \t\r\n,"


def write_doccano(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write ``{"text", "label": [[start, end, label], ...]}``, one object a document."""
    for document in documents:
        labels = [[entity.start, entity.end, entity.label] for entity in document_entities(document)]
        _write_line(stream, {"text": document.text, "label": labels})


def write_prodigy(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write text, tokens with their places, and spans by character and token, one object a document."""
    for document in documents:
        _write_line(stream, _prodigy_record(document))


def write_label_studio(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one list of tasks with an annotation each, as Label Studio's import takes it for a text named ``text``."""
    stream.write("[")
    for number, document in enumerate(documents):
        regions = [_region(entity) for entity in document_entities(document)]
        task = {"data": {"text": document.text}, "annotations": [{"result": regions}]}
        stream.write((",\n" if number else "\n") + json.dumps(task, ensure_ascii=False))
    stream.write("\n]\n")


def read_label_studio(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """One document a task of a JSON or JSON-MIN export; a list of the objects of JSON lines is read as well.

    The first annotation that was not cancelled counts, or the first prediction where there is no annotation; other
    annotations of a task are counted. The file is held in memory.
    """
    for line, task in _elements("".join(lines), source):
        record = _record_of_task(task, line, source) if "data" in task else task
        yield from read_record(record, line, source)
    source.report()


def _write_line(stream: TextIO, record: Record) -> None:
    stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def _prodigy_record(document: Document) -> Record:
    tokens: list[Record] = []
    spans: list[Record] = []
    entities = document_entities(document)
    for sentence in document.sentences:
        before = len(tokens)
        for label, first, stop in entities_to_spans(entities, sentence):
            start, end = sentence.starts[first], sentence.starts[stop - 1] + len(sentence.words[stop - 1])
            place = {"start": start, "end": end, "token_start": before + first, "token_end": before + stop - 1}
            spans.append({**place, "label": label})
        for token in sentence.tokens:
            blank = document.text[token.end : token.end + 1].isspace()
            tokens.append({"text": token.text, "start": token.start, "end": token.end, "id": len(tokens), "ws": blank})
    return {"text": document.text, "tokens": tokens, "spans": spans, "answer": "accept"}


def _region(entity: Entity) -> Record:
    value = {"start": entity.start, "end": entity.end, "text": entity.text, "labels": [entity.label]}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value}


def _elements(text: str, source: Source) -> Iterator[tuple[int, Record]]:
    """Each object of a JSON list with the line that it begins in."""
    decoder = json.JSONDecoder()
    place, line = len(text) - len(text.lstrip(_BETWEEN)), 1
    if text[place : place + 1] != "[":
        source.fail(1, "expected a JSON list of tasks; one object a line is the format jsonl")
    done, place = 0, place + 1
    while True:
        while text[place : place + 1] in tuple(_BETWEEN):
            place += 1
        line, done = line + text.count("\n", done, place), place
        if text[place : place + 1] == "]":
            return
        try:
            element, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            source.fail(line, f"not JSON: {error}; export the file again")
        if not isinstance(element, dict):
            source.fail(line, f"got a JSON {type(element).__name__}, expected an object for each task")
        yield line, element


def _record_of_task(task: Record, line: int, source: Source) -> Record:
    """The text of a task and the entities of one of its annotations, as an object of JSON lines."""
    texts = [value for value in task["data"].values() if isinstance(value, str)]
    text = task["data"].get("text", texts[0] if len(texts) == 1 else None)
    if not isinstance(text, str):
        raise DataError(f"{source.name}:{line}: the task's data has no text, only {', '.join(task['data'])}")
    done = [one for one in task.get("annotations", []) if not one.get("was_cancelled")]
    if len(done) > 1:
        source.count(line, "annotations beside the first of their task left out", len(done) - 1)
    chosen = (done or task.get("predictions") or [None])[0]
    if chosen is None:
        return {"text": text}
    return {"text": text, "entities": [one["value"] for one in chosen.get("result", []) if _is_entity(one)]}


def _is_entity(region: Any) -> bool:
    return isinstance(region, dict) and "labels" in region.get("value", {})
