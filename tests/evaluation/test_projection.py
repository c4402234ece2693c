"""Projection of entities onto gold tokens, against an oracle that compares characters only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.evaluation.aligned import PartialSpan, character_range, span_text
from nertagger.evaluation.confusion import Outcome, count_confusion
from nertagger.evaluation.matching import count_matches
from nertagger.evaluation.projection import project, same_texts, score_aligned
from nertagger.text import Document, Entity, Sentence, Span
from nertagger.text.schemes import write_tags

TEXT = "do n't ask Ann-Marie Li . Bye Bo"
FIRST = ("O", "O", "O", "B-PER", "I-PER", "O")
GOLD = [
    Document(
        TEXT,
        (
            Sentence(("do", "n't", "ask", "Ann-Marie", "Li", "."), (0, 3, 7, 11, 21, 24), FIRST, "g:1"),
            Sentence(("Bye", "Bo"), (26, 30), ("O", "B-PER"), "g:8"),
        ),
    )
]


def found(*entities: tuple[str, int, int, float | None]) -> list[Document]:
    return [Document(TEXT, (), tuple(Entity(label, a, b, TEXT[a:b], p) for label, a, b, p in entities))]


def test_project() -> None:
    one, other = project(GOLD, found(("PER", 11, 23, 0.75), ("PER", 30, 32, 0.5)))
    assert (one.gold, one.predicted, one.confidences) == ([Span("PER", 3, 5)], [Span("PER", 3, 5)], (0.75,))
    assert (other.gold, other.predicted, other.confidences) == ([Span("PER", 1, 2)], [Span("PER", 1, 2)], (0.5,))
    assert [one.source, other.source] == ["g:1", "g:8"]
    assert score_aligned([one, other]).micro.f1 == score_aligned([one, other]).accuracy == 1.0


@pytest.mark.parametrize(("entities", "first", "second", "correct_tags"), [
    ([("A", 11, 14)], [PartialSpan("A", 3, 4, 0, 6)], [], 5),
    ([("A", 11, 14), ("B", 15, 23)], [PartialSpan("A", 3, 4, 0, 6), PartialSpan("B", 3, 5, 4, 0)], [], 5),
    # each of three entities inside one token is wrong by itself
    ([("A", 11, 13), ("B", 14, 16), ("C", 17, 20)],
     [PartialSpan("A", 3, 4, 0, 7), PartialSpan("B", 3, 4, 3, 4), PartialSpan("C", 3, 4, 6, 0)], [], 5),
    ([("PER", 11, 22)], [PartialSpan("PER", 3, 5, 0, 1)], [], 6),
    ([("PER", 12, 23)], [PartialSpan("PER", 3, 5, 1, 0)], [], 6),
    ([("PER", 11, 24)], [PartialSpan("PER", 3, 5, 0, 0)], [], 7),  # with the space after it
    ([("A", 10, 11)], [PartialSpan("A", 3, 3)], [], 5),  # only a space
    ([("PER", 21, 29)], [PartialSpan("PER", 4, 6, 0, 0)], [], 4),  # across the sentence end: one entity, not two
    ([("PER", 24, 32)], [], [PartialSpan("PER", 0, 2, 0, 0)], 4),  # of the sentence where it overlaps a gold entity
])  # fmt: skip
def test_entities_that_are_not_whole_tokens_are_partial(caplog, entities, first, second, correct_tags: int) -> None:
    one, other = project(GOLD, found(*((*entity, 0.5) for entity in entities)))
    assert (one.predicted, other.predicted) == (first, second)
    assert [len(one.confidences or ()), len(other.confidences or ())] == [len(first), len(second)]
    scores = score_aligned([one, other])
    assert (scores.found, scores.correct, scores.correct_tags) == (len(entities), 0, correct_tags)
    assert caplog.messages == [
        f"{len(entities)} predicted entities do not begin and end with tokens of the gold sentences"
    ]


def test_project_without_confidences() -> None:
    assert [one.confidences for one in project(GOLD, found(("A", 30, 32, None)))] == [(), None]
    assert [one.confidences for one in project(GOLD, found())] == [(), ()]


def test_an_entity_in_a_text_without_tokens_is_counted() -> None:
    aligned = project([Document("  ", ())], [Document("  ", (), (Entity("A", 0, 1, " "),))])
    assert (score_aligned(aligned).found, score_aligned(aligned).correct) == (1, 0)
    assert project([Document("", ())], [Document("", ())]) == []


def test_same_texts() -> None:
    assert same_texts(GOLD, found())
    assert not same_texts(GOLD, [])
    assert not same_texts(GOLD, [Document("x", ())])


def test_span_text() -> None:
    words = GOLD[0].sentences[0].words
    assert span_text(words, Span("PER", 3, 5)) == "Ann-Marie Li"
    assert span_text(words, PartialSpan("PER", 3, 4, 4, 1)) == "Mari"
    assert span_text(words, PartialSpan("PER", 3, 3)) == ""
    assert character_range(words, PartialSpan("PER", 3, 5, 4, 0)) == (15, 23)


Place = tuple[str, int, int]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Sentence, str, list[Place], list[Place]]:
    """Return a sentence with gold entities, and predicted entities at any characters of its text."""
    words = draw(st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=6))
    gaps = draw(st.lists(st.sampled_from(["", " "]), min_size=len(words), max_size=len(words)))
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    starts = [sum(len(words[i]) + len(gaps[i]) for i in range(n)) for n in range(len(words))]
    spans = _ranges(draw, len(words))
    tags = write_tags([Span(*span) for span in spans], len(words))
    gold = [(label, starts[first], starts[stop - 1] + len(words[stop - 1])) for label, first, stop in spans]
    return Sentence(tuple(words), tuple(starts), tuple(tags)), text, gold, _ranges(draw, len(text))


def _ranges(draw: st.DrawFn, length: int) -> list[Place]:
    ends = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    return [(draw(st.sampled_from("XY")), a, b) for a, b in pairwise(ends) if draw(st.booleans())]


@given(cases())
def test_counts_equal_those_of_characters(case: tuple[Sentence, str, list[Place], list[Place]]) -> None:
    sentence, text, gold, predicted = case
    entities = tuple(Entity(label, a, b, text[a:b]) for label, a, b in predicted)
    aligned = project([Document(text, (sentence,))], [Document(text, (), entities)])
    scores = score_aligned(aligned)
    assert (scores.gold, scores.found) == (len(gold), len(predicted))
    assert scores.correct == len(set(gold) & set(predicted))
    tokens = [range(token.start, token.end) for token in sentence.tokens]
    assert scores.correct_tags == sum(_tag(gold, tokens, n) == _tag(predicted, tokens, n) for n in range(len(tokens)))
    matches = count_matches([one.gold for one in aligned], [one.predicted for one in aligned])
    matchings = list(_matchings(gold, predicted))
    pairs = max(pairs for pairs, _ in matchings)
    same, with_same = max((same, pairs) for pairs, same in matchings)
    places = len({one[1:] for one in gold} & {one[1:] for one in predicted})
    assert (matches["strict"].correct, matches["strict"].incorrect) == (scores.correct, pairs - scores.correct)
    assert (matches["exact"].correct, matches["exact"].incorrect) == (places, pairs - places)
    assert (matches["partial"].correct, matches["partial"].partial) == (places, pairs - places)
    assert (matches["type"].correct, matches["type"].incorrect) == (same, with_same - same)
    for strategy, found in matches.items():
        paired = with_same if strategy == "type" else pairs
        assert (found.missed, found.spurious) == (len(gold) - paired, len(predicted) - paired)
    outcomes = count_confusion([one.gold for one in aligned], [one.predicted for one in aligned]).outcomes.values()
    assert sum(one.get(Outcome.CORRECT, 0) for one in outcomes) == scores.correct


def _tag(places: Sequence[Place], tokens: Sequence[range], number: int) -> str:
    """Return the IOB2 tag of a token, or a value unequal to all tags if its characters are not all of one entity."""
    holders = {next((p for p in places if p[1] <= i < p[2]), None) for i in tokens[number]}
    if len(holders) > 1:
        return "in part"
    (holder,) = holders
    if holder is None:
        return "O"
    begun = any(holder[1] <= i < holder[2] for token in tokens[:number] for i in token)
    return f"{'I' if begun else 'B'}-{holder[0]}"


def _matchings(gold: Sequence[Place], predicted: Sequence[Place]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of pairs, and of those of the same label, of each way to match overlapping entities."""
    if not gold:
        yield 0, 0
        return
    (label, a, b), *rest = gold
    yield from _matchings(rest, predicted)
    for i, (other, c, d) in enumerate(predicted):
        if a < d and c < b:
            for pairs, same in _matchings(rest, [*predicted[:i], *predicted[i + 1 :]]):
                yield pairs + 1, same + (label == other)
