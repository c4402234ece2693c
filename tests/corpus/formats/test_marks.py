"""Marked text can be read back exactly."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.corpus import write_documents
from nertagger.corpus.formats.marks import mark
from nertagger.text import Document, Entity

_PIECE = re.compile(
    r"""\[ (?P<text>(?:[^\\|\]]|\\.)*) \| (?P<label>(?:[^\\|\]]|\\.)*) \]
    | \\(?P<escaped>.)
    | (?P<plain>[^\[\\]+)""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def unmark(marked: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the text and the entities of a marked text, the inverse of `mark`."""
    pieces, entities, length = [], [], 0
    for match in _PIECE.finditer(marked):
        piece = match["plain"] or match["escaped"] or ""
        if match["label"] is not None:
            piece = _ESCAPED.sub(r"\1", match["text"])
            label = _ESCAPED.sub(r"\1", match["label"])
            entities.append(Entity(label, length, length + len(piece), piece))
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), tuple(entities)


@pytest.mark.parametrize(("text", "entities", "marked"), [
    ("Barack Obama was born", [("PER", 0, 12)], "[Barack Obama|PER] was born"),
    ("ab", [("X", 0, 1), ("Y", 1, 2)], "[a|X][b|Y]"),
    ("see [1] | c:\\x]", [], r"see \[1] | c:\\x]"),
    ("a|b]", [("X|Y", 0, 4)], r"[a\|b\]|X\|Y]"),
    ("", [], ""),
])  # fmt: skip
def test_mark(text: str, entities: list[tuple[str, int, int]], marked: str) -> None:
    expected = tuple(Entity(label, start, end, text[start:end]) for label, start, end in entities)
    assert mark(text, expected) == marked
    assert unmark(marked) == (text, expected)


@given(st.text(st.sampled_from("[]|\\a \n🙂"), max_size=30), st.data())
def test_marks_round_trip(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    labels = st.text(st.sampled_from("[]|\\X"), min_size=1, max_size=3)
    entities = tuple(
        Entity(data.draw(labels), start, end, text[start:end])
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    )
    assert unmark(mark(text, entities)) == (text, entities)


def test_write_marks_ends_each_document_with_one_line_end() -> None:
    stream = io.StringIO()
    write_documents(stream, [Document("a [b]", ()), Document("c\n\n", ()), Document("", ())], format="text")
    assert stream.getvalue() == "a \\[b]\nc\n\n\n"
