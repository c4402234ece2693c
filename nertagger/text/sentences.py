"""Sentences of raw text, as ranges of its tokens.

A full stop, question or exclamation mark before white space is a candidate; what stands before it and after it decides.
A blank line always ends a sentence. A single line break does so where it was meant: after a line too short or too long
to have been wrapped at a margin, and before an item of a list.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from nertagger.text.lexicon import ALWAYS_FOLLOWED, BEFORE_NUMBERS, SENTENCE_OPENERS

# A line that was wrapped at a margin has a length between these, in characters; any other was ended on purpose.
_SHORTEST_WRAPPED = 45
_LONGEST_WRAPPED = 140
# Nobody abbreviates to so many letters and is not in the table: such a word before a stop ends even a sentence whose
# successor begins in lower case.
_LONGEST_UNKNOWN_ABBREVIATION = 3

_BREAK = r"\n\r\x85\u2028\u2029\f"
_FACE = r"['-]?[)(DP]++(?!\w)"
# One bracket stands first in the expression because the engine looks for the characters of a first bracket quickly.
_CANDIDATE = re.compile(
    rf"[.?!…。！？｡:;={_BREAK}](?:"
    rf"(?<=[.?!…])(?<![.?!…]{{2}})(?P<stop>[.?!…]*+)(?P<close>(?:[\"']| ?[”’)\]»])*+(?: ?[:;=]{_FACE})?)(?=\s)"
    rf"|(?<=[{_BREAK}])(?P<line>)"
    r"|(?<=[。！？｡])(?P<wide>[。！？｡]*+[\"'”’)\]»」』]*+)"
    r"|(?<=[a-z]{2}[.?!])(?P<joined>)(?=[A-Z][a-z])"
    rf"|(?<=\s[:;=])(?P<face>{_FACE})(?=\s))\s*+"
)
_BLANK_LINE = re.compile(rf"(?>\r\n|[{_BREAK}])[^\S{_BREAK}]*[{_BREAK}]|[\f\u2029]")
_LIST_ITEM = re.compile(r"(?:[-*•·–]|\(?\d{1,3}[.)])\s")
_OPENERS = "\"'“‘([«*_-"
_WORD = re.compile(r"\w+")


def sentence_spans(text: str, tokens: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences of `text` as half-open ranges of its tokens: in order, none empty, all tokens covered.

    >>> sentence_spans("Hi! Mr. B. ate.", [(0, 2), (2, 3), (4, 7), (8, 10), (11, 14), (14, 15)])
    [(0, 2), (2, 6)]
    """
    return sentence_ranges(text, [start for start, _ in tokens])


def sentence_ranges(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """As `sentence_spans`, from the offsets of the tokens' first characters alone."""
    return list(pairwise(sorted({0, *_first_tokens(text, starts), len(starts)})))


def _first_tokens(text: str, starts: Sequence[int]) -> Iterator[int]:
    """The tokens that begin a sentence, but for the first of the text."""
    begun = 0  # where the sentence in hand begins, in characters
    for match in _CANDIDATE.finditer(text):
        after = match.end()
        token = bisect_left(starts, after)
        if token == len(starts):
            return
        if starts[token] == after and _is_end(text, starts, match, begun):
            yield token
            begun = after


def _is_end(text: str, starts: Sequence[int], match: re.Match[str], begun: int) -> bool:
    """Whether the candidate ends the sentence that begins at `begun`, in characters."""
    kind, after = match.lastgroup, match.end()
    gap = text[match.start() if kind == "line" else match.end(kind or 0) : after]
    if gap not in ("", " ") and (_BLANK_LINE.search(gap) or _is_meant_break(text, match.start(), gap, after)):
        return True
    if kind == "close":
        return _is_end_at_stop(text, starts, match, begun)
    if kind == "joined":
        return starts[bisect_right(starts, match.start()) - 1] == match.start()
    return kind == "wide" or (kind == "face" and _begins(text, after))


def _is_end_at_stop(text: str, starts: Sequence[int], match: re.Match[str], begun: int) -> bool:
    """Whether a sentence ends at a candidate of stops with white space after it."""
    first, after = match.start(), match.end()
    begins = _begins(text, after)
    if match["close"] or text[first] == "…" or (text[first] == "." and match["stop"]):
        return begins
    if text[first] != ".":
        return True
    position = bisect_right(starts, first) - 1
    if starts[position] < first:
        return begins and _is_end_after_short_form(text, text[starts[position] : first], after)
    before = text[starts[position - 1] : first].rstrip() if position else ""
    if before.isdigit() and len(before) <= 3 and starts[position - 1] == begun:
        return False  # the number of an item
    if before in BEFORE_NUMBERS and text[after].isdigit():
        return False
    return begins or (before.isalpha() and len(before) > _LONGEST_UNKNOWN_ABBREVIATION and text[after].isalpha())


def _is_end_after_short_form(text: str, form: str, after: int) -> bool:
    """Whether a sentence ends at the stop of an abbreviation, acronym or initial: if a usual opening word follows."""
    if form in ALWAYS_FOLLOWED:
        return False
    word = _WORD.search(text, after)
    return word is not None and word[0] in SENTENCE_OPENERS


def _is_meant_break(text: str, end: int, gap: str, after: int) -> bool:
    """Whether the white space `gap` after `end` breaks the line, and not only at the margin of a paragraph."""
    if not re.search(f"[{_BREAK}]", gap):
        return False
    window = max(end - _LONGEST_WRAPPED - 1, 0)
    length = end - max(text.rfind("\n", window, end) + 1, window)
    if length > _LONGEST_WRAPPED or _LIST_ITEM.match(text, after):
        return True
    return length < _SHORTEST_WRAPPED and not text[after].islower()


def _begins(text: str, after: int) -> bool:
    """Whether what follows can begin a sentence: it does not go on in lower case or with a comma."""
    first = text[after]
    if first in _OPENERS:
        first = text[after : after + 8].lstrip(_OPENERS)[:1] or first
    return not first.islower() and first not in ",;:"
