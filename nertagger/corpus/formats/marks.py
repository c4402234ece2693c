r"""Text with entities marked inline: ``[Barack Obama|PER] was born``.

A backslash escapes ``[`` and ``\`` outside marks, and also ``|`` and ``]`` inside them, so that the text and its
entities can be recovered exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities
from nertagger.text.schemes import TagScheme

_OUTSIDE = str.maketrans({"[": r"\[", "\\": r"\\"})
_INSIDE = str.maketrans({"[": r"\[", "\\": r"\\", "|": r"\|", "]": r"\]"})


def write_marks(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write each document's text with marked entities, and a line end after it unless it has one."""
    for document in documents:
        marked = mark(document.text, document_entities(document))
        stream.write(marked if marked.endswith("\n") else marked + "\n")


def mark(text: str, entities: Iterable[Entity]) -> str:
    """Return the text with its (sorted, non-overlapping) entities marked.

    >>> mark("Ann ran [1]", [Entity("PER", 0, 3, "Ann")])
    '[Ann|PER] ran \\\\[1]'
    """
    pieces, end = [], 0
    for entity in entities:
        pieces.append(text[end : entity.start].translate(_OUTSIDE))
        inside = text[entity.start : entity.end].translate(_INSIDE)
        pieces.append(f"[{inside}|{entity.label.translate(_INSIDE)}]")
        end = entity.end
    return "".join(pieces) + text[end:].translate(_OUTSIDE)
