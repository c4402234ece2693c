"""Strict reading of JSON values with their lines, and writing a value as one line of JSON.

Unlike Python's own decoder, this one rejects duplicate names in an object (one value would be lost), NaN and Infinity
(not JSON), halves of surrogate pairs (they cannot be encoded), numbers with thousands of digits, and deep nesting.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NoReturn

from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.invisible import BYTE_ORDER_MARK

Record = dict[str, Any]
UNREADABLE_ROWS = "rows left out that could not be read"

_MAX_DEPTH = 100
_EDGE = f" \t\r\n{BYTE_ORDER_MARK}"
_BLANKS = re.compile(f"[{_EDGE}]*")
_BETWEEN = re.compile(f"[{_EDGE},]*")
_PAIR = re.compile(r'\[[ \t\r\n]*"')  # spaCy's [text, {"entities": ...}] is one value, not a list of values
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PYTHON = re.compile(r"[\s\[(]*(\{'|\(?['\"])")  # an object or a pair as Python writes them
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_values(lines: Iterator[str], source: Source) -> Iterator[tuple[int, Any]]:
    """Yield the values of a file with their line numbers: JSON lines, or the elements of a JSON list in any layout.

    JSON lines are read one at a time, and a lenient source leaves out lines that are not JSON. Any other file is read
    into memory.
    """
    numbered = ((number, line) for number, line in enumerate(lines, source.first_line) if line.strip(_EDGE))
    first = next(numbered, None)
    if first is None:
        return
    if source.first_line == 1 and spans_lines(first[1]):  # a later part of a file is JSON lines
        rest = list(lines)
        text = "\n" * (first[0] - 1) + first[1] + "".join(rest)
        if not _is_cut_off(first[1], rest, text):
            yield from _numbered_elements(text, 1, source)
            return
        numbered = ((number, line) for number, line in enumerate(rest, first[0] + 1) if line.strip(_EDGE))
    for number, line in chain([first], numbered):
        try:
            values = [value for _, value in elements(line)]
        except DataError as error:
            source.leave_out(number, UNREADABLE_ROWS, error)
            continue
        yield from ((number, value) for value in values)


def elements(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the values in a text, one after another, with their offsets; instead of a list, its elements.

    Commas after values are ignored: lines that were cut out of a list have them.

    Raises:
        DataError: if the text is not JSON, ends inside a value, or has anything that this module rejects.
    """
    offset = _skip(_BLANKS, text, 0)
    while offset < len(text):
        if text[offset] != "[" or _PAIR.match(text, offset):
            value, end = _decode(text, offset)
            yield offset, value
        else:
            end = _skip(_BLANKS, text, offset + 1)
            while text[end : end + 1] != "]":
                value, stop = _decode(text, end)
                yield end, value
                end = _skip(_BETWEEN, text, stop)
            end += 1
        offset = _skip(_BETWEEN, text, end)


def parse_json(text: str) -> Any:
    """Return the only value in a text.

    Raises:
        DataError: as `elements`, and if something follows the value.
    """
    value, end = _decode(text, _skip(_BLANKS, text, 0))
    if text[end:].strip(_EDGE):
        raise DataError(f"not JSON: got {text[end:].strip()[:20]!r} after the value")
    return value


def as_lists(value: Any) -> Any:
    """Return a value that Python wrote with lists instead of tuples, as JSON has them."""
    if isinstance(value, dict):
        return {name: as_lists(part) for name, part in value.items()}
    return [as_lists(part) for part in value] if isinstance(value, list | tuple) else value


def without(record: Record, *names: str) -> Record:
    """Return a record without some of its fields."""
    return {name: part for name, part in record.items() if name not in names}


def described(value: object) -> str:
    """Return the kind of a value, for messages.

    >>> described(None), described([])
    ('null', 'a JSON list')
    """
    return "null" if value is None else f"a JSON {type(value).__name__}"


def json_line(value: object) -> str:
    """Return the value as JSON on one line, without the line end.

    Arrays and numbers of NumPy become lists and numbers, other objects (such as dates) strings.
    """
    try:
        return json.dumps(value, ensure_ascii=False, default=_as_json, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_as_json)


