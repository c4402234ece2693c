"""Tokenized lines and running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.corpus.formats.lines import read_running_text, read_tokenized_lines
from nertagger.corpus.source import Source


@pytest.mark.parametrize(("line", "words", "starts"), [
    ("Ann ran .", ("Ann", "ran", "."), (0, 4, 8)),
    ("  Ann\tran  . ", ("Ann", "ran", "."), (2, 6, 11)),
    ("a\u00a0b c\u0085d\r", ("a\u00a0b", "c\u0085d"), (0, 4)),
    ("one", ("one",), (0,)),
])  # fmt: skip
def test_read_lines(line: str, words: tuple[str, ...], starts: tuple[int, ...]) -> None:
    [document] = read_tokenized_lines(iter([line + "\n"]), Source("x"))
    [sentence] = document.sentences
    assert (sentence.words, sentence.starts, sentence.tags) == (words, starts, None)


def test_read_lines_keeps_one_record_per_line() -> None:
    documents = list(read_tokenized_lines(iter(["a\n", "\n", " \n", "b"]), Source("x")))
    assert [len(document.sentences) for document in documents] == [1, 0, 0, 1]
    assert documents[3].sentences[0].source == "x:4"


@given(st.text(st.sampled_from("ab \t\u00a0.\u0301🙂\r"), max_size=20))
def test_read_lines_offsets_are_exact(line: str) -> None:
    [document] = read_tokenized_lines(iter([line]), Source("x"))
    for sentence in document.sentences:
        assert all(document.text[token.start : token.end] == token.text != "" for token in sentence.tokens)


def test_read_text_is_the_whole_input() -> None:
    lines = ["Ann ran. Bo sat.\n", "It rained.\n", "\n", "\n", "The end"]
    documents = list(read_running_text(iter(lines), Source("x")))
    assert "".join(document.text for document in documents) == "".join(lines)
    text = "".join(lines)
    for document in documents:
        assert text[document.offset :].startswith(document.text)
        assert document.source == "x"
    assert "Bo" in [word for document in documents for s in document.sentences for word in s.words]
