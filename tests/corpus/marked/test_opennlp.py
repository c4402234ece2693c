"""Training data of OpenNLP."""

from __future__ import annotations

import logging

import pytest

from nertagger.errors import DataError
from tests.small_corpus import labels_and_texts

OPENNLP = """<START:person> Pierre Vinken <END> , 61 years old , will join the board .
Mr . <START:person> Vinken <END> leads <START:organization> Elsevier N.V. <END> .

Bo sat .
"""


@pytest.mark.parametrize("name", ["en-ner.train", "x.txt"])
def test_sentences_have_the_words_of_their_lines(load, name: str) -> None:
    documents = load(OPENNLP, name)
    assert labels_and_texts(documents) == [
        ("person", "Pierre Vinken"),
        ("person", "Vinken"),
        ("organization", "Elsevier N.V."),
    ]
    assert documents[1].sentences[0].words == ("Mr", ".", "Vinken", "leads", "Elsevier", "N.V.", ".")
    assert [document.opens for document in documents] == [True, False, True]
    assert documents[2].sentences[0].tags == ("O",) * 3
    assert documents[2].sentences[0].source == f"{name}:4"


@pytest.mark.parametrize(("line", "problem"), [
    ("<START:a> Bo <START:b> Al <END> <END>", "x:2: <START:b> is inside another entity; keep one of them"),
    ("<START:a> Bo ran", "x:2: <START:a> is not closed in its line, expected <END>"),
    ("Bo <END> ran", "x:2: <END> after Bo ends no entity"),
    ("<START:a> <END> ran", "x:2: <END> after nothing ends an entity without words"),
])  # fmt: skip
def test_faulty_lines_are_errors_or_left_out(load, caplog, line: str, problem: str) -> None:
    text = f"<START:a> Bo <END> ran\n{line}\nAl sat\n"
    with pytest.raises(DataError) as caught:
        load(text, "x")
    assert str(caught.value).startswith(problem)
    with caplog.at_level(logging.WARNING):
        assert [document.text for document in load(text, "x", lenient=True)] == ["Bo ran", "Al sat"]
    assert "1 row left out that could not be read" in caplog.text


def test_missing_spaces_and_types_are_understood(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        first, second = load("<START> Bo <END> ran\n(<START:b>Al Li<END>) ran\n", "x")
    assert labels_and_texts([first, second]) == [("default", "Bo"), ("b", "Al Li")]
    assert second.sentences[0].words == ("(", "Al", "Li", ")", "ran")
    assert "1 line with tags that no space separates from words, first at x:2" in caplog.text
