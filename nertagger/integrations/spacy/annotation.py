"""Entities of a tagged document set on a spaCy Doc: its entities, span groups and extension attributes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from spacy.tokens import Doc, Span

from nertagger.integrations.spacy.conversion import from_record, to_record
from nertagger.text.document import Document

logger = logging.getLogger(__name__)
CONFIDENCE = "confidence"
_NO_ENTITY = 3  # the value of ENT_IOB of a token that has no label because it must not be in an entity ("blocked")


def register_extensions(name: str) -> None:
    """Register ``span._.confidence`` and ``doc._.NAME``, the whole result; attributes of others are left as they are.

    An attribute ``doc._.NAME`` that somebody registered without a value of its own, to read saved Docs, is replaced.
    """
    if not Span.has_extension(CONFIDENCE):
        Span.set_extension(CONFIDENCE, default=None)
    elif not _is_writable(*Span.get_extension(CONFIDENCE)):
        logger.warning("span._.%s is computed by something else; confidences are in doc._.%s alone", CONFIDENCE, name)
    known = Doc.get_extension(name) if Doc.has_extension(name) else (None, None, None, None)
    if not any(known):
        Doc.set_extension(name, getter=partial(result_of, name=name), force=True)
    elif not (isinstance(known[2], partial) and known[2].func is result_of):
        problem = "doc._.%s is an attribute of something else: whole results are not shown there; name the component"
        logger.warning(f"{problem} otherwise: nlp.add_pipe(..., name='NAME')", name)


def has_extensions(name: str) -> bool:
    """Return whether there are attributes of the names that `register_extensions` registers."""
    return Doc.has_extension(name) and Span.has_extension(CONFIDENCE)


def result_of(doc: Doc, *, name: str) -> Document | None:
    """Return the document that the component of this name has made of a Doc; None if it has not."""
    record = _user_data(doc).get(_key(name))
    return None if record is None else from_record(record)


def set_result(doc: Doc, document: Document, *, name: str) -> None:
    """Store a tagged document for `result_of`."""
    _user_data(doc)[_key(name)] = to_record(document)


def spans_of(doc: Doc, document: Document) -> list[Span]:
    """Return the entities of a tagged document as spans of the Doc that it was made of, with their confidences."""
    spans = []
    for entity in document.entities:
        span = doc.char_span(entity.start, entity.end, label=entity.label)
        if span is not None:  # entities begin and end where tokens do
            span._.set(CONFIDENCE, entity.confidence)
            spans.append(span)
    return spans


def set_group(doc: Doc, spans: Sequence[Span], document: Document, *, key: str) -> None:
    """Set ``doc.spans[key]``, with confidences as its scores, as spaCy's SpanCategorizer does."""
    doc.spans[key] = spans
    doc.spans[key].attrs["scores"] = np.array([entity.confidence for entity in document.entities], dtype=np.float32)


def add_entities(doc: Doc, spans: Sequence[Span], *, overwrite: bool) -> None:
    """Add spans to ``doc.ents``, all other tokens become tokens outside of entities.

    Args:
        doc: a Doc that may have entities already.
        spans: in order, not overlapping.
        overwrite: whether a span replaces the entities that it overlaps; otherwise it yields to them.
    """
    if not doc.has_annotation("ENT_IOB"):
        doc.set_ents(list(spans))
        return
    blocked = [doc[token.i : token.i + 1] for token in doc if token.ent_iob == _NO_ENTITY and not token.ent_type]
    found = _apart_from(spans, blocked)
    existing = list(doc.ents)
    kept = [*_apart_from(existing, found), *found] if overwrite else [*existing, *_apart_from(found, existing)]
    doc.set_ents(kept, blocked=blocked)


def _apart_from(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """Return the spans that share no token with the others."""
    taken = {index for other in others for index in range(other.start, other.end)}
    return [span for span in spans if taken.isdisjoint(range(span.start, span.end))]


def _is_writable(default: object, method: object, getter: object, setter: object) -> bool:
    """Return whether an extension attribute is a value that is stored, or has a function that stores it."""
    return setter is not None or (getter is None and method is None)


def _user_data(doc: Doc) -> dict[Any, Any]:
    return doc.user_data


def _key(name: str) -> tuple[str, str, None, None]:
    """Return the key under which spaCy stores ``doc._.NAME``, so that it is copied and merged as others are."""
    return ("._.", name, None, None)
