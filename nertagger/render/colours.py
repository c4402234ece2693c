"""The colours of labels: one palette for all pages."""

from __future__ import annotations

from itertools import count

# Hues a golden angle apart stay easy to distinguish, for any number of labels.
_GOLDEN_ANGLE, _FIRST_HUE = 137.508, 210.0

# Places in the palette of customary labels, which so have the same colour in every text and page.
_CUSTOMARY = (
    ("PER", "PERSON", "PERS"),
    ("ORG", "ORGANIZATION", "ORGANISATION"),
    ("LOC", "LOCATION"),
    ("MISC", "NORP"),
    ("GPE",),
    ("DATE", "TIM", "TIME"),
)
_PLACES = {label: place for place, labels in enumerate(_CUSTOMARY) for label in labels}


class LabelColours:
    """The hue of each label, assigned in the order in which labels appear; up to 200 labels have hues of their own."""

    def __init__(self) -> None:
        self._hues: dict[str, int] = {}
        self._taken: set[int] = set()
        self._others = count(len(_CUSTOMARY))

    def __getitem__(self, label: str) -> int:
        """The hue of a label, in degrees."""
        if label not in self._hues:
            place = _PLACES.get(label.upper())
            if place is None or place in self._taken:
                place = next(self._others)
            self._taken.add(place)
            self._hues[label] = round(_FIRST_HUE + _GOLDEN_ANGLE * place) % 360
        return self._hues[label]
