"""Entities that a file gives as ranges of characters, put on the tokens of its text; every change is counted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nertagger.corpus.alignment import fit
from nertagger.corpus.source import Source
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.schemes import TagScheme

_Given = tuple[Entity, int]  # an entity and the line that gives it

SPLIT = "entities with an edge inside a token, which was split there"
JOINED = "entities across a sentence end, whose sentences were joined"
TRIMMED = "entities without the white space at their edges"
UNANNOTATED = "sentences without annotation"
OVERLAPPING = "overlapping entities left out"
REPEATED = "entities given more than once, read once"


def annotate(document: Document, entities: Iterable[Entity], lines: int | Sequence[int], source: Source) -> Document:
    """The document with these entities, in any order, its tokens split and sentences joined where an entity asks it.

    Args:
        document: the text with its tokens, no tags.
        entities: as characters of ``document.text``.
        lines: where the file gives them, for messages: all in one line, or each in one of its own.
        source: counts what was changed, with the first entity of each kind.

    Raises:
        DataError: if two entities overlap and the reading is not lenient; leniently the first and longest is kept.
    """
    given = list(entities)
    numbers = [lines] * len(given) if isinstance(lines, int) else lines
    kept = _apart(sorted(zip(given, numbers, strict=True), key=_place), source)
    fitted = fit(document, [entity for entity, _ in kept])
    for (entity, line), on_tokens in zip(kept, fitted.entities, strict=True):
        if entity != on_tokens:
            source.count(line, TRIMMED)
    _count_misfits(document, [(entity, line) for entity, (_, line) in zip(fitted.entities, kept, strict=True)], source)
    return fitted


def is_annotated(document: Document) -> bool:
    """Whether anything says which entities the document has, if only that it has none."""
    return document.is_annotated


def is_predicted(document: Document) -> bool:
    """Whether a model found the entities, as the document or a confidence says."""
    return document.predicted or any(entity.confidence is not None for entity in document.entities)


def annotated_tags(
    document: Document, scheme: TagScheme | None = None
) -> Iterator[tuple[Sentence, tuple[str, ...] | None]]:
    """Each sentence with its tags as `sentence_tags` gives them, or None where nothing says which entities it has."""
    for sentence, tags in sentence_tags(document, scheme):
        yield sentence, None if sentence.tags is None and not document.entities else tags


def _apart(entities: Iterable[_Given], source: Source) -> list[_Given]:
    """The entities, those that overlap an earlier one left out."""
    apart: list[_Given] = []
    for entity, line in entities:
        if apart and entity[:3] == apart[-1][0][:3]:
            source.count(line, REPEATED, example=_name(entity))
        elif apart and entity.start < apart[-1][0].end:
            other, there = apart[-1]
            where = f" (the first is in line {there})" if there != line else ""
            problem = f"entities {other.text!r} and {entity.text!r} overlap{where}; keep one of them"
            source.repair(line, OVERLAPPING, problem)
        else:
            apart.append((entity, line))
    return apart


def _count_misfits(document: Document, entities: Sequence[_Given], source: Source) -> None:
    """Count the entities whose edges are no edges of tokens, and those that hold a sentence's beginning."""
    if not entities:
        return
    tokens = [token for sentence in document.sentences for token in sentence.tokens]
    edges = {token.start for token in tokens}, {token.end for token in tokens}
    begins = sorted(sentence.starts[0] for sentence in document.sentences[1:] if sentence.starts)
    for entity, line in entities:
        if entity.start not in edges[0] or entity.end not in edges[1]:
            source.count(line, SPLIT, example=_name(entity))
        if bisect_right(begins, entity.start) < bisect_left(begins, entity.end):
            source.count(line, JOINED, example=_name(entity))


def _name(entity: Entity) -> str:
    return f"{entity.label} {entity.text[:40]!r} at {entity.start}-{entity.end}"


def _place(given: _Given) -> tuple[int, int]:
    entity, _ = given
    return entity.start, -entity.end
