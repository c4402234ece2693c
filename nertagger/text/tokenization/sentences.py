"""Sentences of raw text, as ranges of its tokens.

A full stop, question or exclamation mark before white space is a candidate; the text before and after it decides. Marks
of other scripts end sentences without white space as well: ``।``, ``۔``, ``؟``, ``።``, ``。``. A blank line always ends
a sentence. A single line break does so if it is not a mere wrap: after a line too short or too long to have been
wrapped at a margin, and before a list item.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from nertagger.text.tokenization.characters import BASIC_TERMINALS, TERMINALS
from nertagger.text.tokenization.lexicon import ALWAYS_FOLLOWED, BEFORE_NUMBERS, SENTENCE_OPENERS
from nertagger.text.tokenization.short_forms import FIRST_CASELESS, is_short_form, is_urdu_letter

# A line that was wrapped at a margin has between this many characters; any other line was ended on purpose.
_SHORTEST_WRAPPED = 45
_LONGEST_WRAPPED = 140
# A longer word before a stop that is not in the table is no abbreviation: it ends a sentence even if the next one
# begins in lower case.
_LONGEST_UNKNOWN_ABBREVIATION = 3
_LONGEST_ITEM_NUMBER = 3

_BREAK = r"\n\r\x85\u2028\u2029\f"
_FACE = r"['-]?[)(DP]++(?!\w)"
_STOPS = ".?!…‼‽⁇⁈⁉"
_CLOSERS = "\"'”’“‘»«)\\]」』"  # directly after a mark, any quotation mark closes: „so.“
_ETHIOPIC_COLONS = "፡፡"  # typed instead of the Ethiopic full stop
# Latin characters typed instead of marks of other scripts: Armenian full stop, Greek question mark, danda.
_BORROWED = (
    r"(?:(?<=[\u0561-\u0587]:)|(?<=[\u0386-\u03ce][;\u037e])|(?<=[\u0900-\u0d7f]\|)|(?<=[\u0900-\u0d7f] \|))(?=\s)"
)
_KHMER_ET_CETERA = "។ល។"
_BLANK_LINE = re.compile(rf"(?>\r\n|[{_BREAK}])[^\S{_BREAK}]*[{_BREAK}]|[\f\u2029]")
_LIST_ITEM = re.compile(r"(?:[-*•·–]|\(?\d{1,3}[.)])\s")
_OPENERS = "\"'“‘([«*_-"
_ELLIPSIS = re.compile(r"…[.…]*+|\.[.…]++")
_URDU_STOP = "۔"
_CASED_MARKS = ":;\u037e"
_COMMAS = ",;:،؛、，：；፣፤፥၊"
_WORD = re.compile(r"\w+")


def _candidates(terminals: str, marks: str) -> re.Pattern[str]:
    """Return the expression of where a sentence may end.

    Args:
        terminals: expression of the ends in other scripts.
        marks: the characters that these begin with.
    """
    # The expression begins with one bracket because the engine searches for the characters of a bracket quickly.
    return re.compile(
        rf"[{_STOPS}:;={_BREAK}{marks}](?:"
        rf"(?<=[{_STOPS}])(?<![{_STOPS}]{{2}})(?P<stop>[{_STOPS}]*+)"
        rf"(?P<close>(?:[{_CLOSERS}]| [”’)\]»])*+(?: ?[:;=]{_FACE})?)(?=\s)"
        rf"|(?<=[{_BREAK}])(?P<line>)"
        r"|(?<=[a-z]{2}[.?!])(?P<joined>)(?=[A-Z][a-z])"
        rf"|(?<=\s[:;=])(?P<face>{_FACE})(?=\s)"
        rf"|{terminals})\s*+"
    )


@lru_cache(maxsize=1)
def _ascii_candidates() -> re.Pattern[str]:
    """Return the expression for ASCII text: compiled and matched faster, with the same result."""
    return _candidates(r"(?!)(?P<wide>)", "")


@lru_cache(maxsize=1)
def _unicode_candidates() -> re.Pattern[str]:
    """Return the expression for any text, compiled at first use because that takes milliseconds."""
    ends = rf"(?<=[{TERMINALS}])(?<!{_KHMER_ET_CETERA})(?!{_KHMER_ET_CETERA[1:]})|(?<={_ETHIOPIC_COLONS})|{_BORROWED}"
    wide = rf"(?:{ends})(?P<wide>[{_STOPS}{TERMINALS}]*+(?: ?\d{{1,4}}+ ?॥)?[{_CLOSERS}]*+)"
    # A single range for everything above U+FFFF: the engine would try several ranges one by one at each character.
    return _candidates(wide, rf"{_ETHIOPIC_COLONS[0]}\u037e|{BASIC_TERMINALS}\U00010000-\U0001efff")


def sentence_spans(text: str, tokens: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences of `text` as half-open ranges of tokens: in order, none empty, all tokens covered.

    >>> sentence_spans("Hi! Mr. B. ate.", [(0, 2), (2, 3), (4, 7), (8, 10), (11, 14), (14, 15)])
    [(0, 2), (2, 6)]
    """
    return sentence_ranges(text, [start for start, _ in tokens])


