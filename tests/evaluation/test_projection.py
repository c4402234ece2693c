"""Entities of another tokenizer on the gold tokens."""

from __future__ import annotations

import pytest

from nertagger.evaluation.projection import project, same_texts
from nertagger.text import Document, Entity, Sentence

TEXT = "do n't ask Ann-Marie Li . Bye Bo"
GOLD = [
    Document(
        TEXT,
        (
            Sentence(("do", "n't", "ask", "Ann-Marie", "Li", "."), (0, 3, 7, 11, 21, 24), ("O",) * 6, "g:1"),
            Sentence(("Bye", "Bo"), (26, 30), ("O", "O"), "g:8"),
        ),
    )
]


def found(*entities: tuple[str, int, int, float | None]) -> list[Document]:
    return [Document(TEXT, (), tuple(Entity(label, a, b, TEXT[a:b], sure) for label, a, b, sure in entities))]


def test_project() -> None:
    sentences, confidences = project(GOLD, found(("PER", 11, 23, 0.75), ("PER", 30, 32, 0.5)))
    assert [sentence.tags for sentence in sentences] == [("O", "O", "O", "B-PER", "I-PER", "O"), ("O", "B-PER")]
    assert [sentence.source for sentence in sentences] == ["g:1", "g:8"]
    assert confidences == [[0.75], [0.5]]


@pytest.mark.parametrize(("entities", "tags", "misfits"), [
    ([("A", 11, 14, 0.1)], ("B-A", "O", "O", "O", "O"), 1),
    ([("A", 11, 14, 0.1), ("B", 15, 23, 0.2)], ("B-A", "O", "O", "O", "O"), 2),
    ([("A", 21, 29, 0.1)], ("O", "B-A", "I-A", "B-A", "O"), 2),
    ([("A", 10, 11, 0.1)], ("O", "O", "O", "O", "O"), 0),
])  # fmt: skip
def test_project_counts_what_does_not_fit(caplog, entities, tags: tuple[str, ...], misfits: int) -> None:
    sentences, confidences = project(GOLD, found(*entities))
    assert tuple(tag for sentence in sentences for tag in sentence.tags or ())[3:] == tags
    assert sum(map(len, confidences or [])) == sum(tag.startswith("B") for tag in tags)
    expected = f"{misfits} predicted entities do not begin and end with tokens of the gold sentences"
    assert caplog.messages == ([expected] if misfits else [])


def test_project_without_confidences() -> None:
    assert project(GOLD, found(("A", 30, 32, None)))[1] is None
    assert project(GOLD, found())[1] == [[], []]


def test_same_texts() -> None:
    assert same_texts(GOLD, found())
    assert not same_texts(GOLD, [])
    assert not same_texts(GOLD, [Document("x", ())])
