"""Documents and entities as plain values that JSON can hold: the objects of JSON lines."""

from __future__ import annotations

from typing import Any

from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities

Record = dict[str, Any]

_DECIMALS = 6  # of confidences


def document_record(document: Document, **more: Any) -> Record:
    """Return text and, if annotated, entities; source and offset if the source is known; the document's other fields.

    `more` comes before these other fields. If a model has tagged the document and found no entity, the record says so
    by ``predicted``; otherwise the confidences of the entities do.
    """
    record: Record = {"text": document.text}
    if document.is_annotated or document.predicted or not document.sentences:
        entities = document_entities(document)
        record["entities"] = [*map(entity_record, entities)]
        is_told = "predicted" in document.meta or any(entity.confidence is not None for entity in entities)
        if document.predicted and not is_told:
            record["predicted"] = True
    if document.source and "source" not in document.meta:
        record |= {"source": document.source, "offset": document.offset}
    return with_fields(record | more, document)


def with_fields(record: Record, document: Document) -> Record:
    """Return the record with the document's other fields; one whose name is taken gets an underscore at its end."""
    return record | {f"{name}_" if name in record else name: value for name, value in document.meta.items()}


def entity_record(entity: Entity) -> Record:
    """Return the label, the range of characters, the text and, if known, the confidence and the rule of an entity."""
    record: Record = {"label": entity.label, "start": entity.start, "end": entity.end, "text": entity.text}
    if entity.confidence is not None:
        record["confidence"] = round(entity.confidence, _DECIMALS)
    if entity.rule is not None:
        record["rule"] = entity.rule
    return record
