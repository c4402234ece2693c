"""Gold and predicted entities put together in pairs, and the scores of four ways to judge a pair.

The ways are those of SemEval-2013 task 9.1 (Segura-Bedmar et al.), as nervaluate has them: *strict* wants boundaries
and type, *exact* boundaries, *type* an overlap and the type, *partial* an overlap, which counts half where the
boundaries differ, as those of a `Part` always do. Pairs are chosen so that the most are right (the Hungarian method);
no order of entities matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nertagger.evaluation.parts import Found, Spans, Wanted
from nertagger.evaluation.scores import Rates, ratio
from nertagger.text.document import Span

Pair = tuple[int, int]
WAYS = ("strict", "exact", "partial", "type")


@dataclass(frozen=True, slots=True)
class Matches:
    """How the entities of both sides were judged.

    Attributes:
        correct: pairs that are as they should be.
        incorrect: pairs that overlap and are not.
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
        """Precision, recall and F1, a partial pair counting half."""
        pairs = self.correct + self.incorrect + self.partial
        right = self.correct + self.partial / 2
        found, gold = pairs + self.spurious, pairs + self.missed
        return Rates(ratio(right, found), ratio(right, gold), ratio(2 * right, found + gold))

    def to_dict(self) -> dict[str, Any]:
        """The counts and rates."""
        counts = {name: getattr(self, name) for name in ("correct", "incorrect", "partial", "missed", "spurious")}
        return {**self.rates._asdict(), **counts}


def judge(gold: Iterable[Wanted], predicted: Iterable[Spans]) -> dict[str, Matches]:
    """The counts of each of `WAYS`, over all sentences.

    >>> judge([[Span("PER", 0, 2)]], [[Span("PER", 0, 1)]])["partial"]
    Matches(correct=0, incorrect=0, partial=1, missed=0, spurious=0)
    """
    counts: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
    for one, other in zip(gold, predicted, strict=True):
        by_number, by_type = match(one, other), match(one, other, types_first=True)
        for way in WAYS:
            pairs = by_type if way == "type" else by_number
            counts[way].update(_verdict(way, one[i], other[j]) for i, j in pairs)
            counts[way]["missed"] += len(one) - len(pairs)
            counts[way]["spurious"] += len(other) - len(pairs)
    return {way: Matches(**found) for way, found in counts.items()}


def match(gold: Wanted, predicted: Spans, *, types_first: bool = False) -> list[Pair]:
    """Pairs of overlapping entities of a sentence, as indices, each entity in at most one.

    There are as many pairs as there can be; of such choices the one with the most pairs of one type, then of the
    largest overlap. With `types_first` there are as many pairs of one type as there can be, then as many pairs.

    Args:
        gold: of one sentence, in order and apart.
        predicted: likewise.
        types_first: which of the two is asked first.
    """
    pairs = list(_overlapping(gold, predicted))
    if len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs):
        return pairs
    return _best(pairs, gold, predicted, types_first=types_first)


def _best(pairs: list[Pair], gold: Wanted, predicted: Spans, *, types_first: bool) -> list[Pair]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment  # not at the top: most sentences do without

    weights = np.zeros((len(gold), len(predicted)))
    scale = min(weights.shape) + 1.0  # above any sum of what counts less
    for i, j in pairs:
        same = gold[i].label == predicted[j].label
        first, second = (same, True) if types_first else (True, same)
        weights[i, j] = scale**2 * first + scale * second + _jaccard(gold[i], predicted[j])
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if weights[i, j] > 0]


def _overlapping(gold: Wanted, predicted: Spans) -> Iterator[Pair]:
    """Every pair that shares a token, in order."""
    start = 0
    for i, one in enumerate(gold):
        while start < len(predicted) and predicted[start].stop <= one.first:
            start += 1
        for j in range(start, len(predicted)):
            if predicted[j].first >= one.stop:
                break
            yield i, j


def _jaccard(one: Span, other: Found) -> float:
    """The tokens that two overlapping spans share, as a fraction of all that they have."""
    shared = min(one.stop, other.stop) - max(one.first, other.first)
    return shared / (max(one.stop, other.stop) - min(one.first, other.first))


def _verdict(way: str, gold: Span, predicted: Found) -> str:
    same_type, same_place = gold.label == predicted.label, gold[1:] == predicted[1:]
    if way == "partial":
        return "correct" if same_place else "partial"
    right = {"strict": same_type and same_place, "exact": same_place, "type": same_type}[way]
    return "correct" if right else "incorrect"
