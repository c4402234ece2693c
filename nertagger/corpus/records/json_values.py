"""The values of JSON text, with the lines that they begin in, and one line of JSON from a value.

What Python's own reader lets pass or fails on without a word for the user is refused here: a name that comes twice in
an object, of which one value would be lost; NaN and Infinity, which are no JSON; half a surrogate pair, which cannot be
written again; numbers of thousands of digits; lists inside lists without end.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NoReturn

from nertagger.corpus.source import Source
from nertagger.errors import DataError

Record = dict[str, Any]
UNREADABLE = "rows left out that could not be read"

_DEPTH = 100
_BLANKS = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n,]*")
_ROW = re.compile(r'\[[ \t\r\n]*"')  # spaCy's [text, {"entities": ...}] is one value, not a list of them
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_values(lines: Iterator[str], source: Source) -> Iterator[tuple[int, Any]]:
    """The values of a file with their lines: one a line, or those of a JSON list, in whichever way it is laid out.

    One value a line is read a line at a time; a row that is not JSON is then left out and counted if the reading is
    lenient. Anything else is held in memory.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip(" \t\r\n"))
    first = next(numbered, None)
    if first is None:
        return
    if _goes_on(first[1]):
        text = "\n" * (first[0] - 1) + first[1] + "".join(lines)
        yield from _located(text, 1, source)
        return
    for number, line in chain([first], numbered):
        try:
            found = [value for _, value in elements(line)]
        except DataError as error:
            source.leave_out(number, UNREADABLE, str(error))
            continue
        yield from ((number, value) for value in found)


def elements(text: str) -> Iterator[tuple[int, Any]]:
    """Each value of the text with its place; of a list its elements. Values stand one after another.

    Raises:
        DataError: if the text is not JSON, ends inside a value, or holds what the module's head names.
    """
    place = _skipped(_BLANKS, text, 0)
    while place < len(text):
        if text[place] != "[" or _ROW.match(text, place):
            value, end = _decoded(text, place)
            yield place, value
        else:
            end = _skipped(_BLANKS, text, place + 1)
            while text[end : end + 1] != "]":
                value, stop = _decoded(text, end)
                yield end, value
                end = _skipped(_BETWEEN, text, stop)
            end += 1
        place = _skipped(_BLANKS, text, end)


def parse(text: str) -> Any:
    """The one value that the text is.

    Raises:
        DataError: as `elements`, and if something follows the value.
    """
    value, end = _decoded(text, _skipped(_BLANKS, text, 0))
    if text[end:].strip(" \t\r\n"):
        raise DataError(f"not JSON: got {text[end:].strip()[:20]!r} after the value")
    return value


def described(value: object) -> str:
    """What a value is, for messages.

    >>> described(None), described([])
    ('null', 'a JSON list')
    """
    return "null" if value is None else f"a JSON {type(value).__name__}"


def json_line(value: object) -> str:
    """The value as JSON on one line, without the line end; what JSON has no form for (dates) as its text."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=str)


def _goes_on(line: str) -> bool:
    """Whether the file is more than a value a line, told from its first line: a list, or an object in several lines."""
    row = line.strip(" \t\r\n")
    return row == "{" or (row.startswith("[") and not _ROW.match(row))


def _located(text: str, line: int, source: Source) -> Iterator[tuple[int, Any]]:
    """The elements of a text with the lines that they begin in."""
    done = 0
    try:
        for place, value in elements(text):
            line, done = line + text.count("\n", done, place), place
            yield line, value
    except _JsonError as error:
        source.fail(line + text.count("\n", done, error.place), str(error))


class _JsonError(DataError):
    """Text that is not JSON, with the place of the value that is not."""

    def __init__(self, problem: str, place: int = 0) -> None:
        super().__init__(problem)
        self.place = place


def _decoded(text: str, place: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        raise _JsonError(f"not JSON: {error.msg} at column {error.colno}", error.pos) from error
    except RecursionError as error:
        raise _JsonError(f"not read: lists or objects inside one another {_DEPTH} times and more", place) from error
    except ValueError as error:  # Python's bound on the digits of a number
        raise _JsonError("not read: a number of thousands of digits", place) from error
    except DataError as error:
        raise _JsonError(str(error), place) from error
    if _SURROGATE.search(text, place, end):
        _refuse_surrogates(value, place)
    if text.count("[", place, end) + text.count("{", place, end) > _DEPTH and _is_deep(value):
        raise _JsonError(f"not read: lists or objects inside one another {_DEPTH} times and more", place)
    return value, end


def _object(pairs: list[tuple[str, Any]]) -> Record:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"the field {twice!r} comes twice in one object; keep one of them")
    return found


def _constant(name: str) -> NoReturn:
    raise DataError(f"got {name}, which is no value of JSON; write null or a number")


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise DataError(f"the number {digits[:20]} is too large")
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_number)


def _refuse_surrogates(value: Any, place: int) -> None:
    """Raise if the value holds half a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise _JsonError(f"half a surrogate pair {half!r} is no character; fix the escape", place) from error
    except RecursionError:
        return  # refused for its depth


def _is_deep(value: Any) -> bool:
    """Whether lists and objects are inside one another more than `_DEPTH` times."""
    level = [value]
    for _ in range(_DEPTH + 1):
        level = [part for one in level if isinstance(one, dict | list) for part in _parts(one)]
    return bool(level)


def _parts(value: Record | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _finite(value: Any) -> Any:
    """The value with None for what is not a number."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _skipped(blanks: re.Pattern[str], text: str, place: int) -> int:
    match = blanks.match(text, place)
    return match.end() if match else place
