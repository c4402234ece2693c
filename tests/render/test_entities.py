"""Marked text: every character once, entities line by line."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from nertagger.render.colours import LabelColours
from nertagger.render.entities import Mark, Passage, fragment, page, split_passage

TEXTS = st.text(alphabet="aB \n\r\t<&é東", max_size=30)


@given(TEXTS, st.lists(st.integers(0, 30), max_size=6))
def test_split_passage_keeps_all_characters_but_line_ends_around(text: str, edges: list[int]) -> None:
    places = sorted({min(edge, len(text)) for edge in edges})
    marks = [Mark("L", start, end) for start, end in zip(places[::2], places[1::2], strict=False)]
    joined = "".join(piece.text for piece in split_passage(text, marks, LabelColours()))
    assert joined.strip("\r\n") == text.strip("\r\n")


def test_split_passage_names_an_entity_once_and_marks_no_blank_line() -> None:
    pieces = split_passage("in San\n\nFrancisco", [Mark("LOC", 3, 17, 0.5)], LabelColours())
    assert [(piece.text, piece.hue is not None, piece.label, piece.title) for piece in pieces] == [
        ("in ", False, "", ""),
        ("San", True, "", "50.0%"),
        ("\n\n", False, "", ""),
        ("Francisco", True, "LOC", "50.0%"),
    ]


def test_fragment_brings_its_style_and_escapes() -> None:
    html = fragment(Passage("<b> & Ann", [Mark("<P>", 6, 9, is_wrong=True)]))
    assert "<style>" in html
    assert "<html" not in html
    shown = html.partition("</style>")[2]
    assert "&lt;b&gt; &amp; <bdi>" in shown
    assert '<mark class="wrong"' in shown
    assert unescape(re.sub("<[^>]+>", "", shown)).split() == ["<b>", "&", "Ann<P>"]


def test_page_is_written_while_passages_are_read() -> None:
    read = []

    def passages():
        for number in range(3):
            read.append(number)
            yield Passage(f"text {number}", [])

    pieces = iter(page(passages()))
    assert next(piece for piece in pieces if "text 0" in piece)
    assert read == [0]
    assert "No entities." in "".join(pieces)
    assert read == [0, 1, 2]
