"""Matching of entities: against all possible matchings, against nervaluate, and mirrored."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate import Evaluator

from nertagger.evaluation.matching import STRATEGIES, MatchCounts, count_matches, match
from nertagger.text import Span


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Entities of a sentence of 12 tokens, in order, without overlaps."""
    edges = sorted(draw(st.sets(st.integers(0, 12), max_size=9)))
    return [Span(draw(st.sampled_from("XY")), a, b) for a, b in pairwise(edges) if draw(st.integers(0, 3))]


def overlap(one: Span, other: Span) -> bool:
    return bool({*range(one.first, one.stop)} & {*range(other.first, other.stop)})


def all_matchings(gold: list[Span], predicted: list[Span]) -> Iterator[list[tuple[Span, Span]]]:
    """Yield all ways to match overlapping entities in pairs."""
    if not gold:
        yield []
        return
    first, *rest = gold
    yield from all_matchings(rest, predicted)
    for partner in predicted:
        if overlap(first, partner):
            others = [span for span in predicted if span is not partner]
            yield from ([(first, partner), *pairs] for pairs in all_matchings(rest, others))


def worth(pairs: list[tuple[Span, Span]], *, types_first: bool) -> tuple[float, ...]:
    """Return what a matching is chosen by."""
    same = sum(g.label == p.label for g, p in pairs)
    tokens = [({*range(g.first, g.stop)}, {*range(p.first, p.stop)}) for g, p in pairs]
    overlaps = round(sum(len(one & other) / len(one | other) for one, other in tokens), 9)
    return (same, len(pairs), overlaps) if types_first else (len(pairs), same, overlaps)


@given(spans(), spans(), st.booleans())
def test_match_returns_the_best_of_all_matchings(gold: list[Span], predicted: list[Span], types_first: bool) -> None:
    pairs = [(gold[i], predicted[j]) for i, j in match(gold, predicted, types_first=types_first)]
    assert all(overlap(g, p) for g, p in pairs)
    assert len({id(g) for g, _ in pairs}) == len({id(p) for _, p in pairs}) == len(pairs)
    every = [worth(found, types_first=types_first) for found in all_matchings(gold, predicted)]
    assert worth(pairs, types_first=types_first) == max(every)


@given(spans(), st.lists(st.tuples(st.sampled_from("XY"), st.integers(0, 1), st.integers(1, 4)), max_size=6))
def test_match_of_predicted_entities_that_share_a_token(gold: list[Span], parts: list[tuple[str, int, int]]) -> None:
    """Predicted entities on the characters of one token share it."""
    predicted, first = [], 0
    for label, gap, length in parts:
        first = min(first + gap, 11)
        predicted.append(Span(label, first, min(first + length, 12)))
        first = predicted[-1].stop - 1
    pairs = [(gold[i], predicted[j]) for i, j in match(gold, predicted)]
    every = [worth(found, types_first=False) for found in all_matchings(gold, predicted)]
    assert worth(pairs, types_first=False) == max(every)


@given(spans(), spans())
def test_counts_are_those_of_the_best_matching(gold: list[Span], predicted: list[Span]) -> None:
    found = count_matches([gold], [predicted])
    pairs = max(all_matchings(gold, predicted), key=len)
    assert found["strict"].correct == len(set(gold) & set(predicted))
    assert found["exact"].correct == len({s[1:] for s in gold} & {s[1:] for s in predicted})
    assert found["partial"].partial == len(pairs) - found["exact"].correct
    for strategy in STRATEGIES:
        counts = found[strategy]
        assert counts.correct + counts.incorrect + counts.partial + counts.missed == len(gold)
        assert counts.correct + counts.incorrect + counts.partial + counts.spurious == len(predicted)


@given(st.lists(st.tuples(spans(), spans()), min_size=1, max_size=4))
def test_counts_do_not_depend_on_the_order(pairs: list[tuple[list[Span], list[Span]]]) -> None:
    """Mirrored sentences have the same counts."""

    def mirrored(found: list[Span]) -> list[Span]:
        return [Span(label, 12 - stop, 12 - first) for label, first, stop in reversed(found)]

    gold, predicted = zip(*pairs, strict=True)
    assert count_matches(gold, predicted) == count_matches(map(mirrored, gold), map(mirrored, predicted))


def as_objects(found: list[Span]) -> list[dict[str, object]]:
    return [{"label": label, "start": first, "end": stop - 1} for label, first, stop in found]


@given(st.lists(st.tuples(spans(), spans()), min_size=1, max_size=4))
def test_counts_equal_nervaluate_without_multiple_overlaps(
    pairs: list[tuple[list[Span], list[Span]]],
) -> None:
    single = [
        (gold, predicted)
        for gold, predicted in pairs
        if all(sum(overlap(one, p) for p in predicted) < 2 for one in gold)
        and all(sum(overlap(g, one) for g in gold) < 2 for one in predicted)
        and gold
    ]
    if not single:
        return
    gold, predicted = zip(*single, strict=True)
    theirs = Evaluator([*map(as_objects, gold)], [*map(as_objects, predicted)], tags=["X", "Y"], loader="dict")
    overall = theirs.evaluate()["overall"]
    for strategy, matches in count_matches(gold, predicted).items():
        expected = overall["ent_type" if strategy == "type" else strategy]
        assert matches.to_dict() == pytest.approx({name: getattr(expected, name) for name in matches.to_dict()})


def test_match_finds_a_pair_that_a_greedy_choice_would_miss() -> None:
    gold = [Span("X", 0, 3), Span("Y", 3, 5)]
    predicted = [Span("Y", 2, 4), Span("X", 4, 5)]
    assert match(gold, predicted) == [(0, 0), (1, 1)]
    assert match(gold, predicted, types_first=True) == [(1, 0)]
    assert count_matches([gold], [predicted]) == {
        "strict": MatchCounts(incorrect=2),
        "exact": MatchCounts(incorrect=2),
        "partial": MatchCounts(partial=2),
        "type": MatchCounts(correct=1, missed=1, spurious=1),
    }


def test_rates_of_matches() -> None:
    matches = MatchCounts(correct=2, incorrect=1, partial=2, missed=3, spurious=5)
    assert matches.rates == pytest.approx((3 / 10, 3 / 8, 6 / 18))
    assert MatchCounts().rates == (0.0, 0.0, 0.0)
