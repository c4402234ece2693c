"""How well annotators agree: F1 of their entities, and Cohen's kappa of their tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Decision
from nertagger.evaluation.scores import ratio
from nertagger.evaluation.scoring import count_by_type
from nertagger.text.document import Span
from nertagger.text.schemes import OUTSIDE

Answers = Mapping[int, Decision]
"""The answers of an annotator by sentence."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of two annotators on the sentences that both have answered.

    Attributes:
        annotators: their names.
        sentences: how many both have answered.
        differ: the sentences that they have answered differently.
        f1: of the entities of one against those of the other, a fraction of one, the same both ways.
        kappa: Cohen's kappa of the labels of all tokens (Cohen, 1960); 1 if all are equal.
    """

    annotators: tuple[str, str]
    sentences: int
    differ: list[int]
    f1: float
    kappa: float


def agreements(project: Project) -> list[Agreement]:
    """Return the agreement of every two annotators who have answered the same sentences."""
    answers: dict[str, dict[int, Decision]] = {}
    for decision in project.decisions.current():
        if decision.kind == "answer":
            answers.setdefault(decision.annotator, {})[decision.sentence] = decision
    lengths = {one.number: len(one.tokens) for one in project.texts.several(_shared(answers.values()))}
    pairs = combinations(sorted(answers), 2)
    found = [_agreement((a, b), answers[a], answers[b], lengths) for a, b in pairs]
    return [one for one in found if one.sentences]


def _shared(answers: Iterable[Answers]) -> list[int]:
    counts = Counter(sentence for one in answers for sentence in one)
    return [sentence for sentence, count in counts.items() if count > 1]


def _agreement(names: tuple[str, str], a: Answers, b: Answers, lengths: Mapping[int, int]) -> Agreement:
    both = sorted(a.keys() & b.keys())
    first, second = [a[n].spans for n in both], [b[n].spans for n in both]
    counts = count_by_type(first, second).values()
    found = sum(one.gold + one.found for one in counts)
    f1 = ratio(2 * sum(one.correct for one in counts), found) if found else 1.0
    pairs = Counter(
        pair
        for number, spans, others in zip(both, first, second, strict=True)
        for pair in zip(_labels(spans, lengths[number]), _labels(others, lengths[number]), strict=True)
    )
    differ = [n for n, spans, others in zip(both, first, second, strict=True) if spans != others]
    return Agreement(names, len(both), differ, f1, cohens_kappa(pairs))


def _labels(spans: Sequence[Span], length: int) -> list[str]:
    labels = [OUTSIDE] * length
    for label, first, stop in spans:
        labels[first:stop] = [label] * (stop - first)
    return labels


def cohens_kappa(pairs: Mapping[tuple[str, str], int]) -> float:
    """Return Cohen's kappa from the counts of each pair of categories.

    >>> round(cohens_kappa({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}), 2)
    0.4
    """
    total = sum(pairs.values())
    sides: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for pair, count in pairs.items():
        for side, category in zip(sides, pair, strict=True):
            side[category] += count
    observed = ratio(sum(count for (one, other), count in pairs.items() if one == other), total)
    expected = ratio(sum(count * sides[1][category] for category, count in sides[0].items()), total * total)
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0
