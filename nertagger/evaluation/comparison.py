"""Two outputs for the same sentences: which is better, how sure that is, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nertagger.errors import DataError
from nertagger.evaluation.aligned import Judged
from nertagger.evaluation.parts import surface
from nertagger.evaluation.resampling import Difference, count_sentences, differences, f1_of
from nertagger.printable import printable
from nertagger.tables import percent, ruled
from nertagger.text.document import Span


class Advantage(NamedTuple):
    """A gold entity that one output has and the other has not.

    Attributes:
        source: ``file:line`` of the sentence.
        label: of the entity.
        text: its words.
        instead: what the other output has at these words.
    """

    source: str
    label: str
    text: str
    instead: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A and B against the same gold.

    Attributes:
        f1: F1 of A and of B, fractions of one, by type and last ``micro``.
        differences: of A less B, by the same.
        only_a: what A gets right and B does not, in the order of the sentences.
        only_b: the reverse.
    """

    f1: dict[str, tuple[float, float]]
    differences: dict[str, Difference]
    only_a: list[Advantage]
    only_b: list[Advantage]

    def to_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        rows = {
            label: {
                "f1_a": self.f1[label][0],
                "f1_b": self.f1[label][1],
                "difference": found.value,
                "interval": found.interval._asdict(),
                "p_randomisation": found.p_randomisation,
                "p_bootstrap": found.p_bootstrap,
                "p_holm": found.p_holm,
            }
            for label, found in self.differences.items()
        }
        return {
            "types": rows,
            "only_a": [one._asdict() for one in self.only_a],
            "only_b": [one._asdict() for one in self.only_b],
        }

    def report(self, *, examples: int = 10) -> str:
        """A table and the first `examples` entities of either side, for people; rates are percentages."""
        rows = [["", "F1 of A", "F1 of B", "A less B", "95 % from", "to", "p bootstrap", "p randomised", "p Holm"]]
        for label, found in self.differences.items():
            rates = map(percent, (*self.f1[label], found.value, *found.interval))
            rows.append(
                [label, *rates, *(f"{p:.4f}" for p in (found.p_bootstrap, found.p_randomisation, found.p_holm))]
            )
        tests = f"p Holm is p randomised, adjusted for the {len(self.differences) - 1} types' being tested together; "
        tests += "micro is a test by itself."
        sides = (("A", "B", self.only_a), ("B", "A", self.only_b))
        lists = ["\n".join(_examples(one, other, found, examples)) for one, other, found in sides]
        return "\n\n".join([ruled(rows), tests, *lists])


def compare(a: Sequence[Judged], b: Sequence[Judged], *, resamples: int = 10_000, seed: int = 0) -> Comparison:
    """Compare two outputs for the same sentences by paired approximate randomisation and the paired bootstrap.

    Raises:
        DataError: if the sentences or their gold entities are not the same.
    """
    if [(one.words, one.gold) for one in a] != [(other.words, other.gold) for other in b]:
        raise DataError("the two outputs are not for the same gold sentences")
    spans = [span for one in (*a, *b) for span in (*one.gold, *one.predicted)]
    labels = sorted({span.label for span in spans})
    counts = [count_sentences([s.gold for s in side], [s.predicted for s in side], labels) for side in (a, b)]
    rates = [f1_of(side.table.sum(axis=0)).tolist() for side in counts]
    f1 = {label: (one, other) for label, one, other in zip(counts[0].labels, *rates, strict=True)}
    found = differences(*counts, resamples=resamples, seed=seed)
    return Comparison(f1, found, list(_advantages(a, b)), list(_advantages(b, a)))


def _advantages(better: Sequence[Judged], worse: Sequence[Judged]) -> Iterator[Advantage]:
    for one, other in zip(better, worse, strict=True):
        has, has_not = set(one.predicted), set(other.predicted)
        for span in one.gold:
            if span in has and span not in has_not:
                yield Advantage(one.source, span.label, surface(one.words, span), _instead(span, other))


def _instead(span: Span, other: Judged) -> str:
    """What an output has at the words of a span it does not have."""
    near = [found for found in other.predicted if found.first < span.stop and span.first < found.stop]
    return ", ".join(f"{found.label} {surface(other.words, found)}" for found in near) or "nothing"


def _examples(one: str, other: str, found: Sequence[Advantage], limit: int) -> Iterator[str]:
    more = f"; the first {limit}:" if len(found) > limit else ":" if found else ""
    yield f"{len(found):,} gold entities that {one} has and {other} has not{more}"
    for source, label, text, instead in found[:limit]:
        yield printable(f"  {source}: {label} {text!r}, {other} has {instead}")
