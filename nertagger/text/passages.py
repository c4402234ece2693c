"""Raw text of any size as passages that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TextIO

from nertagger.text.tokenization.sentences import sentence_ranges
from nertagger.text.tokenization.tokenizer import words_and_starts

_LINE_PART = 1 << 16  # characters of a line read at once: a file may be one line
_WINDOW = 5_000  # characters before the bound that are searched for a sentence end


def read_passages(lines: Iterable[str] | TextIO, *, bound: int = 100_000) -> Iterator[tuple[int, str]]:
    """Yield the passages of raw text as (offset in characters, text); together they are the whole input.

    A passage ends with a blank line and is yielded as soon as that is read. A passage that would be longer than `bound`
    characters is divided after a line, else after a sentence, else after white space, else between two tokens; only a
    single token longer than `bound` is itself divided.

    Args:
        lines: lines with their ends, or an open file (with ``newline=""`` for offsets that are those of the file).
        bound: maximum number of characters of a passage; at most about twice as many are held in memory.
    """
    parts = iter(partial(lines.readline, _LINE_PART), "") if hasattr(lines, "readline") else lines
    offset = 0
    pending: list[str] = []
    size, at_line_start, has_words = 0, True, False
    for part in parts:
        pending.append(part)
        size += len(part)
        is_blank = at_line_start and part.isspace()
        at_line_start = part.endswith(("\n", "\r"))
        has_words = has_words or not part.isspace()
        ends = is_blank and at_line_start and has_words
        if not ends and size <= bound:
            continue
        held = "".join(pending)
        while len(held) > bound:
            cut = _cut_before(held, bound)
            yield offset, held[:cut]
            offset, held = offset + cut, held[cut:]
        if ends:
            yield offset, held
            offset, held = offset + len(held), ""
        pending, size, has_words = [held], len(held), bool(held) and not held.isspace()
    if size:
        yield offset, "".join(pending)


def _cut_before(text: str, bound: int) -> int:
    """Return where to divide `text`, which is longer than `bound`: at least 1, at most `bound`."""
    if bound > 1 and text[bound - 1 : bound + 1] == "\r\n":
        bound -= 1  # never between the two characters of one line end
    head = text[:bound]
    cut = max(head.rfind("\n"), head.rfind("\r")) + 1
    return cut or _after_sentence(head) or _after_space(text, bound) or _between_tokens(text, bound)


def _after_sentence(head: str) -> int:
    """Return the start of the last sentence of `head`, if white space precedes it; 0 if there is none nearby."""
    window = max(len(head) - _WINDOW, 0)
    _, starts = words_and_starts(head[window:])
    ranges = sentence_ranges(head[window:], starts)
    cut = window + starts[ranges[-1][0]] if len(ranges) > 1 else 0
    return cut if head[cut - 1 : cut].isspace() else 0


def _after_space(text: str, bound: int) -> int:
    """Return the end of the last white space in the first `bound` characters; 0 if there is none."""
    if text[bound - 1].isspace() or text[bound].isspace():
        return bound
    return bound - len(text[:bound].rsplit(None, 1)[-1])


def _between_tokens(text: str, bound: int) -> int:
    """Return the start of the last token that starts at `bound` or before, or `bound` inside the first token."""
    _, starts = words_and_starts(text)
    return max((start for start in starts if start <= bound), default=0) or bound
