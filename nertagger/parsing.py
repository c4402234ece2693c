"""JSON and TOML from untrusted files: plain values of bounded depth and size, or an error of one line."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from typing import Any

_DEEPEST = 32  # levels of nested lists and tables
_MOST_DIGITS = 20  # of a 64-bit number, its sign included
_LARGEST = 1 << 64
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Strings and comments of TOML, which may contain any number of dots.
_TOML_TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*',
    re.DOTALL,
)
_DEEP_KEY = re.compile(r"(?:\.[^\n.=,\[\]{}]*){32}")


def load_json(content: str | bytes | memoryview) -> Any:
    """Return the value of a JSON text, which is UTF-8 if given as bytes.

    Raises:
        ValueError: in one line, if it is not JSON, has a key twice, is nested too deeply, or holds a number that is not
            finite or has more than 64 bits, or half a surrogate pair.
    """
    text = content if isinstance(content, str) else str(content, "utf-8")
    try:
        value = json.loads(text, parse_int=_whole_number, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _check(value, finite=True)
    if _SURROGATE.search(text):
        _check_surrogates(value)
    return value


def load_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text; raises ValueError as `load_json` does, but accepts infinite and NaN."""
    if _DEEP_KEY.search(_TOML_TEXT.sub('""', text)):  # tomllib takes quadratic time in the length of a dotted key
        raise ValueError("it is nested too deeply")
    try:
        value = tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # from `int`, which limits the number of digits
        raise ValueError("it holds a number of more than 64 bits") from None
    _check(value, finite=False)
    return value


def distinct_strings(values: Mapping[str, Any], key: str) -> list[str]:
    """Return the list of different strings that a key has; raises ValueError if it has another value."""
    items = values.get(key)
    if isinstance(items, list) and all(type(item) is str for item in items) and len(set(items)) == len(items):
        return items
    got = "list with others, or with repeated ones" if isinstance(items, list) else type(items).__name__
    raise ValueError(f"{key} is a {got}, expected a list of different strings")


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("it holds a number of more than 64 bits")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for place, name in enumerate(names) if name in names[:place])
        raise ValueError(f"it has the key {repeated!r:.60} more than once")
    return values


def _check(value: Any, *, finite: bool, depth: int = 0) -> None:
    """Raise ValueError if a list or table is nested too deeply, or a number is out of bounds."""
    if depth > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if finite and isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"it holds a number that is not finite ({value})")
    if isinstance(value, int) and not -_LARGEST < value < _LARGEST:
        raise ValueError("it holds a number of more than 64 bits")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if type(inner) is not str:
            _check(inner, finite=finite, depth=depth + 1)


def _check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"it holds half a surrogate pair, {error.object[error.start]!r}") from None
