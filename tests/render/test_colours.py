"""The palette of labels."""

from __future__ import annotations

from nertagger.render.colours import LabelColours


def test_colours_of_customary_labels_do_not_depend_on_their_order() -> None:
    one, other = LabelColours(), LabelColours()
    assert [one[label] for label in ("PER", "x", "LOC")] == [other[label] for label in ("PER", "x", "LOC")]
    assert LabelColours()["LOC"] == one["LOC"]


def test_colours_are_different_for_up_to_200_labels() -> None:
    colours = LabelColours()
    labels = ["PER", "per", "Person", *(f"L{number}" for number in range(197))]
    assert len({colours[label] for label in labels}) == len(labels)
    assert [colours[label] for label in labels] == [colours[label] for label in labels]
