"""Entities between their two forms: tags on the tokens of sentences, and ranges of characters of a text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nertagger.text.document import Document, Entity, Sentence, Span
from nertagger.text.schemes import TagScheme, convert_tags, read_spans, write_tags


def entities_of(sentence: Sentence, text: str) -> tuple[Entity, ...]:
    """The entities that the sentence's tags mean, as characters of the `text` that its offsets index.

    >>> text = "Barack Obama spoke"
    >>> entities_of(Sentence(("Barack", "Obama", "spoke"), (0, 7, 13), ("B-PER", "I-PER", "O")), text)
    (Entity('PER', 0, 12, 'Barack Obama'),)
    """
    return spans_to_entities(read_spans(sentence.tags), sentence, text) if sentence.tags else ()


def spans_to_entities(spans: Iterable[Span], sentence: Sentence, text: str) -> tuple[Entity, ...]:
    """Token spans of a sentence as ranges of the characters of `text`."""
    words, starts = sentence.words, sentence.starts
    entities = []
    for label, first, stop in spans:
        start, end = starts[first], starts[stop - 1] + len(words[stop - 1])
        entities.append(Entity(label, start, end, text[start:end]))
    return tuple(entities)


def document_entities(document: Document) -> tuple[Entity, ...]:
    """The document's own entities or, where it has none, those that its sentences' tags mean."""
    if document.entities:
        return document.entities
    return tuple(entity for sentence in document.sentences for entity in entities_of(sentence, document.text))


def sentence_tags(document: Document, scheme: TagScheme | None = None) -> Iterator[tuple[Sentence, tuple[str, ...]]]:
    """Each sentence with its own tags, or those of the document's entities, in `scheme` (None: as is, else IOB2)."""
    for sentence in document.sentences:
        tags = sentence.tags
        if tags is None:
            spans = entities_to_spans(document.entities, sentence)
            yield sentence, tuple(write_tags(spans, len(sentence), scheme or TagScheme.IOB2))
        else:
            yield sentence, tags if scheme is None else tuple(convert_tags(tags, scheme))


def entities_to_spans(entities: Sequence[Entity], sentence: Sentence) -> list[Span]:
    """Those entities (in order, apart) that hold tokens of the sentence, as token spans.

    An edge inside a token takes in the whole token.
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
