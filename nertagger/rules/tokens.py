"""Token patterns as spaCy's Matcher has them: conditions on the attributes of words, and how often each word occurs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nertagger.errors import DataError
from nertagger.rules.attributes import ATTRIBUTES, Value, kind_of

LONGEST = 512
"""The most tokens of a match."""

_OPERATORS = {"1": (1, 1), "!": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}
_COUNTS = re.compile(r"\{(\d{0,9})(,?)(\d{0,9})\}")

_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda value, other: bool(value == other),
    "!=": lambda value, other: bool(value != other),
    ">=": lambda value, other: bool(value >= other),
    "<=": lambda value, other: bool(value <= other),
    ">": lambda value, other: bool(value > other),
    "<": lambda value, other: bool(value < other),
    "IN": lambda value, others: value in others,
    "NOT_IN": lambda value, others: value not in others,
    "REGEX": lambda value, patterns: any(pattern.search(value) for pattern in patterns),
    "REGEX NOT_IN": lambda value, patterns: not any(pattern.search(value) for pattern in patterns),
}
_COMPARISONS = ("==", "!=", ">=", "<=", ">", "<")


class Condition(NamedTuple):
    """A test of one attribute of a word.

    Attributes:
        attribute: its name, such as LOWER.
        test: a key of the tests above.
        value: what it is compared with.
    """

    attribute: str
    test: str
    value: Any

    def holds(self, word: str) -> bool:
        """Return whether the word passes the test."""
        return _TESTS[self.test](ATTRIBUTES[self.attribute](word), self.value)


@dataclass(frozen=True)
class TokenPattern:
    """What a word must be like, and how many such words follow one another.

    Attributes:
        conditions: all must hold.
        is_negated: whether they must not all hold (the operator ``!``).
        least: the fewest words.
        most: the most words; None for any number.
    """

    conditions: tuple[Condition, ...]
    is_negated: bool = False
    least: int = 1
    most: int | None = 1

    def fits(self, word: str) -> bool:
        """Return whether a word is of this kind."""
        return all(condition.holds(word) for condition in self.conditions) is not self.is_negated


def parse_token(spec: Any) -> TokenPattern:
    """Return the pattern of one token, from an object such as ``{"LOWER": "inc", "OP": "?"}``.

    Raises:
        DataError: if it has a key or value that is not supported.
    """
    if not isinstance(spec, Mapping):
        raise DataError(got=f"{spec!r:.60} in a token pattern", expected='objects such as {"LOWER": "inc"}')
    upper = {str(key).upper(): value for key, value in spec.items()}
    operator = upper.pop("OP", "1")
    conditions = [one for key, value in upper.items() for one in _conditions(key, value)]
    least, most = _repetitions(operator)
    return TokenPattern(tuple(conditions), operator == "!", least, most)


def _conditions(key: str, value: Any) -> list[Condition]:
    if key not in ATTRIBUTES:
        raise DataError(got=f"the key {key!r:.40} in a token pattern", expected=f"one of {', '.join(ATTRIBUTES)}, OP")
    if isinstance(value, Mapping):
        return [_condition(key, str(test).upper(), other) for test, other in value.items()]
    return [Condition(key, "==", _checked(key, value))]


def _condition(key: str, test: str, value: Any) -> Condition:
    kind = kind_of(key)
    if test == "REGEX" and kind is str:
        if isinstance(value, Mapping) and len(value) == 1 and "".join(value).upper() in ("IN", "NOT_IN"):
            ((inner, values),) = value.items()
            test = "REGEX NOT_IN" if inner.upper() == "NOT_IN" else test
            return Condition(key, test, tuple(_expression(key, one) for one in _checked_list(key, inner, values)))
        return Condition(key, test, (_expression(key, value),))
    if test in ("IN", "NOT_IN") and kind is not bool:
        return Condition(key, test, frozenset(_checked(key, one) for one in _checked_list(key, test, value)))
    if test in _COMPARISONS and kind is int:
        return Condition(key, test, _checked(key, value))
    allowed = {str: "IN, NOT_IN or REGEX", int: f"IN, NOT_IN, {', '.join(_COMPARISONS)}", bool: "true or false"}[kind]
    raise DataError(got=f"{key} with the predicate {test!r:.40}", expected=allowed)


def _checked_list(key: str, test: str, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise DataError(got=f"{value!r:.60} for {test} of {key}", expected="a list")
    return list(value)


def _checked(key: str, value: Any) -> Value:
    kind = kind_of(key)
    if kind is bool and value in (0, 1):
        return bool(value)
    if type(value) is not kind:
        expected = {str: "a text", int: "a whole number", bool: "true or false"}[kind]
        raise DataError(got=f"{value!r:.60} for {key}", expected=expected)
    checked: Value = value
    return checked


def _expression(key: str, value: Any) -> re.Pattern[str]:
    try:
        return re.compile(str(_checked(key, value)))
    except (re.error, RecursionError, OverflowError) as error:
        raise DataError(f"{value!r:.60} is not a regular expression: {error}") from error


def _repetitions(operator: Any) -> tuple[int, int | None]:
    """Return the fewest and the most words for the value of OP."""
    if not isinstance(operator, str):
        raise DataError(got=f"the operator {operator!r:.40}", expected="one of ! ? + * {n} {n,m} {n,} {,m}")
    if operator in _OPERATORS:
        return _OPERATORS[operator]
    found = _COUNTS.fullmatch(operator)
    low, comma, high = found.groups() if found else ("", "", "")
    least = int(low or 0)
    most = (int(high) if high else None) if comma else least
    if not (low or high) or not (low or comma) or (most is not None and not least <= most) or len(low + high) > 9:
        raise DataError(got=f"the operator {operator!r:.40}", expected="one of ! ? + * {n} {n,m} {n,} {,m}")
    if max(least, most or 0) > LONGEST:
        raise DataError(got=f"the operator {operator!r:.40}", expected=f"at most {LONGEST} tokens")
    return least, most
