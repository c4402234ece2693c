"""Entities as tags on tokens and as ranges of characters."""

from __future__ import annotations

import pytest

from nertagger.text import Document, Entity, Sentence, Span, TagScheme
from nertagger.text.entities import document_entities, entities_of, entities_to_spans, sentence_tags

TEXT = "Dr. Zoë  Wu's house in\nYork"
FIRST = Sentence(("Dr.", "Zoë", "Wu", "'s", "house"), (0, 4, 9, 11, 14), ("O", "B-PER", "I-PER", "O", "O"))
SECOND = Sentence(("in", "York"), (20, 23), ("O", "I-LOC"))
PERSON, PLACE = Entity("PER", 4, 11, "Zoë  Wu"), Entity("LOC", 23, 27, "York")


def test_entities_of_have_offsets_into_the_text() -> None:
    assert entities_of(FIRST, TEXT) == (PERSON,)
    assert entities_of(Sentence(("a",), (0,)), "a") == ()


@pytest.mark.parametrize("own", [(), (PERSON, PLACE)])
def test_document_entities_are_those_of_the_document_or_of_its_tags(own: tuple[Entity, ...]) -> None:
    assert document_entities(Document(TEXT, (FIRST, SECOND), own)) == (PERSON, PLACE)


def test_sentence_tags_are_made_of_entities_if_there_are_none() -> None:
    bare = tuple(Sentence(s.words, s.starts) for s in (FIRST, SECOND))
    document = Document(TEXT, bare, (PERSON, PLACE))
    assert [tags for _, tags in sentence_tags(document)] == [FIRST.tags, ("O", "B-LOC")]
    assert [tags for _, tags in sentence_tags(document, TagScheme.BIOES)][1] == ("O", "S-LOC")


def test_sentence_tags_are_unchanged_or_converted() -> None:
    document = Document(TEXT, (SECOND,))
    assert [tags for _, tags in sentence_tags(document)] == [("O", "I-LOC")]
    assert [tags for _, tags in sentence_tags(document, TagScheme.BILOU)] == [("O", "U-LOC")]


@pytest.mark.parametrize(("start", "end", "expected"), [
    (4, 11, [Span("X", 1, 3)]),
    (5, 10, [Span("X", 1, 3)]),
    (7, 9, []),
    (3, 4, []),
    (0, 99, [Span("X", 0, 5)]),
    (23, 27, []),
])  # fmt: skip
def test_entities_to_spans_include_whole_tokens(start: int, end: int, expected: list[Span]) -> None:
    assert entities_to_spans([Entity("X", start, end, TEXT[start:end])], FIRST) == expected
    assert entities_to_spans([Entity("X", start, end, TEXT[start:end])], Sentence((), ())) == []
