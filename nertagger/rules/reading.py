"""Gazetteers and patterns read from files or taken from Python values."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from nertagger.errors import DataError
from nertagger.files import open_text
from nertagger.parsing import load_json
from nertagger.printable import counted
from nertagger.rules.tokens import TokenPattern, parse_token

Gazetteer = str | os.PathLike[str] | Mapping[str, str]
"""A file of names and labels, or the labels of names."""
PatternSource = str | os.PathLike[str] | Mapping[str, Any]
"""A file of patterns, or one pattern."""

_IN_MEMORY = "gazetteer"
_PATTERN_KEYS = {"label", "pattern", "id"}


class Rule(NamedTuple):
    """What is an entity.

    Attributes:
        label: the label of the entities.
        pattern: a name, or the patterns of its tokens.
        name: what the entities say found them: the id of the rule, or its file and line.
    """

    label: str
    pattern: str | tuple[TokenPattern, ...]
    name: str


def read_gazetteer(source: Gazetteer) -> Iterator[Rule]:
    """Yield the rules of a gazetteer: a mapping from names to labels, or a file of ``name TAB label [TAB id]`` lines.

    Blank lines are skipped, and comments: lines that begin with ``#`` and a space, or with ``#`` and have no tab. White
    space around the fields is dropped.

    Raises:
        DataError: if the file cannot be read, or a line has no name or no label.
    """
    if isinstance(source, Mapping):
        for name, label in source.items():
            yield Rule(_label(label), _name(name), _IN_MEMORY)
        return
    yield from _rules_of_lines(os.fspath(source), _parse_row, is_skipped=_is_comment)


def _rules_of_lines(
    path: str, parse: Callable[[str, str], Rule], *, is_skipped: Callable[[str], bool]
) -> Iterator[Rule]:
    """Yield the rules of a file, which `parse` makes of each line and its place."""
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            if is_skipped(line):
                continue
            try:
                rule = parse(line, f"{path}:{number}")
            except DataError as error:
                raise error.at(path, number) from None
            yield rule


def _is_comment(line: str) -> bool:
    return not line.strip() or line.startswith("# ") or (line.startswith("#") and "\t" not in line)


def _parse_row(line: str, place: str) -> Rule:
    fields = line.split("\t")
    name, label, rule = [field.strip() for field in (*fields, "", "")][:3]
    if len(fields) > 3:
        raise DataError(got=counted(len(fields), "column"), expected="name, label and, if you like, id, between tabs")
    return Rule(_label(label), _name(name), rule or place)


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise DataError(got=f"the name {name!r:.40}", expected="a text; a line is name TAB label")
    return name


def _label(label: object) -> str:
    if not isinstance(label, str) or not label or label.split() != [label]:
        raise DataError(got=f"the label {label!r:.40}", expected="one word such as PER; a line is name TAB label")
    return label


def read_patterns(source: str | os.PathLike[str]) -> Iterator[Rule]:
    """Yield the rules of a file of patterns in the form of spaCy's EntityRuler, as JSON lines.

    A pattern is ``{"label": "ORG", "pattern": "Apple"}``, where the pattern is a name or a list of token patterns; it
    may have an ``id``.

    Raises:
        DataError: if the file cannot be read, or a pattern is not of this form or has keys that are not supported.
    """
    yield from _rules_of_lines(os.fspath(source), _parse_json, is_skipped=_is_blank)


def _is_blank(line: str) -> bool:
    return not line.strip()


def _parse_json(line: str, place: str) -> Rule:
    try:
        item = load_json(line)
    except ValueError as error:
        raise DataError(f"not a line of JSON: {error}", remedy="write one pattern per line") from error
    return parse_pattern(item, place)


def parse_pattern(item: Any, place: str) -> Rule:
    """Return the rule of one pattern; `place` is its name if it has no id.

    Raises:
        DataError: as `read_patterns`, without a place.
    """
    if not isinstance(item, Mapping) or not {"label", "pattern"} <= item.keys() <= _PATTERN_KEYS:
        got = f"the keys {', '.join(map(str, item))}" if isinstance(item, Mapping) else f"{item!r:.40}"
        raise DataError(got=got, expected='{"label": ..., "pattern": ...} and, if you like, "id"')
    rule, pattern = item.get("id"), item["pattern"]
    if rule is not None and not isinstance(rule, str | int):
        raise DataError(got=f"the id {rule!r:.40}", expected="a text")
    name = place if rule in (None, "") else str(rule)
    if isinstance(pattern, str):
        return Rule(_label(item["label"]), _name(pattern), name)
    if not isinstance(pattern, list | tuple) or not pattern:
        raise DataError(got=f"the pattern {pattern!r:.40}", expected="a name, or a list of token patterns")
    return Rule(_label(item["label"]), tuple(map(parse_token, pattern)), name)
