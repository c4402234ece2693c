"""Gold and predicted entities matched in pairs, and the scores of four matching strategies.

The strategies are those of SemEval-2013 task 9.1 (Segura-Bedmar et al.), as nervaluate implements them: *strict*
requires the same boundaries and type, *exact* the same boundaries, *type* an overlap and the same type, *partial* an
overlap, which counts half if the boundaries differ, as those of a `PartialSpan` always do. Pairs are chosen so that as
many as possible are correct, whatever the order of the entities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import add
from typing import Any

from nertagger.evaluation.aligned import GoldSpans, PredictedSpan, PredictedSpans
from nertagger.evaluation.scores import Rates, ratio
from nertagger.text.document import Span

Pair = tuple[int, int]
STRATEGIES = ("strict", "exact", "partial", "type")


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """The numbers of matched and unmatched entities under one strategy.

    Attributes:
        correct: pairs that match.
        incorrect: pairs that overlap but do not match.
        partial: pairs that count half.
        missed: gold entities without a partner.
        spurious: predicted entities without a partner.
    """

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def rates(self) -> Rates:
        """Precision, recall and F1; a partial pair counts half."""
        pairs = self.correct + self.incorrect + self.partial
        right = self.correct + self.partial / 2
        found, gold = pairs + self.spurious, pairs + self.missed
        return Rates(ratio(right, found), ratio(right, gold), ratio(2 * right, found + gold))

    def to_dict(self) -> dict[str, Any]:
        """Return the counts and rates."""
        counts = {name: getattr(self, name) for name in ("correct", "incorrect", "partial", "missed", "spurious")}
        return {**self.rates._asdict(), **counts}


def count_matches(gold: Iterable[GoldSpans], predicted: Iterable[PredictedSpans]) -> dict[str, MatchCounts]:
    """Return the counts of each of `STRATEGIES` over all sentences.

    >>> count_matches([[Span("PER", 0, 2)]], [[Span("PER", 0, 1)]])["partial"]
    MatchCounts(correct=0, incorrect=0, partial=1, missed=0, spurious=0)
    """
    counts: dict[str, Counter[str]] = {strategy: Counter() for strategy in STRATEGIES}
    for one, other in zip(gold, predicted, strict=True):
        by_number, by_type = match(one, other), match(one, other, types_first=True)
        for strategy in STRATEGIES:
            pairs = by_type if strategy == "type" else by_number
            counts[strategy].update(_match_kind(strategy, one[i], other[j]) for i, j in pairs)
            counts[strategy]["missed"] += len(one) - len(pairs)
            counts[strategy]["spurious"] += len(other) - len(pairs)
    return {strategy: MatchCounts(**found) for strategy, found in counts.items()}


def match(gold: GoldSpans, predicted: PredictedSpans, *, types_first: bool = False) -> list[Pair]:
    """Return pairs of overlapping entities of a sentence, as indices, each entity in at most one pair.

    The number of pairs is the largest possible; ties are broken by the number of pairs of the same type, then by the
    overlap. With `types_first` the number of pairs of the same type comes first, then the number of pairs.

    Args:
        gold: the gold entities of one sentence, in order, without overlaps.
        predicted: likewise.
        types_first: whether pairs of the same type come first.
    """
    pairs = list(_overlapping(gold, predicted))
    if len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs):
        return pairs
    return _best(pairs, gold, predicted, types_first=types_first)


def _best(pairs: list[Pair], gold: GoldSpans, predicted: PredictedSpans, *, types_first: bool) -> list[Pair]:
    """Return the best matching by dynamic programming over the pairs.

    Entities that are in order and share at most a token have pairs in which neither index ever falls, so that a pair
    excludes only those of its gold or predicted entity right before and after it.
    """
    totals: list[tuple[float, ...]] = [(0.0, 0.0, 0.0)]  # of the best matching within the first k pairs
    allowed: list[int] = []  # how many pairs come before all that share an entity with a pair
    rows: dict[int, int] = {}
    columns: dict[int, int] = {}
    for k, (i, j) in enumerate(pairs):
        allowed.append(min(rows.setdefault(i, k), columns.setdefault(j, k)))
        same = float(gold[i].label == predicted[j].label)
        gains = (*((same, 1.0) if types_first else (1.0, same)), _jaccard(gold[i], predicted[j]))
        totals.append(max(totals[k], tuple(map(add, totals[allowed[k]], gains))))
    chosen: list[Pair] = []
    k = len(pairs)
    while k:
        is_chosen = totals[k] != totals[k - 1]
        chosen += pairs[k - 1 : k] if is_chosen else []
        k = allowed[k - 1] if is_chosen else k - 1
    return chosen[::-1]


def _overlapping(gold: GoldSpans, predicted: PredictedSpans) -> Iterator[Pair]:
    """Yield every pair that shares a token, in order."""
    start = 0
    for i, one in enumerate(gold):
        while start < len(predicted) and predicted[start].stop <= one.first:
            start += 1
        for j in range(start, len(predicted)):
            if predicted[j].first >= one.stop:
                break
            yield i, j


def _jaccard(one: Span, other: PredictedSpan) -> float:
    """Return the Jaccard index of the tokens of two overlapping spans."""
    shared = min(one.stop, other.stop) - max(one.first, other.first)
    return shared / (max(one.stop, other.stop) - min(one.first, other.first))


def _match_kind(strategy: str, gold: Span, predicted: PredictedSpan) -> str:
    same_type, same_boundaries = gold.label == predicted.label, gold[1:] == predicted[1:]
    if strategy == "partial":
        return "correct" if same_boundaries else "partial"
    right = {"strict": same_type and same_boundaries, "exact": same_boundaries, "type": same_type}[strategy]
    return "correct" if right else "incorrect"
