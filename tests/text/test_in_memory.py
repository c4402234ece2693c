"""Annotated sentences in memory: checked, and made documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence
from nertagger.text.in_memory import BLANK_TOKEN, annotated_documents, tagged_sentences

ANN = (("Ann", "ran"), ("B-PER", "O"))


def test_pairs_are_sentences_and_empty_ones_are_left_out() -> None:
    assert tagged_sentences([ANN, ([], [])]) == [Sentence.from_words(ANN[0], tags=ANN[1])]


def test_sentences_and_pairs_become_documents_of_one_sentence() -> None:
    inside = Sentence(ANN[0], (10, 14), ANN[1])  # with the offsets of a longer text
    for item in (ANN, list(map(list, ANN)), inside):
        [document] = annotated_documents([item], place="train")  # type: ignore[list-item]
        assert document == Document.from_sentence(Sentence.from_words(ANN[0], tags=ANN[1]))


def test_documents_stay_as_they_are() -> None:
    documents = [
        Document("", (Sentence((), (), ()),)),
        Document.from_sentence(Sentence.from_words(("a",), tags=("O",))),
    ]
    assert annotated_documents(iter(documents), place="train") == documents


def test_blank_words_are_replaced_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    found = tagged_sentences([ANN, (["a", " \t"], ["O", "O"]), ([""], ["O"])])
    assert [sentence.words for sentence in found[1:]] == [("a", BLANK_TOKEN), (BLANK_TOKEN,)]
    assert caplog.messages == ["2 sentences with blank words, read as '\ufffd', first in sentence 2"]


@pytest.mark.parametrize(("act", "message"), [
    (lambda: tagged_sentences([ANN, (["a"], [])]), "sentence 2: got 1 word and 0 tags"),
    (lambda: tagged_sentences([ANN], place="dev") + tagged_sentences([("ab", ["O"])], place="dev"),
     "dev, sentence 1: got the text 'ab', expected a list of words"),
    (lambda: tagged_sentences([(["a"], ["yes"])]), "sentence 1, word 1: got the tag 'yes', expected O or one of"),
    (lambda: tagged_sentences([(["\ud800"], ["O"])]), "sentence 1, word 1: '.ud800' holds half a surrogate pair"),
    (lambda: annotated_documents("Ann", place="train"), "got the text 'Ann', expected a list of sentences"),
    (lambda: annotated_documents([3], place="train"), "train, sentence 1: got 3, expected a Sentence, or a pair"),
    (lambda: annotated_documents([ANN, Document("", ())], place="train"),
     "train, sentence 2: got a Document, expected a Sentence, or a pair of words and tags as the first"),
    (lambda: annotated_documents([Sentence.from_words(("a",))], place="test"), "test, sentence 1: has no tags"),
    (lambda: annotated_documents([Document("a", (Sentence(("a",), (0,), ()),))], place="dev"),
     "dev, document 1, sentence 1: got 1 word and 0 tags"),
    (lambda: annotated_documents([Document("a", (Sentence(("a",), (0,), ("PER",)),))], place="dev"),
     "dev, document 1, sentence 1, word 1: got the tag 'PER'"),
])  # fmt: skip
def test_wrong_sentences_are_refused(act: Callable[[], object], message: str) -> None:
    with pytest.raises(DataError, match=f"^{message}"):
        act()