def _as_json(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else str(value)


def spans_lines(line: str) -> bool:
    """Return whether a file that begins with this line is a list, or an object in several lines, not JSON lines."""
    row = line.strip(_EDGE)
    return (row.startswith("[") and not _PAIR.match(row)) or (row.startswith("{") and _is_open(row))


def _is_open(row: str) -> bool:
    """Return whether a row ends inside an object or a list, but outside of a string."""
    rest = _STRING.sub("", row)
    return '"' not in rest and sum(rest.count(mark) for mark in "{[") > sum(rest.count(mark) for mark in "}]")


def _is_cut_off(first: str, rest: Sequence[str], text: str) -> bool:
    """Return whether a first line that begins an object is one of JSON lines that was cut off.

    Then the text is not JSON as a whole, but the next line is.
    """
    row = first.strip(_EDGE)
    following = [line for line in rest if line.strip(_EDGE)][:1]
    return row.startswith("{") and row != "{" and any(map(_is_json, following)) and not _is_json(text)


def _is_json(text: str) -> bool:
    try:
        return len(list(elements(text))) > 0
    except DataError:
        return False


def _numbered_elements(text: str, line: int, source: Source) -> Iterator[tuple[int, Any]]:
    """Yield the elements of a text with their line numbers."""
    done = 0
    try:
        for offset, value in elements(text):
            line, done = line + text.count("\n", done, offset), offset
            yield line, value
    except _JsonError as error:
        source.fail(line + text.count("\n", done, error.offset), error)


class _JsonError(DataError):
    """Text that is not valid JSON, with the offset of the invalid value."""

    def __init__(self, problem: str = "", *, offset: int = 0, cause: DataError | None = None) -> None:
        error = cause or DataError(problem)
        super().__init__(error.problem, got=error.got, expected=error.expected, remedy=error.remedy)
        self.offset = offset


def _decode(text: str, offset: int) -> tuple[Any, int]:
    """Return the value that begins at an offset, and its end."""
    try:
        value, end = _DECODER.raw_decode(text, offset)
    except json.JSONDecodeError as error:
        remedy = "write it with json.dumps" if _PYTHON.match(text, offset) else None
        problem = error.msg.removesuffix(" at")
        cause = DataError(f"not JSON: {problem} at column {error.colno}", remedy=remedy)
        raise _JsonError(offset=error.pos, cause=cause) from error
    except RecursionError as error:
        raise _too_deep(offset) from error
    except ValueError as error:  # Python's limit on the digits of a number
        raise _JsonError("not read: a number with thousands of digits", offset=offset) from error
    except DataError as error:
        raise _JsonError(offset=offset, cause=error) from error
    if _SURROGATE.search(text, offset, end):
        _reject_surrogates(value, offset)
    if text.count("[", offset, end) + text.count("{", offset, end) > _MAX_DEPTH and _is_deep(value):
        raise _too_deep(offset)
    return value, end


def _too_deep(offset: int) -> _JsonError:
    return _JsonError(f"not read: lists or objects nested {_MAX_DEPTH} times or more", offset=offset)


def _object(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise DataError(f"the field {duplicate!r} comes twice in one object", remedy="keep one of them")
    return record


def _constant(name: str) -> NoReturn:
    raise DataError(got=f"{name}, which is not valid in JSON", remedy="write null or a number")


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise DataError(f"the number {digits[:20]} is too large")
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_number)


def _reject_surrogates(value: Any, offset: int) -> None:
    """Raise DataError if the value contains half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        cause = DataError(f"half a surrogate pair {half!r} is no character", remedy="fix the escape")
        raise _JsonError(offset=offset, cause=cause) from error
    except RecursionError:
        return  # rejected for its depth


def _is_deep(value: Any) -> bool:
    """Return whether lists and objects are nested more than `_MAX_DEPTH` times."""
    level = [value]
    for _ in range(_MAX_DEPTH + 1):
        level = [part for one in level if isinstance(one, dict | list) for part in _parts(one)]
    return bool(level)


def _parts(value: Record | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _finite(value: Any) -> Any:
    """Return the value with None instead of numbers that are not finite."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _skip(blanks: re.Pattern[str], text: str, offset: int) -> int:
    match = blanks.match(text, offset)
    return match.end() if match else offset
