"""Conversion of the records of cloud services and assistants to the form that `records.documents` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nertagger.corpus.records.json_values import Record, without

_CHUNK_LABELS = ("entity", "meta", "slot_name", "alias")  # of Snips and of Dialogflow


def service_records(value: Record) -> list[Record] | None:
    """Return the records in an object of one of these services; None if it is another object.

    They are Vertex AI (``textContent``), AutoML (``text_snippet``), Ground Truth of SageMaker (which Comprehend takes),
    Azure's language projects (``assets``), Snips (``intents`` of utterances) and Dialogflow (``data`` in chunks).
    """
    if isinstance(value.get("textContent"), str):
        names = {"textContent": "text", "textSegmentAnnotations": "entities"}
        return [{names.get(name, name): part for name, part in value.items()}]
    assets = value.get("assets")
    if isinstance(assets, dict) and isinstance(utterances := assets.get("utterances"), list):
        return [{"entities": [], **one} if isinstance(one, dict) else one for one in utterances]
    return _of_automl(value) or _of_ground_truth(value) or _of_snips(value) or _of_dialogflow(value)


def _of_automl(value: Record) -> list[Record] | None:
    """Convert AutoML's ``text_snippet`` with ``annotations``, whose names may also be in camel case."""
    snippet = _first(value, "text_snippet", "textSnippet")
    if not isinstance(snippet, dict) or not isinstance(snippet.get("content"), str):
        return None
    annotations = value.get("annotations")
    entities = [_of_extraction(one) for one in annotations] if isinstance(annotations, list) else annotations
    rest = without(value, "text_snippet", "textSnippet", "annotations")
    return [{"text": snippet["content"], "entities": entities, **rest}]


def _of_extraction(annotation: Any) -> Any:
    """Return an annotation of AutoML as an entity; one of another form is returned as it is."""
    extraction = _first(annotation, "text_extraction", "textExtraction")
    segment = _first(extraction, "text_segment", "textSegment")
    if not isinstance(segment, dict):
        return annotation
    start, end = (_first(segment, f"{edge}_offset", f"{edge}Offset") for edge in ("start", "end"))
    label = _first(annotation, "display_name", "displayName")
    return {"start": start or 0, "end": end, "label": label, "score": extraction.get("score")}


def _of_ground_truth(value: Record) -> list[Record] | None:
    """Convert a line of a manifest: the text in ``source``, the entities in the field of the labelling job."""
    if not isinstance(value.get("source"), str):
        return None
    for name, job in value.items():
        annotations = job.get("annotations") if isinstance(job, dict) else None
        if isinstance(annotations, dict) and isinstance(annotations.get("entities"), list):
            rest = without(value, "source", name)
            return [{"text": value["source"], "entities": annotations["entities"], **rest}]
    return None


def _of_snips(value: Record) -> list[Record] | None:
    """Convert the utterances of all intents, each with the name of its intent."""
    intents = value.get("intents")
    if not isinstance(intents, dict) or not intents:
        return None
    utterances = [(name, one) for name, intent in intents.items() for one in _list_in(intent, "utterances")]
    chunks = [_list_in(one, "data") for _, one in utterances]
    if not chunks or not all(map(_are_chunks, chunks)):
        return None
    return [_of_chunks(parts) | {"intent": name} for (name, _), parts in zip(utterances, chunks, strict=True)]


def _of_dialogflow(value: Record) -> list[Record] | None:
    chunks = _list_in(value, "data")
    if not _are_chunks(chunks) or not any({"userDefined", *_CHUNK_LABELS} & chunk.keys() for chunk in chunks):
        return None
    return [without(value, "data") | _of_chunks(chunks)]


def _are_chunks(chunks: Sequence[Any]) -> bool:
    """Return whether these are the parts of one text; records, which have lists or objects, are not."""
    return bool(chunks) and all(
        isinstance(one, dict)
        and isinstance(one.get("text"), str)
        and not any(isinstance(part, list | dict) for part in one.values())
        for one in chunks
    )


def _of_chunks(chunks: Sequence[Record]) -> Record:
    """Return the text of chunks joined, of which those with a label are entities."""
    text, entities = "", []
    for chunk in chunks:
        label = next((chunk[name] for name in _CHUNK_LABELS if chunk.get(name)), None)
        end = len(text) + len(chunk["text"])
        if label is not None:
            entities.append({"start": len(text), "end": end, "label": label})
        text += chunk["text"]
    return {"text": text, "entities": entities}


def _list_in(value: Any, name: str) -> list[Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, list) else []


def _first(value: Any, *names: str) -> Any:
    """Return the first of the fields that an object has; None if it has none or is no object."""
    return next((value[name] for name in names if name in value), None) if isinstance(value, dict) else None
