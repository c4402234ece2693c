"""Raw text segmented into sentences and words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nertagger.text.segment import segment
from nertagger.text.tokenization.sentences import sentence_spans
from nertagger.text.tokenization.tokenizer import token_spans


def test_segment_returns_sentences_of_words_with_offsets() -> None:
    document = segment("Mr. Wu's cat\nsat.  It slept!", source="a.txt", offset=7)
    assert [s.words for s in document.sentences] == [("Mr.", "Wu", "'s", "cat", "sat", "."), ("It", "slept", "!")]
    assert [s.starts for s in document.sentences] == [(0, 4, 6, 9, 13, 16), (19, 22, 27)]
    assert (document.source, document.offset, document.entities, document.opens) == ("a.txt", 7, (), False)
    assert all(s.tags is None and s.source == "" for s in document.sentences)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_segment_agrees_with_the_tokenizer_and_the_sentences(text: str) -> None:
    document, tokens = segment(text), token_spans(text)
    assert document.text == text
    assert [(t.start, t.end) for s in document.sentences for t in s.tokens] == tokens
    assert [len(s) for s in document.sentences] == [stop - first for first, stop in sentence_spans(text, tokens)]
    assert all(text[t.start : t.end] == t.text for s in document.sentences for t in s.tokens)


def test_segment_of_nothing_has_no_sentences() -> None:
    assert segment("").sentences == segment(" \n\n\x85").sentences == ()
