"""Text with its entities marked: as a page of any length, and as a fragment for a notebook or another page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nertagger.render.colours import LabelColours
from nertagger.render.templating import render, stream

_LINE = re.compile(r"[^\r\n]*[^\r\n\t ]")  # a line without the white space at its end


class Mark(NamedTuple):
    """An entity to mark in a text.

    Attributes:
        label: the label of the entity.
        start: its first character.
        end: the one after its last character.
        confidence: from 0 to 1; None where it is not known.
        is_wrong: whether the mark stands out as an error.
        rule: the name of the rule that found the entity; None if no rule did.
    """

    label: str
    start: int
    end: int
    confidence: float | None = None
    is_wrong: bool = False
    rule: str | None = None

    @property
    def title(self) -> str:
        """What is known of the entity besides its label."""
        sure = None if self.confidence is None else f"{self.confidence:.1%}"
        return ", ".join(filter(None, (sure, self.rule and f"rule: {self.rule}")))


class Passage(NamedTuple):
    """A text with its marks, which are in order and do not overlap.

    Attributes:
        text: the characters.
        marks: the marks of the text.
        source: where it was read; a heading is written where it differs from that of the passage before; may be empty.
        opens: whether a rule sets it apart from the passage before.
    """

    text: str
    marks: Iterable[Mark]
    source: str = ""
    opens: bool = False


class Piece(NamedTuple):
    """A part of a passage: plain text, or one line of a marked entity.

    Attributes:
        text: the characters.
        hue: the hue of the mark, in degrees; None for plain text.
        label: shown after the text; empty but for the last line of an entity.
        title: shown when the mouse is over the mark.
        is_wrong: as of `Mark`.
    """

    text: str
    hue: int | None = None
    label: str = ""
    title: str = ""
    is_wrong: bool = False


def fragment(passage: Passage) -> str:
    """Return a passage as an HTML element with its own style, for notebooks and other pages."""
    return render("fragment.html", pieces=split_passage(passage.text, passage.marks, LabelColours()))


def page(passages: Iterable[Passage], *, title: str = "Named entities") -> Iterator[str]:
    """Yield a page in pieces, while the passages are read; a legend counts the entities of each label."""
    counts: Counter[str] = Counter()
    colours = LabelColours()
    blocks = _blocks(passages, counts, colours)
    return stream("page.html", title=title, blocks=blocks, counts=counts, colours=colours)


def _blocks(
    passages: Iterable[Passage], counts: Counter[str], colours: LabelColours
) -> Iterator[tuple[str, bool, list[Piece]]]:
    """Yield the heading (or ""), whether a rule comes first, and the pieces (or none) of each block of a page."""
    source, is_first, rule = "", True, False
    for passage in passages:
        marks = list(passage.marks)
        counts.update(mark.label for mark in marks)
        heading = passage.source if passage.source != source else ""
        if heading:
            source, is_first, rule = heading, True, False  # a heading has a rule of its own
        elif passage.opens:
            rule = not is_first
        pieces = split_passage(passage.text, marks, colours)
        if heading or pieces:
            yield heading, rule and bool(pieces), pieces
        if pieces:
            is_first = rule = False


def split_passage(text: str, marks: Iterable[Mark], colours: LabelColours) -> list[Piece]:
    """Return the pieces of a text, without the line ends around it.

    >>> split_passage("Ann ran\\n", [Mark("PER", 0, 3)], LabelColours())[1]
    Piece(text=' ran', hue=None, label='', title='', is_wrong=False)
    """
    first = len(text) - len(text.lstrip("\r\n"))
    last = len(text.rstrip("\r\n"))
    pieces, end = [], first
    for mark in marks:
        if end < mark.start:
            pieces.append(Piece(text[end : mark.start]))
        pieces += _lines(text[mark.start : mark.end], mark, colours[mark.label])
        end = mark.end
    return [*pieces, Piece(text[end:last])] if end < last else pieces


def _lines(text: str, mark: Mark, hue: int) -> Iterator[Piece]:
    """Yield one marked piece per line of an entity: a blank line inside a mark would be shown as a stub."""
    lines = list(_LINE.finditer(text))
    end = 0
    for line in lines:
        if end < line.start():
            yield Piece(text[end : line.start()])
        yield Piece(line[0], hue, mark.label if line is lines[-1] else "", mark.title, mark.is_wrong)
        end = line.end()
    if end < len(text):
        yield Piece(text[end:])
