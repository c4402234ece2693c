"""Alignment of words and entities with a text: where each word is, and tokens that agree with the entities."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.entities import entities_to_spans
from nertagger.text.schemes import write_tags

_Range = tuple[int, int]  # characters of a token, half-open


def locate_words(words: Iterable[str], text: str) -> tuple[int, ...] | None:
    """Return the start of each word in `text`, or None unless the text is these words and white space, in order.

    >>> locate_words(["Ann", "ran"], "Ann  ran"), locate_words(["Ann"], "Ann ran")
    ((0, 5), None)
    """
    starts, end = [], 0
    for word in words:
        start = text.find(word, end)
        if start < 0 or text[end:start].strip():
            return None
        starts.append(start)
        end = start + len(word)
    return None if text[end:].strip() else tuple(starts)


def align_tokens(document: Document, entities: Sequence[Entity]) -> Document:
    """Return the document with these entities, its tokens aligned with them and tagged in IOB2.

    A token across an entity boundary is split there, sentences that an entity spans are joined, and an entity that
    contains no token becomes one. White space at the edges of an entity is removed from it.

    Args:
        document: text and tokens.
        entities: sorted and non-overlapping.
    """
    boundaries = sorted({offset for entity in entities for offset in (entity.start, entity.end)})
    tokens = [piece for s in document.sentences for t in s.tokens for piece in _split(t.start, t.end, boundaries)]
    aligned = [_snap_to_tokens(entity, tokens, document.text) for entity in entities]
    firsts = {sentence.starts[0] for sentence in document.sentences if sentence.starts}
    for entity in aligned:
        firsts -= set(range(entity.start + 1, entity.end))
    sources = [(sentence.starts[0], sentence.source) for sentence in document.sentences if sentence.starts]
    sentences = tuple(
        _sentence(part, document.text, aligned, _source_at(part[0][0], sources)) for part in _group(tokens, firsts)
    )
    return replace(document, sentences=sentences, entities=tuple(aligned))


def _split(start: int, end: int, boundaries: Sequence[int]) -> list[_Range]:
    """Split a token at the (sorted) boundaries inside it."""
    edges = [start, *boundaries[bisect_right(boundaries, start) : bisect_left(boundaries, end)], end]
    return list(pairwise(edges))


def _snap_to_tokens(entity: Entity, tokens: list[_Range], text: str) -> Entity:
    """Return the entity from its first token to its last; if it contains no token, add it to `tokens`."""
    first, stop = bisect_left(tokens, (entity.start,)), bisect_left(tokens, (entity.end,))
    if first == stop:
        insort(tokens, (entity.start, entity.end))
        return entity
    start, end = tokens[first][0], tokens[stop - 1][1]
    return entity._replace(start=start, end=end, text=text[start:end])


def _group(tokens: Sequence[_Range], firsts: set[int]) -> list[list[_Range]]:
    """Group tokens into sentences, each beginning at an offset in `firsts`."""
    groups: list[list[_Range]] = []
    for token in tokens:
        if token[0] in firsts or not groups:
            groups.append([])
        groups[-1].append(token)
    return groups


def _source_at(start: int, sources: Sequence[tuple[int, str]]) -> str:
    """Return the source of the sentence that contains a character; of the first sentence if none does."""
    index = bisect_right(sources, start, key=lambda source: source[0])
    return sources[max(index - 1, 0)][1] if sources else ""


def _sentence(tokens: Sequence[_Range], text: str, entities: Sequence[Entity], source: str) -> Sentence:
    """Return a sentence of these tokens, tagged with the entities inside it."""
    words = tuple(text[start:end] for start, end in tokens)
    untagged = Sentence(words, tuple(start for start, _ in tokens), source=source)
    return replace(untagged, tags=tuple(write_tags(entities_to_spans(entities, untagged), len(untagged))))
