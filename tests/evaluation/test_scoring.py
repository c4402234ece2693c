"""Scores against recorded conlleval output, against seqeval, and by hand."""

from __future__ import annotations

import random
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import accuracy_score, classification_report

from nertagger.errors import DataError
from nertagger.evaluation import evaluate
from nertagger.text import Sentence

RATES = ("precision", "recall", "f1")


def rounded(rate: float) -> float:
    return float(f"{100 * rate:.2f}")


def test_scores_equal_conlleval_to_the_second_decimal(conlleval_cases: list[dict[str, Any]]) -> None:
    assert len(conlleval_cases) == 24
    for case in conlleval_cases:
        scores, expected = evaluate(case["gold"], case["predicted"]), case["expected"]
        counts = {name: getattr(scores, name) for name in ("tokens", "gold", "found", "correct")}
        assert counts == {name: expected[name] for name in counts}
        assert rounded(scores.accuracy) == expected["accuracy"]
        assert [rounded(rate) for rate in scores.micro] == [expected["p"], expected["r"], expected["f1"]]
        for label, line in expected["types"].items():
            counts = scores.types[label]
            assert [rounded(rate) for rate in counts.rates] == [line["p"], line["r"], line["f1"]], label
            assert counts.found == line["found"]


TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]
PAIRS = st.lists(
    st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), min_size=1, max_size=12), min_size=1, max_size=5
)


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_scores_equal_seqeval_in_its_default_mode(pairs: list[list[tuple[str, str]]]) -> None:
    gold = [[g for g, _ in sentence] for sentence in pairs]
    predicted = [[p for _, p in sentence] for sentence in pairs]
    scores = evaluate(gold, predicted).to_dict()
    assert scores["accuracy"] == pytest.approx(accuracy_score(gold, predicted))
    if not scores["types"]:
        return  # seqeval cannot report without entities
    report = classification_report(gold, predicted, output_dict=True, zero_division=0)
    ours = {**{f"{name} avg": scores[name] for name in ("micro", "macro", "weighted")}, **scores["types"]}
    assert ours.keys() == report.keys()
    for name, line in report.items():
        assert [ours[name][key] for key in RATES] == pytest.approx(
            [line[k] for k in ("precision", "recall", "f1-score")]
        )
        if name in scores["types"]:
            assert ours[name]["support"] == line["support"]


def test_scores_by_hand() -> None:
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "O"], ["O", "B-ORG"]]
    predicted = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "I-LOC"], ["B-MISC", "O"]]
    scores = evaluate(gold, predicted).to_dict()
    assert {k: scores[k] for k in ("tokens", "gold", "found", "correct", "repaired")} == {
        "tokens": 8,
        "gold": 4,
        "found": 4,
        "correct": 2,
        "repaired": 0,
    }
    assert scores["accuracy"] == 5 / 8
    assert scores["micro"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    # PER 1, LOC 1/2, ORG 0, MISC 0: MISC is only predicted, has no support, and still counts in the macro average.
    assert scores["macro"]["f1"] == pytest.approx((1 + 0.5 + 0 + 0) / 4)
    assert scores["weighted"]["f1"] == pytest.approx((1 * 1 + 2 * 0.5 + 1 * 0) / 4)
    assert list(scores["types"]) == ["LOC", "MISC", "ORG", "PER"]
    assert scores["types"]["MISC"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0, "found": 1}


def test_entities_end_with_their_sentence() -> None:
    together = evaluate([["B-PER", "I-PER"]], [["B-PER", "I-PER"]])
    apart = evaluate([["B-PER"], ["I-PER"]], [["B-PER"], ["I-PER"]])
    assert (together.gold, apart.gold, apart.correct) == (1, 2, 2)


def test_schemes_may_differ() -> None:
    scores = evaluate([["I-PER", "I-PER", "O", "I-LOC", "B-LOC"]], [["B-PER", "E-PER", "O", "S-LOC", "S-LOC"]])
    assert scores.micro.f1 == 1.0
    assert scores.accuracy == pytest.approx(1 / 5)  # the tags as written, as conlleval counts them


@pytest.mark.parametrize(
    ("gold", "predicted", "repaired"),
    [
        ("B-PER I-PER O", "B-PER I-PER O", 0),
        ("O B-PER O", "O I-PER O", 1),
        ("O B-PER O B-LOC O", "O I-PER O B-LOC O", 1),
        ("O B-PER I-PER", "O B-LOC I-PER", 1),
        ("O B-PER O B-PER O B-PER", "O I-PER O I-PER O B-PER", 2),
        ("O I-PER B-PER", "O I-PER B-PER", 0),
        ("O I-PER O", "O B-PER O", 0),
        ("S-PER O B-LOC E-LOC", "S-PER O B-LOC I-LOC", 1),
        ("S-PER O B-LOC E-LOC", "B-PER O B-LOC E-LOC", 1),
        ("O O O", "O O O", 0),
    ],
)
def test_repaired_tags_are_counted(gold: str, predicted: str, repaired: int) -> None:
    assert evaluate([gold.split()], [predicted.split()]).repaired == repaired


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [([], []), ([[]], [[]]), ([["O", "O"]], [["O", "O"]]), ([["O"]], [["B-X"]]), ([["B-X"]], [["O"]])],
)
def test_rates_with_a_zero_denominator_are_zero(gold: list[list[str]], predicted: list[list[str]]) -> None:
    scores = evaluate(gold, predicted)
    assert scores.micro == scores.macro == scores.weighted == (0.0, 0.0, 0.0)


