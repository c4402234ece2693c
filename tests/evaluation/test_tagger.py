"""Scores of any tagger on gold sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import nertagger
from nertagger.errors import DataError
from nertagger.evaluation import Counts, evaluate_tagger
from nertagger.evaluation.tagger import count_unknown_labels, tag_gold, tag_gold_with_confidences
from nertagger.text import Document, Entity, Sentence


class Fixed:
    """Tags every sentence in the same way."""

    def __init__(self, *tags: str) -> None:
        self.tags = tags

    def tag_tokens(self, sentences: list[Sequence[str]], /) -> list[tuple[str, ...]]:
        return [self.tags for _ in sentences]


def gold(*tags: str) -> list[Sentence]:
    return [Sentence.from_words(("New", "York", "wins"), tags=tags, source="g.conll:1")]


def test_evaluate_tagger_scores_anything_with_tag_tokens() -> None:
    scores = nertagger.evaluate_tagger(Fixed("B-LOC", "I-LOC", "B-PER"), gold("B-LOC", "I-LOC", "O"))
    assert scores.types == {"LOC": Counts(1, 1, 1), "PER": Counts(0, 1, 0)}
    assert (scores.tokens, scores.correct_tags) == (3, 2)


@pytest.mark.parametrize("tags", [("I-LOC", "I-LOC", "O"), ("B-LOC", "E-LOC", "O"), ("B-LOC", "L-LOC", "O")])
def test_accuracy_is_found_in_the_scheme_of_the_gold_tags(tags: tuple[str, ...]) -> None:
    scores = evaluate_tagger(Fixed("B-LOC", "I-LOC", "O"), gold(*tags))
    assert (scores.accuracy, scores.micro.f1) == (1.0, 1.0)


@pytest.mark.parametrize("tags", [("B-LOC", "I-LOC", "O"), ("B-LOC", "E-LOC", "O")])
def test_invalid_predicted_tags_are_counted_in_their_own_scheme(tags: tuple[str, ...]) -> None:
    assert evaluate_tagger(Fixed("O", "I-LOC", "O"), gold(*tags)).repaired == 1
    assert evaluate_tagger(Fixed("O", "B-LOC", "O"), gold(*tags)).repaired == 0


def test_sentences_may_come_from_a_generator() -> None:
    assert evaluate_tagger(Fixed("O", "O", "O"), (one for one in gold("B-LOC", "I-LOC", "O"))).micro.recall == 0


def test_gold_sentences_may_be_pairs_or_documents() -> None:
    [sentence] = gold("B-LOC", "I-LOC", "O")
    for one in ((sentence.words, sentence.tags), Document.from_sentence(sentence)):
        assert evaluate_tagger(Fixed("B-LOC", "I-LOC", "O"), [one]).micro.f1 == 1


@pytest.mark.parametrize(
    ("tagger", "sentences", "message"),
    [
        (Fixed("O", "O", "O"), [Sentence.from_words(("a",), source="g.conll:1")], "^g.conll:1, sentence 1: the gold"),
        (Fixed("O", "O"), gold("O", "O", "O"), "^g.conll:1, sentence 1: the gold has 3 tokens and the predictions"),
        (Fixed("O", "O", "x"), gold("O", "O", "O"), "sentence 1, token 3 of the predicted side: "),
        (Fixed("O"), [["a"]], "gold, sentence 1: got a list, expected a Sentence, or a pair of words and tags"),
        (Fixed("O"), [Document("a", ())], "^gold, document 1: got a text without sentences, expected tagged"),
        (Fixed("O"), "gold.conll", "got the text 'gold.conll', expected a list of sentences; nertagger.read"),
    ],
)
def test_wrong_arguments_are_errors_that_name_the_place(tagger: Fixed, sentences: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate_tagger(tagger, sentences)  # type: ignore[arg-type]


def test_tag_gold_measures_the_speed() -> None:
    tagged = tag_gold(Fixed("O", "O", "O"), gold("B-LOC", "I-LOC", "O") * 5)
    assert tagged.tokens_per_second == 15 / tagged.seconds
    assert tagged.confidences is None


class Confident:
    """Finds LOC in the first two words, with and without a confidence."""

    def tag_documents(self, documents: list[Document], /) -> list[Document]:
        tagged = Sentence.from_words(("New", "York", "wins"), tags=("B-LOC", "I-LOC", "B-PER"))
        entities = (Entity("LOC", 0, 8, "New York", 0.75), Entity("PER", 9, 13, "wins"))
        return [Document("New York wins", (tagged,), entities) for _ in documents]


def test_tag_gold_with_confidences_aligns_them_with_the_entities() -> None:
    [one] = tag_gold_with_confidences(Confident(), gold("B-LOC", "E-LOC", "O")).aligned()
    assert [
        (span.label, confidence) for span, confidence in zip(one.predicted, one.confidences or (), strict=True)
    ] == [
        ("LOC", 0.75),
        ("PER", 0.0),
    ]


def test_count_unknown_labels() -> None:
    assert count_unknown_labels(gold("B-LOC", "B-LOC", "B-PER"), ["PER"]) == {"LOC": 2}
