"""Every form of tags in files."""

from __future__ import annotations

import pytest

from nertagger.corpus.tag_forms import MISSING, TagForm, TagReader, detect_form
from nertagger.errors import DataError


def read(cells: str) -> list[str | None]:
    """Return the tags of a column, given as words; a dot is an empty cell."""
    column = ["" if cell == "." else cell for cell in cells.split()]
    reader = TagReader()
    reader.fit(column)
    return [reader.read(cell) for cell in column]


@pytest.mark.parametrize(("column", "tags"), [
    ("B-PER I-PER O S-LOC", "B-PER I-PER O S-LOC"),
    ("B-PER M-PER E-PER O S-LOC", "B-PER I-PER E-PER O S-LOC"),
    ("B-PER M-PER E-PER O W-LOC", "B-PER I-PER E-PER O S-LOC"),
    ("B_PER I_PER O", "B-PER I-PER O"),
    ("B:PER I:PER O", "B-PER I-PER O"),
    ("B.PER I.PER O", "B-PER I-PER O"),
    ("B\u2013PER I\u2013PER O", "B-PER I-PER O"),
    ("B_creative-work I_creative-work O", "B-creative-work I-creative-work O"),
    ("b-per i-per o", "B-per I-per O"),
    ("b_per i_per O", "B-per I-per O"),
    ("PER-B PER-I O LOC-B", "B-PER I-PER O B-LOC"),
    ("PER_S PER_B PER_E O", "S-PER B-PER E-PER O"),
    ("B I O", "B-_ I-_ O"),
    ("B M E S O", "B-_ I-_ E-_ S-_ O"),
    ("b i o", "B-_ I-_ O"),
    ("I I O", "I-_ I-_ O"),
    ("PER PER O LOC", "I-PER I-PER O I-LOC"),
    ("geo . . per", "I-geo O O I-per"),
    ("B-PER I-PER _ _", "B-PER I-PER O O"),
    ("B-PER - -", "B-PER O O"),
    ("B-PER . .", "B-PER O O"),
    ("B-PER NA NA", "B-PER O O"),
    ("B-PER None None", "B-PER O O"),
])  # fmt: skip
def test_every_form_is_read(column: str, tags: str) -> None:
    assert read(column) == tags.split()


@pytest.mark.parametrize("mark", ["_", "-", ".", "NA", "nan", "None", "-100", "NULL"])
def test_empty_marks_next_to_o_are_missing_tags(mark: str) -> None:
    assert read(f"B-PER O {mark}")[2] == MISSING
    assert read(f"{mark} {mark}") == [MISSING, MISSING]


@pytest.mark.parametrize(("column", "faults"), [
    ("B-PER O PER", [2]),
    ("B-PER O B_PER", [2]),
    ("B-PER O b-PER B I", [2, 3, 4]),
    ("B_PER I_PER O PER", [3]),
    ("B I O PER", [3]),
    ("B-PER O 0 7 -1", [2, 3, 4]),
    ("NNP VBD NN", [0, 1, 2]),
    ("hepatitis-B vitamin-E O", [0, 1]),
    ("3 0 4", [0, 1, 2]),
])  # fmt: skip
def test_tags_in_another_form_are_invalid(column: str, faults: list[int]) -> None:
    assert [place for place, tag in enumerate(read(column)) if tag is None] == faults


@pytest.mark.parametrize(("cell", "tag"), [
    ("geo", "I-geo"), ("b-geo", "B-geo"), ("B_geo", "B-geo"), ("geo-B", "B-geo"), ("M-geo", "I-geo"), ("o", "O"),
    ("0", "O"), ("GEO", None), ("b-GEO", None), ("per", None), ("B-", None), ("B", None), ("7", None), ("x-geo", None),
])  # fmt: skip
def test_repairs_produce_known_labels_only(cell: str, tag: str | None) -> None:
    reader = TagReader()
    reader.fit(["B-geo", "O"])
    assert reader.repaired(cell) == tag


@pytest.mark.parametrize("columns", ["NNP VBD", "Ann ran", "O O", "", ". .", "SpaceAfter=No _ _ _", "e-mail ran was"])
def test_other_columns_have_no_tag_form(columns: str) -> None:
    assert detect_form("" if cell == "." else cell for cell in columns.split()) is None


def test_the_first_entities_decide_the_form_if_the_sample_has_none(load) -> None:
    text = "ran\tO\n\n" * 600 + "Ann\tB_PER\nBo\tI_PER\n"
    assert load(text)[-1].sentences[0].tags == ("B-PER", "I-PER")


def test_sentences_without_any_tag_are_not_annotated(load) -> None:
    one, two = load("Ann\tB-PER\nran\tO\n\nBo\t_\nsat\t_\n")
    assert (one.sentences[0].tags, two.sentences[0].tags) == (("B-PER", "O"), None)


def test_an_error_shows_the_form_of_other_tags(load) -> None:
    with pytest.raises(DataError, match="got the tag 'LOC', expected O or a tag in the form of 'B_PER', as before"):
        load("Ann\tB_PER\nBo\tI_PER\nran\tO\nOslo\tLOC\n")


def test_forms_split_tags_into_parts() -> None:
    assert TagForm.HYPHEN.parts("B-a-b") == ("B", "a-b")
    assert TagForm.SUFFIX.parts("a-b-I") == ("I", "a-b")
    assert TagForm.SEPARATOR.parts("B-PER") is None
