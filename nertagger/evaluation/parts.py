"""Predicted entities whose edges are no edges of gold tokens, so that they can be counted and shown but never right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nertagger.text.document import Span


class Part(NamedTuple):
    """A predicted entity that no whole tokens of one sentence are; equal to no `Span`.

    Attributes:
        label: of the entity.
        first: the first token that it holds a character of.
        stop: the token after the last such one; `first` where there is none.
        head: how many characters of the first token stand before the entity.
        tail: how many characters of the last token stand after the entity.
    """

    label: str
    first: int
    stop: int
    head: int = 0
    tail: int = 0


Found = Span | Part
"""A predicted entity on the tokens of a gold sentence."""
Wanted = Sequence[Span]
"""The gold entities of a sentence, in order and apart."""
Spans = Sequence[Found]
"""The predicted entities of a sentence, in order and apart."""


def surface(words: Sequence[str], span: Found) -> str:
    """The characters of an entity in its sentence, the words apart by single spaces.

    >>> surface(["Ann-Marie", "Li"], Part("PER", 0, 2, head=4))
    'Marie Li'
    """
    start, end = edges(words, span)
    return " ".join(words)[start:end]


def edges(words: Sequence[str], span: Found) -> tuple[int, int]:
    """The first character of an entity, and the one after its last, in its sentence's words apart by single spaces."""
    head, tail = span[3:] if isinstance(span, Part) else (0, 0)
    start = sum(map(len, words[: span.first])) + span.first + head
    inside = words[span.first : span.stop]
    return start, start + max(sum(map(len, inside)) + len(inside) - 1 - head - tail, 0)
