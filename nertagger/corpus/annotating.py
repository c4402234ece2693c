"""Entities that a file gives as ranges of characters, put on the tokens of its text; every change is counted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from nertagger.corpus.fitting import fit
from nertagger.corpus.source import Source
from nertagger.text.document import Document, Entity

SPLIT = "entities with an edge inside a token, which was split there"
JOINED = "entities across a sentence end, whose sentences were joined"
TRIMMED = "entities without the white space at their edges"
OVERLAPPING = "overlapping entities left out"


def annotate(document: Document, entities: Iterable[Entity], line: int, source: Source) -> Document:
    """The document with these entities, in any order, its tokens split and sentences joined where an entity asks it.

    Args:
        document: the text with its tokens, no tags.
        entities: as characters of ``document.text``.
        line: where the file gives them, for messages.
        source: counts what was changed, with the first entity of each kind.

    Raises:
        DataError: if two entities overlap and the reading is not lenient; leniently the first and longest is kept.
    """
    kept = _apart(sorted(entities, key=_place), line, source)
    fitted = fit(document, kept)
    for entity, on_tokens in zip(kept, fitted.entities, strict=True):
        if entity != on_tokens:
            source.count(line, TRIMMED)
    _count_misfits(document, fitted.entities, line, source)
    return fitted


def is_annotated(document: Document) -> bool:
    """Whether anything says which entities the document has, if only that it has none."""
    return bool(document.entities) or any(sentence.tags is not None for sentence in document.sentences)


def is_predicted(document: Document) -> bool:
    """Whether a model found the entities, as the document or a confidence says."""
    return document.predicted or any(entity.confidence is not None for entity in document.entities)


def _apart(entities: Sequence[Entity], line: int, source: Source) -> list[Entity]:
    """The entities, those that overlap an earlier one left out."""
    apart: list[Entity] = []
    for entity in entities:
        if apart and entity.start < apart[-1].end:
            problem = f"entities {apart[-1].text!r} and {entity.text!r} overlap; keep one of them"
            source.repair(line, OVERLAPPING, problem)
            continue
        apart.append(entity)
    return apart


def _count_misfits(document: Document, entities: Sequence[Entity], line: int, source: Source) -> None:
    """Count the entities whose edges are no edges of tokens, and those that hold a sentence's beginning."""
    if not entities:
        return
    tokens = [token for sentence in document.sentences for token in sentence.tokens]
    edges = {token.start for token in tokens}, {token.end for token in tokens}
    begins = sorted(sentence.starts[0] for sentence in document.sentences[1:] if sentence.starts)
    for entity in entities:
        if entity.start not in edges[0] or entity.end not in edges[1]:
            source.count(line, SPLIT, example=_name(entity))
        if bisect_right(begins, entity.start) < bisect_left(begins, entity.end):
            source.count(line, JOINED, example=_name(entity))


def _name(entity: Entity) -> str:
    return f"{entity.label} {entity.text[:40]!r} at {entity.start}-{entity.end}"


def _place(entity: Entity) -> tuple[int, int]:
    return entity.start, -entity.end
