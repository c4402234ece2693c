"""Comparison of two outputs for the same sentences: the difference in F1, its significance, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nertagger.errors import DataError
from nertagger.evaluation.aligned import AlignedSentence, span_text
from nertagger.evaluation.resampling import Difference, count_sentences, differences, f1_of
from nertagger.printable import counted, printable
from nertagger.tables import format_table, percent
from nertagger.text.document import Span


class DiscordantEntity(NamedTuple):
    """A gold entity that one output has and the other does not.

    Attributes:
        source: ``file:line`` of the sentence.
        label: the label of the entity.
        text: its words.
        instead: the entities of the other output that overlap it.
    """

    source: str
    label: str
    text: str
    instead: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of outputs A and B with the same gold.

    Attributes:
        f1: F1 of A and of B by type, and last ``micro``; fractions of one.
        differences: F1 of A minus F1 of B, by the same keys.
        only_a: the gold entities that only A has, in the order of the sentences.
        only_b: the gold entities that only B has.
    """

    f1: dict[str, tuple[float, float]]
    differences: dict[str, Difference]
    only_a: list[DiscordantEntity]
    only_b: list[DiscordantEntity]

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
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
        """Return a table and the first `examples` entities of either side, for people; rates are percentages."""
        rows = [["", "F1 of A", "F1 of B", "A - B", "95 % from", "to", "p bootstrap", "p randomization", "p Holm"]]
        for label, found in self.differences.items():
            rates = map(percent, (*self.f1[label], found.value, *found.interval))
            rows.append(
                [label, *rates, *(f"{p:.4f}" for p in (found.p_bootstrap, found.p_randomisation, found.p_holm))]
            )
        tests = f"p Holm is p randomization, adjusted for testing {len(self.differences) - 1} types together; "
        tests += "micro is a single test."
        sides = (("A", "B", self.only_a), ("B", "A", self.only_b))
        lists = ["\n".join(_examples(one, other, found, examples)) for one, other, found in sides]
        return "\n\n".join([format_table(rows), tests, *lists])


def compare(
    a: Sequence[AlignedSentence], b: Sequence[AlignedSentence], *, resamples: int = 10_000, seed: int = 0
) -> Comparison:
    """Compare two outputs for the same sentences by approximate randomization and the paired bootstrap.

    Raises:
        DataError: if the sentences or their gold entities are not the same.
    """
    if [(one.words, one.gold) for one in a] != [(other.words, other.gold) for other in b]:
        raise DataError("the two outputs are not for the same gold sentences")
    labels = sorted({span.label for one in (*a, *b) for span in (*one.gold, *one.predicted)})
    counts = [count_sentences([s.gold for s in side], [s.predicted for s in side], labels) for side in (a, b)]
    rates = [f1_of(side.table.sum(axis=0)).tolist() for side in counts]
    f1 = {label: (one, other) for label, one, other in zip(counts[0].labels, *rates, strict=True)}
    found = differences(*counts, resamples=resamples, seed=seed)
    return Comparison(f1, found, list(_discordant_entities(a, b)), list(_discordant_entities(b, a)))


def _discordant_entities(
    better: Sequence[AlignedSentence], worse: Sequence[AlignedSentence]
) -> Iterator[DiscordantEntity]:
    for one, other in zip(better, worse, strict=True):
        only_better = set(one.predicted).difference(other.predicted)
        for span in one.gold:
            if span in only_better:
                yield DiscordantEntity(one.source, span.label, span_text(one.words, span), _instead(span, other))


def _instead(span: Span, other: AlignedSentence) -> str:
    """Return the entities of an output that overlap a span."""
    near = [found for found in other.predicted if found.first < span.stop and span.first < found.stop]
    return ", ".join(f"{found.label} {span_text(other.words, found)}" for found in near) or "nothing"


def _examples(one: str, other: str, found: Sequence[DiscordantEntity], limit: int) -> Iterator[str]:
    more = f"; the first {limit}:" if len(found) > limit else ":" if found else ""
    yield f"{counted(len(found), 'gold entity', 'gold entities')} that {one} has and {other} does not{more}"
    for source, label, text, instead in found[:limit]:
        yield printable(f"  {source}: {label} {text!r}, {other} has {instead}")
