"""Whether marks in a text are those of entities: their labels are usual, or they are few and recur."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

_USUAL = frozenset(
    "per pers person persname people loc location place placename org organization organisation orgname company"
    " corporation institution misc miscellaneous gpe geo norp fac facility event product work_of_art work-of-art law"
    " language date time timex duration set percent percentage money quantity ordinal cardinal number city country"
    " state nationality religion title profession disease chemical drug gene protein species mutation dna rna cell_line"
    " cell_type cellline celltype symptom treatment test problem artist ingredient skill brand email phone url".split()
)
_MIN_TEXTS, _TEXTS_PER_LABEL = 4, 2  # different texts of marks with unusual labels


class Marked(NamedTuple):
    """A mark in a text: what it may be the entity of."""

    label: str
    text: str


def are_entities(marks: Collection[Marked]) -> bool:
    """Return whether at least half of the marks have usual labels, or different texts share their labels.

    >>> are_entities([Marked("PER", "Ann")]), are_entities([Marked("she", "he"), Marked("her", "his")])
    (True, False)
    """
    usual = sum(is_usual(mark.label) and not is_usual(mark.text) for mark in marks)
    if 2 * usual >= len(marks) > 0:
        return True
    texts, labels = len(set(marks)), len({mark.label for mark in marks})
    return texts >= max(_MIN_TEXTS, _TEXTS_PER_LABEL * labels)


def is_usual(label: str) -> bool:
    """Return whether many corpora use this label, in any case."""
    return label.lower() in _USUAL
