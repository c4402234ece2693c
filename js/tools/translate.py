"""Python's regular expressions in JavaScript's syntax, with the same matches.

The parse tree of Python's own ``re`` is written out for the flag ``u``. What JavaScript lacks is put differently:
``a*+`` and ``(?>a)`` become a look-ahead that captures, and a reference to what it captured; ``(?i:a)`` lists the
characters that Python takes for the same; ``\\w``, ``\\d``, ``\\s`` and ``\\b`` are Python's, for all of Unicode.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Part = tuple[Any, Any]
"""An operator and its arguments, as Python's parser gives them."""

_SETS = {"WORD": r"\p{L}\p{N}_", "DIGIT": r"\p{Nd}"}
_ASCII_SETS = {"WORD": "A-Za-z0-9_", "DIGIT": "0-9"}
_CHARACTERS = (op.LITERAL, op.NOT_LITERAL, op.IN)
_LAZY = {op.MAX_REPEAT: "", op.MIN_REPEAT: "?", op.POSSESSIVE_REPEAT: ""}
_COUNTS = {(0, op.MAXREPEAT): "*", (1, op.MAXREPEAT): "+", (0, 1): "?"}


def translate(pattern: re.Pattern[str], *, ascii_only: bool = False) -> str:
    """Return the source of a JavaScript expression, for the flag ``u``, that matches what a Python expression does.

    Args:
        pattern: the expression.
        ascii_only: whether it is for ASCII text alone, which makes it shorter.

    Raises:
        NotImplementedError: if the expression has a part that no expression of the tokenizer has.
    """
    return _Writer(pattern, ascii_only=ascii_only).sequence(parser.parse(pattern.pattern, pattern.flags))


def escaped(character: str) -> str:
    """Return a character as JavaScript's expressions and strings write it."""
    return character if character.isascii() and character.isalnum() else rf"\u{{{ord(character):x}}}"


def spaces(*, ascii_only: bool = False) -> str:
    """Return Python's white space, which is not JavaScript's, as the inside of a bracket."""
    last = 0x80 if ascii_only else sys.maxunicode
    return _in_ranges([code for code in range(last) if chr(code).isspace()])


class _Writer:
    """Writes one expression; counts its groups, to which it refers."""

    def __init__(self, pattern: re.Pattern[str], *, ascii_only: bool) -> None:
        self._names = {number: name for name, number in pattern.groupindex.items()}
        self._groups = 0
        self._ignores_case = False
        self._sets = (_ASCII_SETS if ascii_only else _SETS) | {"SPACE": spaces(ascii_only=ascii_only)}

    def sequence(self, parts: Iterable[Part]) -> str:
        return "".join(self._part(operator, value) for operator, value in parts)

    def _part(self, operator: Any, value: Any) -> str:
        if operator in _CHARACTERS:
            return self._characters(operator, value)
        if operator is op.AT:
            return self._place(value)
        if operator is op.FAILURE:
            return "(?!)"
        if operator is op.BRANCH:
            return f"(?:{'|'.join(map(self.sequence, value[1]))})"
        if operator in (op.ASSERT, op.ASSERT_NOT):
            direction, parts = value
            sign = ("" if direction > 0 else "<") + ("=" if operator is op.ASSERT else "!")
            return f"(?{sign}{self.sequence(parts)})"
        if operator is op.ATOMIC_GROUP:
            return self._atomic(value)
        if operator in _LAZY:
            return self._repeat(operator, value)
        if operator is op.SUBPATTERN:
            return self._group(value)
        raise NotImplementedError(f"{operator} of a regular expression has no translation")

    def _group(self, value: Any) -> str:
        number, added, _, parts = value
        before, self._ignores_case = self._ignores_case, self._ignores_case or bool(added & re.IGNORECASE)
        if number is None:
            group = f"(?:{self.sequence(parts)})"
        else:
            self._groups += 1
            group = f"(?<{self._names[number]}>{self.sequence(parts)})"
        self._ignores_case = before
        return group

    def _repeat(self, operator: Any, value: Any) -> str:
        least, most, parts = value
        if operator is op.POSSESSIVE_REPEAT:
            return self._atomic([(op.MAX_REPEAT, value)])
        bounds = f"{{{least}}}" if least == most else f"{{{least},{most}}}"
        count = _COUNTS.get((least, most), bounds.replace(str(op.MAXREPEAT), "")) + _LAZY[operator]
        inner = self.sequence(parts)
        is_one = len(parts) == 1 and parts[0][0] in _CHARACTERS
        return f"{inner}{count}" if is_one else f"(?:{inner}){count}"

    def _atomic(self, parts: Iterable[Part]) -> str:
        self._groups += 1
        number = self._groups
        return rf"(?=({self.sequence(parts)}))\{number}(?:)"

    def _characters(self, operator: Any, value: Any) -> str:
        """Return the class of the characters that a literal or a bracket is for."""
        items = value if operator is op.IN else [(op.LITERAL, value)]
        negated = operator is op.NOT_LITERAL or items[0][0] is op.NEGATE
        inside, excluded = "", ""  # the class is the union of the first and of what is not in the second
        for kind, item in items:
            if kind is op.CATEGORY:
                name = str(item).removeprefix("CATEGORY_")
                inside += self._sets.get(name, "")
                excluded += self._sets[name.removeprefix("NOT_")] if name.startswith("NOT_") else ""
            elif kind is not op.NEGATE:
                inside += self._listed(kind, item)
        return _class_of(inside, excluded, negated=negated)

    def _listed(self, kind: Any, item: Any) -> str:
        if kind is op.LITERAL:
            return "".join(_same_letters(item)) if self._ignores_case else escaped(chr(item))
        if self._ignores_case:
            raise NotImplementedError("a range of characters in either case has no translation")
        return "-".join(escaped(chr(end)) for end in item)

    def _place(self, value: Any) -> str:
        if value is op.AT_END_STRING:
            return "$"
        if value is op.AT_BOUNDARY:
            word = self._sets["WORD"]
            return f"(?:(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}]))"
        raise NotImplementedError(f"{value} of a regular expression has no translation")


def _class_of(inside: str, excluded: str, *, negated: bool) -> str:
    """Return the bracket of the characters inside or not excluded, or its complement."""
    if not excluded:
        is_one = len(inside) == 1 or (inside.count("\\") == 1 and inside.startswith(r"\u") and inside.endswith("}"))
        return inside if is_one and not negated else f"[{'^' if negated else ''}{inside}]"
    if negated:
        return f"(?:(?![{inside}])[{excluded}])" if inside else f"[{excluded}]"
    return f"(?:[{inside}]|[^{excluded}])" if inside else f"[^{excluded}]"


@cache
def _same_letters(code: int) -> list[str]:
    """Return the characters that a character matches where case is ignored."""
    return list(map(escaped, re.findall(f"(?i:{re.escape(chr(code))})", _all_characters())))


@cache
def _all_characters() -> str:
    return "".join(map(chr, range(sys.maxunicode + 1)))


def _in_ranges(codes: list[int]) -> str:
    """Return code points in rising order as the inside of a bracket, runs of them as ranges."""
    ends: list[list[int]] = []
    for code in codes:
        if ends and ends[-1][1] == code - 1:
            ends[-1][1] = code
        else:
            ends.append([code, code])
    return "".join(escaped(chr(a)) + (f"-{escaped(chr(b))}" if b > a else "") for a, b in ends)
