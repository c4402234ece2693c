"""Counts of entities, and precision, recall and F1 computed from them.

An entity is correct if its type, its first and its last token equal those of a gold entity of the same sentence.
Every rate is a fraction of one, and 0 if its denominator is 0, as in conlleval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from nertagger.errors import requires_extra
from nertagger.printable import counted
from nertagger.tables import align_columns, percent

if TYPE_CHECKING:
    import pandas as pd

_HEADER = ("", "precision", "recall", "F1", "gold", "found", "correct")
_NOTE = "Counted as in conlleval: an entity is correct if its type, first and last word equal those of a gold entity."


class Rates(NamedTuple):
    """Precision, recall and F1, fractions of one."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of gold entities, of predicted entities, and of correct ones among these.

    >>> Counts(gold=4, found=5, correct=3).rates
    Rates(precision=0.6, recall=0.75, f1=0.6666666666666666)
    """

    gold: int = 0
    found: int = 0
    correct: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.gold + other.gold, self.found + other.found, self.correct + other.correct)

    @property
    def rates(self) -> Rates:
        """Precision ``correct / found``, recall ``correct / gold``, F1 ``2 correct / (found + gold)``."""
        return Rates(
            ratio(self.correct, self.found),
            ratio(self.correct, self.gold),
            ratio(2 * self.correct, self.found + self.gold),
        )


@dataclass(frozen=True)
class Scores:
    """The scores of predicted entities.

    The averages are those of seqeval's ``classification_report``: over every type that occurs in the gold *or* in the
    predictions, so that a type that is only predicted lowers the macro average; ``weighted`` weights each type by its
    support, the number of its gold entities, and so ignores such a type.

    Attributes:
        tokens: the number of tokens.
        correct_tags: the number of tokens whose predicted tag equals the gold tag, prefix included.
        repaired: the number of predicted tags that are invalid in their scheme and were read by conlleval's rules.
        types: the counts of each entity type, in alphabetical order.
    """

    tokens: int
    correct_tags: int
    repaired: int
    types: Mapping[str, Counts]

    @property
    def total(self) -> Counts:
        """The counts of all types together."""
        return sum(self.types.values(), Counts())

    @property
    def gold(self) -> int:
        """The number of gold entities."""
        return self.total.gold

    @property
    def found(self) -> int:
        """The number of predicted entities."""
        return self.total.found

    @property
    def correct(self) -> int:
        """The number of predicted entities that equal a gold entity."""
        return self.total.correct

    @property
    def accuracy(self) -> float:
        """The fraction of tokens whose tag is correct, ``O`` included; conlleval's accuracy."""
        return ratio(self.correct_tags, self.tokens)

    @property
    def micro(self) -> Rates:
        """The rates of all entities together: conlleval's overall line, the figure to report."""
        return self.total.rates

    @property
    def macro(self) -> Rates:
        """The unweighted mean of the rates of all types."""
        return self._mean(lambda counts: 1)

    @property
    def weighted(self) -> Rates:
        """The mean of the rates of all types, weighted by their numbers of gold entities."""
        return self._mean(lambda counts: counts.gold)

    @property
    def averages(self) -> dict[str, Rates]:
        """The micro, macro and weighted rates, by name."""
        return {"micro": self.micro, "macro": self.macro, "weighted": self.weighted}

    def _mean(self, weight: Callable[[Counts], int]) -> Rates:
        weights = [weight(counts) for counts in self.types.values()]
        rates = [counts.rates for counts in self.types.values()]
        columns = zip(*rates, strict=True) if rates else ([], [], [])
        return Rates(*(ratio(sum(map(mul, weights, column)), sum(weights)) for column in columns))

    def __str__(self) -> str:
        """The table of `report`."""
        return self.report()

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints: counts, and rates as fractions of one."""
        types = {
            label: {**counts.rates._asdict(), "support": counts.gold, "found": counts.found}
            for label, counts in self.types.items()
        }
        return {
            "tokens": self.tokens,
            "gold": self.gold,
            "found": self.found,
            "correct": self.correct,
            "repaired": self.repaired,
            "accuracy": self.accuracy,
            **{name: rates._asdict() for name, rates in self.averages.items()},
            "types": types,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Return the scores that `to_dict` has written.

        >>> scores = Scores(5, 4, 0, {"PER": Counts(gold=3, found=2, correct=1)})
        >>> Scores.from_dict(scores.to_dict()) == scores
        True
        """
        types = {
            label: Counts(rates["support"], rates["found"], round(rates["precision"] * rates["found"]))
            for label, rates in content["types"].items()
        }
        tokens = content["tokens"]
        return cls(tokens, round(content["accuracy"] * tokens), content["repaired"], types)

    def to_frame(self) -> pd.DataFrame:
        """Return a table with one row per type, indexed by its name, and then the rows micro, macro and weighted.

        Columns: precision, recall, f1 (fractions of one), support, found, correct (numbers of entities).
        """
        with requires_extra("a table for pandas", "pandas"):
            import pandas as pd

        rows = [(label, *counts.rates, *_sizes(counts)) for label, counts in self.types.items()]
        rows += [(name, *rates, *_sizes(self.total)) for name, rates in self.averages.items()]
        columns = ["type", "precision", "recall", "f1", "support", "found", "correct"]
        return pd.DataFrame(rows, columns=columns).set_index("type")

    def report(self) -> str:
        """Return the scores as a table for people: percentages with two decimals, and the counts.

        A line of totals, one row per type, the averages, and a note on what was counted.
        """
        head, *table = align_columns(self._rows())
        rule, types = "-" * len(head), len(self.types)
        body = [head, rule, *table[:types], *([rule] if types else []), *table[types:]]
        return "\n".join([_totals(self), "", *body, "", _NOTE])

    def _repr_html_(self) -> str:
        """Return the table that a notebook shows."""
        from nertagger.render.templating import render  # not at the top: commands start faster without it

        head, *rows = self._rows()
        return render("scores.html", head=head, rows=rows, types=len(self.types), totals=_totals(self), note=_NOTE)

    def _rows(self) -> list[tuple[str, ...]]:
        """Return the table: its header, one row per type, and the averages."""
        types = [_row(label, counts.rates, counts) for label, counts in self.types.items()]
        averages = [_row(name, self.averages[name], None) for name in ("macro", "weighted")]
        return [_HEADER, *types, _row("micro", self.micro, self.total), *averages]


def _sizes(counts: Counts) -> tuple[int, int, int]:
    return counts.gold, counts.found, counts.correct


def ratio(part: float, whole: float) -> float:
    """Return a fraction; 0 if the denominator is 0."""
    return part / whole if whole else 0.0


def _totals(scores: Scores) -> str:
    correct = f"{scores.correct_tags:,} of {scores.tokens:,} tokens have the gold tag"
    repaired = f"{counted(scores.repaired, 'invalid predicted tag')} repaired"
    return f"{correct} (accuracy {percent(scores.accuracy)} %); {repaired}."


def _row(name: str, rates: Rates, counts: Counts | None) -> tuple[str, ...]:
    sizes = (f"{counts.gold:,}", f"{counts.found:,}", f"{counts.correct:,}") if counts else ("", "", "")
    return (name, *(percent(rate) for rate in rates), *sizes)
