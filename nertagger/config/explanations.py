"""One-line explanations of wrong settings: the name, what was got, what was expected, and the nearest name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

from nertagger.config.fields import fields_of, sections_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_EXPECTED = {
    "model_type": "a section",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "a string",
    "string_too_short": "a name, which is not empty",
    "list_type": "a list in brackets, its strings in quotes",
}


def setting_name(kind: type[BaseModel], error: ErrorDetails) -> str:
    """Return the dotted name of the setting or section that an error is about; empty if it is about several."""
    return ".".join(map(str, error["loc"][: _depth(kind)]))


def explain(kind: type[BaseModel], errors: Sequence[ErrorDetails]) -> str:
    """Return a one-line explanation of the first of the errors in settings of this class."""
    error = errors[0]
    name = setting_name(kind, error)
    if error["type"] == "extra_forbidden":
        return _explain_unknown(kind, name)
    if not name:
        return error["msg"].removeprefix("Value error, ")
    place = _place(kind, error)
    expected = dict.fromkeys(_expected(other) for other in errors if _place(kind, other) == place)
    return f"{place}: expected {', or '.join(expected)}, got {error['input']!r:.60}"


def _place(kind: type[BaseModel], error: ErrorDetails) -> str:
    """Return the setting, with the position in a list; all members of a union are at the same place."""
    positions = (f"[{i}]" for i in error["loc"][_depth(kind) :] if isinstance(i, int))
    return "".join([setting_name(kind, error), *positions])


def _expected(error: ErrorDetails) -> str:
    expected = _EXPECTED.get(error["type"]) or error["msg"].removeprefix("Input should be ")
    return f"a number {expected}" if error["type"].startswith(("greater", "less")) else expected


def _depth(kind: type[BaseModel]) -> int:
    """Return how many parts the name of a setting has."""
    return 2 if sections_of(kind) else 1


def _explain_unknown(kind: type[BaseModel], name: str) -> str:
    """Return which name to write instead of one that does not exist."""
    is_section = bool(sections_of(kind)) and "." not in name
    asked = f"{'section' if is_section else 'setting'} {name}"
    key = name.rpartition(".")[2]
    if elsewhere := [setting for setting in fields_of(kind) if setting.endswith(f".{key}")]:
        return f"there is no {asked}; there is {' and '.join(elsewhere)}"
    candidates = list(sections_of(kind) if is_section else fields_of(kind))
    nearest = difflib.get_close_matches(name, candidates, n=1, cutoff=0.0)
    return f"there is no {asked}; the nearest is {nearest[0]}"
