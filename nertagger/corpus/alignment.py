"""Words, and entities given as characters, fitted to the text that they stand in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.entities import entities_to_spans
from nertagger.text.schemes import write_tags

_Place = tuple[int, int]  # the first character of a token and the one after its last


def align(words: Iterable[str], text: str) -> tuple[int, ...] | None:
    """Where each word stands in `text`, one after another with nothing but white space between; else None."""
    starts, end = [], 0
    for word in words:
        start = text.find(word, end)
        if start < 0 or text[end:start].strip():
            return None
        starts.append(start)
        end = start + len(word)
    return None if text[end:].strip() else tuple(starts)


def fit(document: Document, entities: Sequence[Entity]) -> Document:
    """The document with these entities (in order, apart), its tokens made to agree with them and tagged in IOB2.

    A token across an entity's edge is split there, sentences that an entity spans are joined, and an entity of
    characters that are no token becomes one. White space at an entity's edges is left out of it.
    """
    cuts = sorted({edge for entity in entities for edge in (entity.start, entity.end)})
    places = [piece for s in document.sentences for token in s.tokens for piece in _split(token.start, token.end, cuts)]
    fitted = [_on_tokens(entity, places, document.text) for entity in entities]
    begins = {sentence.starts[0] for sentence in document.sentences if sentence.starts}
    for entity in fitted:
        begins -= set(range(entity.start + 1, entity.end))
    sources = [(sentence.starts[0], sentence.source) for sentence in document.sentences if sentence.starts]
    sentences = tuple(
        _sentence(part, document.text, fitted, _source_at(part[0][0], sources)) for part in _parts(places, begins)
    )
    return replace(document, sentences=sentences, entities=tuple(fitted))


def _split(start: int, end: int, cuts: Sequence[int]) -> list[_Place]:
    """A token as the pieces between those of the `cuts` (in order) that fall inside it."""
    edges = [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)], end]
    return list(pairwise(edges))


def _on_tokens(entity: Entity, places: list[_Place], text: str) -> Entity:
    """The entity from its first token to its last; where it holds none, it is made a token, added to `places`."""
    first, stop = bisect_left(places, (entity.start,)), bisect_left(places, (entity.end,))
    if first == stop:
        insort(places, (entity.start, entity.end))
        return entity
    start, end = places[first][0], places[stop - 1][1]
    return entity._replace(start=start, end=end, text=text[start:end])


def _parts(places: Sequence[_Place], begins: set[int]) -> list[list[_Place]]:
    """The tokens cut into sentences: a new one at each first character in `begins`."""
    parts: list[list[_Place]] = []
    for place in places:
        if place[0] in begins or not parts:
            parts.append([])
        parts[-1].append(place)
    return parts


def _source_at(start: int, sources: Sequence[tuple[int, str]]) -> str:
    """The source of the sentence that a character is in, or of the first one if it is before all."""
    place = bisect_right(sources, start, key=lambda source: source[0])
    return sources[max(place - 1, 0)][1] if sources else ""


def _sentence(places: Sequence[_Place], text: str, entities: Sequence[Entity], source: str) -> Sentence:
    """The tokens at these places as a sentence, tagged with those of the entities that it holds."""
    words = tuple(text[start:end] for start, end in places)
    bare = Sentence(words, tuple(start for start, _ in places), source=source)
    return replace(bare, tags=tuple(write_tags(entities_to_spans(entities, bare), len(bare))))
