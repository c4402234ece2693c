"""Entities in their two forms: tags of the tokens of sentences, and ranges of characters of a text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nertagger.text.document import Document, Entity, Sentence, Span
from nertagger.text.schemes import TagScheme, convert_tags, read_spans, write_tags


def entities_of(sentence: Sentence, text: str) -> tuple[Entity, ...]:
    """Return the entities of a sentence's tags as ranges of characters of the `text` that its offsets index.

    >>> text = "Barack Obama spoke"
    >>> entities_of(Sentence(("Barack", "Obama", "spoke"), (0, 7, 13), ("B-PER", "I-PER", "O")), text)
    (Entity('PER', 0, 12, 'Barack Obama'),)
    """
    return spans_to_entities(read_spans(sentence.tags), sentence, text) if sentence.tags else ()


def spans_to_entities(spans: Iterable[Span], sentence: Sentence, text: str) -> tuple[Entity, ...]:
    """Return token spans of a sentence as ranges of characters of `text`."""
    words, starts = sentence.words, sentence.starts
    entities = []
    for label, first, stop in spans:
        start, end = starts[first], starts[stop - 1] + len(words[stop - 1])
        entities.append(Entity(label, start, end, text[start:end]))
    return tuple(entities)


def document_entities(document: Document) -> tuple[Entity, ...]:
    """Return the entities of a document or, if it has none, those of its sentences' tags."""
    if document.entities:
        return document.entities
    return tuple(entity for sentence in document.sentences for entity in entities_of(sentence, document.text))


def sentence_tags(document: Document, scheme: TagScheme | None = None) -> Iterator[tuple[Sentence, tuple[str, ...]]]:
    """Yield each sentence with its tags, made from the document's entities if it has none.

    Args:
        document: the document.
        scheme: the scheme of the tags; None to leave existing tags as they are and make others IOB2.
    """
    for sentence in document.sentences:
        tags = sentence.tags
        if tags is None:
            spans = entities_to_spans(document.entities, sentence)
            yield sentence, tuple(write_tags(spans, len(sentence), scheme or TagScheme.IOB2))
        else:
            yield sentence, tags if scheme is None else tuple(convert_tags(tags, scheme))


def entities_to_spans(entities: Sequence[Entity], sentence: Sentence) -> list[Span]:
    """Return the entities that have tokens in the sentence, as token spans.

    Entities are sorted and do not overlap. A boundary inside a token is moved to include the whole token.
    """
    starts = sentence.starts
    ends = [start + len(word) for start, word in zip(starts, sentence.words, strict=True)]
    if not starts:
        return []
    near = bisect_right(entities, starts[0], key=lambda entity: entity.end)
    far = bisect_left(entities, ends[-1], key=lambda entity: entity.start)
    spans = []
    for entity in entities[near:far]:
        first, stop = bisect_right(ends, entity.start), bisect_left(starts, entity.end)
        if first < stop:
            spans.append(Span(entity.label, first, stop))
    return spans