def sentence(text: str, *, source: str = "", tagged: bool = True) -> Sentence:
    words = tuple(text.split())
    return Sentence.from_words(words, tags=("O",) * len(words) if tagged else None, source=source)


def test_sentences_with_tags_are_accepted() -> None:
    gold = Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O"))
    assert evaluate([gold], [gold]).correct == 1
    assert evaluate([gold], [["B-PER", "O"]]).correct == 1


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        ([["O"], ["O", "O"]], [["O"], ["O"]], r"^sentence 2: the gold has 2 tokens and the predictions have 1, "),
        (
            [["O"], ["O"]],
            [["O"]],
            r"^sentence 2: got 2 gold and 1 predicted sentences, .*the predicted side ends before this one",
        ),
        (
            [["O"]],
            [["O"], ["O"]],
            r"^sentence 2: got 1 gold and 2 predicted sentences, .*the gold side ends before this one",
        ),
        ([["O", "B-PER"]], [["O", "PER"]], r"^sentence 1, token 2 of the predicted side: got the tag 'PER', expected"),
        ([["O", ""]], [["O", "O"]], r"^sentence 1, token 2 of the gold side: got the tag ''"),
        (
            [sentence("A dog", source="g.conll:1"), sentence("A b c", source="g.conll:4")],
            [sentence("A dog", source="p.conll:1"), sentence("A x c", source="p.conll:5")],
            r"^g.conll:4 and p.conll:5, sentence 2: word 2 is 'b' in the gold and 'x' in the predictions, expected",
        ),
        (
            [sentence("A b", source="g:1")],
            [sentence("A", source="p:1")],
            r"^g:1 and p:1, sentence 1: the gold has 2 tokens",
        ),
        ([sentence("A", source="g:1", tagged=False)], [["O"]], r"^g:1, sentence 1: the gold sentence has no tags"),
    ],
)
def test_sides_that_do_not_align_are_an_error_naming_the_place(gold: Any, predicted: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate(gold, predicted)


@pytest.mark.parametrize(("gold", "predicted", "message"), [
    (["O", "O"], ["O", "O"], "sentence 1 of the gold side: got the text 'O', expected a list of tags"),
    ([["O"]], ["B-PER"], "sentence 1 of the predicted side: got the text 'B-PER', expected a list of tags"),
    ([["O"]], [["O", "O"], "O"], "sentence 2 of the predicted side: got the text 'O'"),
    ("gold.conll", [["O"]], "the gold side: got the text 'gold.conll', expected a list of sentences"),
    (None, [["O"]], "the gold side: got None"),
    ([["O"]], iter([["O"]]), "the predicted side: got a list_iterator"),
    ([["O", None]], [["O", "O"]], "sentence 1 of the gold side, tag 2: got None, expected a string"),
    ([["O"]], [[float("nan")]], "sentence 1 of the predicted side, tag 1: got nan"),
    ([["O"]], [[0]], "sentence 1 of the predicted side, tag 1: got 0"),
    ([["O"]], [[b"O"]], "sentence 1 of the predicted side, tag 1: got the bytes b'O'"),
])  # fmt: skip
def test_other_values_than_lists_of_sentences_are_errors(gold: Any, predicted: Any, message: str) -> None:
    with pytest.raises(DataError) as raised:
        evaluate(gold, predicted)
    assert str(raised.value).startswith(message)


def test_a_hundred_thousand_tokens_take_less_than_a_second() -> None:
    rng = random.Random(1)
    gold = [rng.choices(TAGS, weights=[80, 5, 5, 3, 2, 3, 2], k=25) for _ in range(4000)]
    predicted = [rng.choices(TAGS, weights=[80, 5, 5, 3, 2, 3, 2], k=25) for _ in range(4000)]
    start = time.process_time()
    evaluate(gold, predicted)
    assert time.process_time() - start < 1.0


def test_numpy_arrays_of_tags_are_accepted() -> None:
    tags = [np.array(["B-PER", "O"])]
    assert evaluate(tags, tags).correct == 1
