"""The confusion of labels and the outcomes of entities, by hand and by their sums."""

from __future__ import annotations

from nertagger.evaluation.confusion import NOTHING, Outcome, count_confusion, outcomes_of
from nertagger.text import Span

GOLD = [
    [Span("PER", 0, 2), Span("LOC", 3, 4), Span("ORG", 5, 8), Span("ORG", 9, 10), Span("PER", 11, 12)],
    [],
]
PREDICTED = [
    [Span("PER", 0, 2), Span("ORG", 3, 4), Span("ORG", 5, 7), Span("LOC", 9, 11)],
    [Span("LOC", 0, 1)],
]


def test_outcomes_of_a_sentence() -> None:
    assert [outcome for _, _, outcome in outcomes_of(GOLD[0], PREDICTED[0])] == [
        Outcome.CORRECT, Outcome.WRONG_TYPE, Outcome.WRONG_BOUNDARY, Outcome.WRONG_BOTH, Outcome.MISSED
    ]  # fmt: skip


def test_confusion_by_hand() -> None:
    confusion = count_confusion(GOLD, PREDICTED)
    assert confusion.pairs == {
        ("PER", "PER"): 1, ("LOC", "ORG"): 1, ("ORG", "ORG"): 1, ("ORG", "LOC"): 1,
        ("PER", NOTHING): 1, (NOTHING, "LOC"): 1,
    }  # fmt: skip
    assert confusion.outcomes["LOC"] == {Outcome.WRONG_TYPE: 1, Outcome.SPURIOUS: 1}
    assert confusion.labels == ["LOC", "ORG", "PER", NOTHING]
    frame = confusion.to_frame()
    assert frame.loc["PER", NOTHING] == 1
    assert frame.loc[[label for label in frame.index if label != NOTHING]].to_numpy().sum() == 5
    assert frame[[label for label in frame.columns if label != NOTHING]].to_numpy().sum() == 5
    assert confusion.to_dict()["pairs"]["ORG"] == {"LOC": 1, "ORG": 1}
    assert confusion.to_dict()["outcomes"]["PER"] == {"correct": 1, "missed": 1}


def test_confusion_without_sentences() -> None:
    assert count_confusion([], []).labels == [NOTHING]