def sentence_ranges(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """Return sentences as `sentence_spans` does, given only the start offsets of the tokens."""
    return list(pairwise(sorted({0, *_first_tokens(text, starts), len(starts)})))


def _first_tokens(text: str, starts: Sequence[int]) -> Iterator[int]:
    """Yield the tokens that begin a sentence, except the first of the text."""
    begun = 0  # where the current sentence begins, in characters
    candidates = _ascii_candidates() if text.isascii() else _unicode_candidates()
    for match in candidates.finditer(text):
        after = match.end()
        token = bisect_left(starts, after)
        if token == len(starts):
            return
        if starts[token] == after and _is_end(text, starts, match, begun):
            yield token
            begun = after


def _is_end(text: str, starts: Sequence[int], match: re.Match[str], begun: int) -> bool:
    """Return whether a candidate ends the sentence that begins at character `begun`."""
    kind, after = match.lastgroup, match.end()
    gap = text[match.start() if kind == "line" else match.end(kind or 0) : after]
    if gap not in ("", " ") and (_BLANK_LINE.search(gap) or _is_hard_break(text, match.start(), gap, after)):
        return True
    if kind == "close":
        return _is_end_at_stop(text, starts, match, begun)
    if kind == "joined":
        return starts[bisect_right(starts, match.start()) - 1] == match.start()
    if kind == "wide":
        return _is_end_at_terminal(text, starts, match, begun)
    return kind == "face" and _begins(text, after)


def _is_end_at_terminal(text: str, starts: Sequence[int], match: re.Match[str], begun: int) -> bool:
    """Return whether a mark of another script ends a sentence: not in a number, after a list number or an initial."""
    first, after = match.start(), match.end()
    is_in_number = match.end("wide") == after and text[max(first - 1, 0)].isdigit() and text[after].isdigit()
    if is_in_number or text[after] in _COMMAS:
        return False
    if text[first] in _CASED_MARKS:
        return _begins(text, after)
    position = bisect_right(starts, first) - 1
    if text[first] == _URDU_STOP and _is_urdu_short_form(text, starts, position, after):
        return False
    before = _word_before(text, starts, position)
    return not (before.isdigit() and len(before) <= _LONGEST_ITEM_NUMBER and starts[position - 1] == begun)


def _is_urdu_short_form(text: str, starts: Sequence[int], position: int, after: int) -> bool:
    """Return whether the stop at a token belongs to an ellipsis or to initials, written as names of letters."""
    before = _word_before(text, starts, position)
    if text[starts[position] + 1 : starts[position] + 2] == _URDU_STOP or is_short_form(before):
        return True
    if not is_urdu_letter(before):
        return False
    following = _WORD.match(text, after)
    if following is not None and is_urdu_letter(following[0]):
        return True
    is_chained = position > 2 and _word_before(text, starts, position - 1) == _URDU_STOP
    return is_chained and is_urdu_letter(_word_before(text, starts, position - 2))


def _word_before(text: str, starts: Sequence[int], position: int) -> str:
    """Return the token before the one at `position`, empty if there is none."""
    return text[starts[position - 1] : starts[position]].rstrip() if position else ""


def _is_end_at_stop(text: str, starts: Sequence[int], match: re.Match[str], begun: int) -> bool:
    """Return whether a sentence ends at stops with white space after them."""
    first, after = match.start(), match.end()
    begins = _begins(text, after)
    if match["close"] or text[first] == "…" or (text[first] == "." and match["stop"]):
        is_open = _is_caseless(_first_letter(text, after)) and _ELLIPSIS.fullmatch(text, first, match.end("stop"))
        return begins and not is_open
    if text[first] != ".":
        return True
    position = bisect_right(starts, first) - 1
    if starts[position] < first:
        return begins and _is_end_after_short_form(text, text[starts[position] : first], after)
    before = text[starts[position - 1] : first].rstrip() if position else ""
    if before.isdigit() and len(before) <= _LONGEST_ITEM_NUMBER and starts[position - 1] == begun:
        return False
    if before >= FIRST_CASELESS and is_short_form(before):
        return False
    if before in BEFORE_NUMBERS and text[after].isdigit():
        return False
    return begins or (before.isalpha() and len(before) > _LONGEST_UNKNOWN_ABBREVIATION and text[after].isalpha())


def _is_end_after_short_form(text: str, form: str, after: int) -> bool:
    """Return whether a sentence ends at the stop of a short form: if a usual opening word follows."""
    if form in ALWAYS_FOLLOWED:
        return False
    word = _WORD.search(text, after)
    return word is not None and word[0] in SENTENCE_OPENERS


def _is_hard_break(text: str, end: int, gap: str, after: int) -> bool:
    """Return whether the white space `gap` after `end` breaks the line for another reason than the margin."""
    if not re.search(f"[{_BREAK}]", gap):
        return False
    window = max(end - _LONGEST_WRAPPED - 1, 0)
    length = end - max(text.rfind("\n", window, end) + 1, window)
    if length > _LONGEST_WRAPPED or _LIST_ITEM.match(text, after):
        return True
    return length < _SHORTEST_WRAPPED and (not text[after].islower() or _is_caseless(text[after]))


def _begins(text: str, after: int) -> bool:
    """Return whether the text after a candidate can begin a sentence: not in lower case, nor with a comma."""
    first = text[after]
    if first in _OPENERS:
        first = _first_letter(text, after)
    return first not in _COMMAS and (not first.islower() or _is_caseless(first))


def _first_letter(text: str, after: int) -> str:
    """Return the first character from `after` on that is no quotation mark or bracket, if there is one nearby."""
    return text[after : after + 8].lstrip(_OPENERS)[:1] or text[after]


def _is_caseless(letter: str) -> bool:
    """Return whether a letter's script has no capitals at the start of sentences; Georgian has them in titles only."""
    return letter.isalpha() and (letter.lower() == letter.upper() or "\u10d0" <= letter <= "\u10ff")
