"""The values that carry text: tokens, sentences, documents."""

from __future__ import annotations

import dataclasses
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.corpus import write_documents
from nertagger.text import Document, Entity, Sentence, Span, Token

WORDS = st.lists(st.text(min_size=1, max_size=5), max_size=6).map(tuple)


@given(WORDS, st.integers(0, 100))
def test_from_words_places_words_in_their_joined_text(words: tuple[str, ...], offset: int) -> None:
    sentence = Sentence.from_words(words, offset=offset)
    text = "x" * offset + " ".join(words)
    assert len(sentence.starts) == len(sentence) == len(words)
    assert [text[start:end] for _, start, end in sentence.tokens] == list(words)


def test_from_words_keeps_tags_and_source() -> None:
    sentence = Sentence.from_words(("New York", "!"), tags=("S-LOC", "O"), source="a.conll:3")
    assert (sentence.tags, sentence.source) == (("S-LOC", "O"), "a.conll:3")
    assert list(sentence.tokens) == [Token("New York", 0, 8), Token("!", 9, 10)]


def test_an_empty_sentence_has_no_tokens() -> None:
    sentence = Sentence.from_words(())
    assert (len(sentence), sentence.starts, list(sentence.tokens)) == (0, (), [])


def test_tokens_of_a_sentence_with_too_few_starts_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        list(Sentence(("a", "b"), (0,)).tokens)


@given(WORDS)
def test_document_from_sentence_joins_its_words_by_spaces(words: tuple[str, ...]) -> None:
    document = Document.from_sentence(Sentence.from_words(words), source="f", opens=True)
    assert document.text == " ".join(words)
    assert (document.source, document.opens, document.entities, document.offset) == ("f", True, (), 0)
    assert all(document.text[t.start : t.end] == t.text for s in document.sentences for t in s.tokens)


def test_values_compare_by_content_and_cannot_be_changed() -> None:
    sentence = Sentence(("a",), (0,))
    assert sentence == Sentence(("a",), (0,))
    assert hash(sentence) == hash(Sentence(("a",), (0,)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        sentence.words = ("b",)  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Document("", ()).text = "b"  # type: ignore[misc]


def test_spans_and_entities_are_plain_tuples() -> None:
    assert Span("PER", 0, 2) == ("PER", 0, 2)
    assert Entity("PER", 0, 3, "Eve") == ("PER", 0, 3, "Eve", None, None)


TAGGED = Document(
    "Ann ran.",
    (Sentence(("Ann", "ran", "."), (0, 4, 7), ("B-PER", "O", "O")),),
    (Entity("PER", 0, 3, "Ann", 0.98765432),),
    source="a.txt",
    offset=7,
    meta={"id": 3, "text": "other"},
)


def test_document_to_dict_is_the_record_of_json_lines() -> None:
    stream = io.StringIO()
    write_documents(stream, [TAGGED], format="jsonl")
    assert json.loads(stream.getvalue()) == TAGGED.to_dict()
    assert TAGGED.to_dict() == {
        "text": "Ann ran.",
        "entities": [{"label": "PER", "start": 0, "end": 3, "text": "Ann", "confidence": 0.987654}],
        "source": "a.txt",
        "offset": 7,
        "id": 3,
        "text_": "other",
    }
    assert Entity("PER", 0, 3, "Ann").to_dict() == {"label": "PER", "start": 0, "end": 3, "text": "Ann"}


def test_document_tells_entities_of_its_tags_from_no_annotation() -> None:
    tagged = Document.from_sentence(Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O")))
    assert [entity["text"] for entity in tagged.to_dict()["entities"]] == ["Ann"]
    assert "entities" not in Document.from_sentence(Sentence.from_words(("Ann", "ran"))).to_dict()


def test_document_shows_itself_in_a_notebook() -> None:
    html = TAGGED._repr_html_()
    assert html == TAGGED.to_html()
    assert 'title="98.8%">Ann<b dir="ltr">PER</b></mark></bdi> ran.' in html
    ruled = Document("Ann", (), entities=(Entity("PER", 0, 3, "Ann", 1.0, rule='"staff"'),))
    for shown in (ruled, ruled.entities[0]):
        assert 'title="100.0%, rule: &#34;staff&#34;">Ann' in shown._repr_html_()
    assert TAGGED.to_html(page=True).startswith("<!DOCTYPE html>")
    assert ">Ann<b" in TAGGED.entities[0]._repr_html_()
