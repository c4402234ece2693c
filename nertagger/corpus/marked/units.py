"""The records of marked text: its lines, or its paragraphs if the lines were wrapped at a margin."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise

IsOpen = Callable[[str], bool]
"""Whether a mark in a text is not closed in it."""

SAMPLE_LINES = 200
_SHORTEST_MARGIN, _LONGEST_MARGIN = 45, 140
_MIN_PAIRS = 2  # of lines of one paragraph, to tell its margin
_MAX_EARLY = 0.1  # fraction of lines that end although the next word had room
_MAX_CAPITALS = 0.67  # fraction of lines of wrapped text that begin with one
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*$")
_MAX_LINES = 5  # of a mark
_MAX_PARAGRAPH = 100_000  # characters


def are_wrapped(lines: Iterable[str]) -> bool:
    """Return whether lines (without marks) end where the next word had no room before a margin.

    Lines that each end a sentence, or that nearly all begin with a capital, are not wrapped.
    """
    rows = [line.strip() for line in lines]
    pairs = [(row, after) for row, after in pairwise(rows) if row and after]
    margin = max((len(row) for row, _ in pairs), default=0)
    if len(pairs) < _MIN_PAIRS or not _SHORTEST_MARGIN <= margin <= _LONGEST_MARGIN:
        return False
    early = sum(len(row) + 1 + len(after.split()[0]) <= margin for row, after in pairs)
    ended = sum(bool(_SENTENCE_END.search(row)) for row, _ in pairs)
    capitals = sum(after[0].isupper() for _, after in pairs)
    return early <= _MAX_EARLY * len(pairs) and 2 * ended <= len(pairs) and capitals <= _MAX_CAPITALS * len(pairs)


def read_units(lines: Iterable[str], *, wrapped: bool, is_open: IsOpen) -> Iterator[tuple[int, str]]:
    """Yield each record as the number of its first line and its text; lines without text are not part of any.

    Args:
        lines: all lines, with their ends.
        wrapped: whether records are paragraphs.
        is_open: tells when a record goes on in the next line.
    """
    numbered = enumerate(lines, 1)
    return _paragraphs(numbered, is_open) if wrapped else _lines(numbered, is_open)


def _lines(numbered: Iterator[tuple[int, str]], is_open: IsOpen) -> Iterator[tuple[int, str]]:
    """Yield each line, with the next ones if they close its marks."""
    ahead: deque[tuple[int, str]] = deque()
    while True:
        ahead.extend(islice(numbered, 1 - len(ahead)) if not ahead else ())
        if not ahead:
            return
        number, text = ahead[0]
        count = 1
        if is_open(text):
            ahead.extend(islice(numbered, _MAX_LINES - len(ahead)))
            count = _closing([line for _, line in ahead], is_open)
        text = "".join(ahead.popleft()[1] for _ in range(count))
        if text.strip():
            yield number, text


def _closing(lines: Sequence[str], is_open: IsOpen) -> int:
    """Return how many lines close all marks; 1 if a blank line or the last comes first."""
    for count, line in enumerate(lines, 1):
        if not line.strip():
            return 1
        if not is_open("".join(lines[:count])):
            return count
    return 1


def _paragraphs(numbered: Iterator[tuple[int, str]], is_open: IsOpen) -> Iterator[tuple[int, str]]:
    held: list[str] = []
    first = size = 0
    for number, line in numbered:
        if line.strip():
            first = first if held else number
            held.append(line)
            size += len(line)
            if size < _MAX_PARAGRAPH or is_open("".join(held[-_MAX_LINES:])):
                continue
        if held:
            yield first, "".join(held)
        held, size = [], 0
    if held:
        yield first, "".join(held)
