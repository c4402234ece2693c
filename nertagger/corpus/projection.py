"""Projection of entities given as character ranges onto the tokens of a text; every change is counted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nertagger.corpus.alignment import align_tokens
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.schemes import TagScheme

_Located = tuple[Entity, int]  # an entity and its line in the file

SPLIT_TOKENS = "entities with a boundary inside a token, which was split there"
JOINED_SENTENCES = "entities across a sentence boundary, whose sentences were joined"
TRIMMED_ENTITIES = "entities trimmed of white space at the edges"
UNANNOTATED_SENTENCES = "sentences without annotation"
OVERLAPPING_ENTITIES = "overlapping entities left out"
DUPLICATE_ENTITIES = "duplicate entities read once"


def project_entities(
    document: Document, entities: Iterable[Entity], lines: int | Sequence[int], source: Source
) -> Document:
    """Return the document with these entities, its tokens split and sentences joined where an entity requires it.

    Args:
        document: the text with its tokens, without tags.
        entities: character ranges of ``document.text``, in any order.
        lines: the line of all entities in the file, or the line of each, for messages.
        source: counts the changes, with the first entity of each kind.

    Raises:
        DataError: if two entities overlap. A lenient source keeps the first and longest instead.
    """
    given = list(entities)
    numbers = [lines] * len(given) if isinstance(lines, int) else lines
    kept = _without_overlaps(sorted(zip(given, numbers, strict=True), key=_sort_key), source)
    aligned = align_tokens(document, [entity for entity, _ in kept])
    for (entity, line), trimmed in zip(kept, aligned.entities, strict=True):
        if entity != trimmed:
            source.count(line, TRIMMED_ENTITIES)
    located = [(entity, line) for entity, (_, line) in zip(aligned.entities, kept, strict=True)]
    _count_boundary_changes(document, located, source)
    return aligned


def is_predicted(document: Document) -> bool:
    """Return whether a model predicted the entities, according to the document or the confidences."""
    return document.predicted or any(entity.confidence is not None for entity in document.entities)


def annotated_tags(
    document: Document, scheme: TagScheme | None = None
) -> Iterator[tuple[Sentence, tuple[str, ...] | None]]:
    """Yield each sentence with its tags as `sentence_tags` gives them, or None if it is not annotated."""
    for sentence, tags in sentence_tags(document, scheme):
        yield sentence, None if sentence.tags is None and not document.entities else tags


def _without_overlaps(entities: Iterable[_Located], source: Source) -> list[_Located]:
    """Return the (sorted) entities except those that overlap an earlier one."""
    kept: list[_Located] = []
    for entity, line in entities:
        if kept and entity[:3] == kept[-1][0][:3]:
            source.count(line, DUPLICATE_ENTITIES, example=_describe(entity))
        elif kept and entity.start < kept[-1][0].end:
            other, other_line = kept[-1]
            where = f" (the first is in line {other_line})" if other_line != line else ""
            problem = f"entities {other.text!r} and {entity.text!r} overlap{where}"
            source.repair(line, OVERLAPPING_ENTITIES, DataError(problem, remedy="keep one of them"))
        else:
            kept.append((entity, line))
    return kept


def _count_boundary_changes(document: Document, entities: Sequence[_Located], source: Source) -> None:
    """Count the entities whose boundaries are not those of tokens, and those that span a sentence boundary."""
    if not entities:
        return
    tokens = [token for sentence in document.sentences for token in sentence.tokens]
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    firsts = sorted(sentence.starts[0] for sentence in document.sentences[1:] if sentence.starts)
    for entity, line in entities:
        if entity.start not in starts or entity.end not in ends:
            source.count(line, SPLIT_TOKENS, example=_describe(entity))
        if bisect_right(firsts, entity.start) < bisect_left(firsts, entity.end):
            source.count(line, JOINED_SENTENCES, example=_describe(entity))


def _describe(entity: Entity) -> str:
    return f"{entity.label} {entity.text[:40]!r} at {entity.start}-{entity.end}"


def _sort_key(located: _Located) -> tuple[int, int]:
    entity, _ = located
    return entity.start, -entity.end
