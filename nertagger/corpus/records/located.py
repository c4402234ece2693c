"""Entities that records give by their texts alone, without offsets, found in the text of the record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from nertagger.corpus.records.json_values import Record
from nertagger.corpus.records.mentions import LABEL_NAMES, OFFSET_NAMES, UNREADABLE_ENTITIES, with_usual_names
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.printable import counted

_TEXT_NAMES = ("text", "value", "word", "mention", "span", "surface", "name", "entity")
_LOCATED = "entities without offsets, located by their text"
_EVERYWHERE = "entities listed fewer times than the text occurs, read everywhere"
_Range = tuple[int, int]


def with_offsets(value: Any, text: str, line: int, source: Source) -> Any:
    """Return annotation with the offsets of its entities if it gives their texts and labels alone, else unchanged.

    Such annotation is a list of objects or of pairs (``["Oslo", "LOC"]``), an object of labels with lists of texts, or
    one of texts with their labels.

    Raises:
        DataError: if a text does not occur, or occurs more often than it is listed. A lenient source leaves out the
            former, and reads the latter wherever they occur.
    """
    quoted = _quoted(value, text)
    if not quoted:
        return value
    located: list[Record] = []
    taken: list[_Range] = []
    by_length = sorted(quoted, key=lambda item: (-len(item["text"]), item["text"]))
    for surface, group in groupby(by_length, key=lambda item: str(item["text"])):
        items = list(group)
        ranges = _ranges(surface, text, taken)
        occurs = f"occurs {counted(len(ranges), 'time')}"
        if len(ranges) < len(items):
            problem = f"the entity {surface[:40]!r} is listed {counted(len(items), 'time')} and {occurs}"
            source.leave_out(line, UNREADABLE_ENTITIES, DataError(problem, remedy="give start and end"))
        elif len(ranges) > len(items):
            problem = f"the entity {surface[:40]!r} has no offsets and {occurs} in the text"
            source.repair(line, _EVERYWHERE, DataError(problem, remedy="give start and end"))
            items += [items[-1]] * (len(ranges) - len(items))
        located += [{**item, "start": start, "end": end} for item, (start, end) in zip(items, ranges, strict=False)]
        taken += ranges
    source.count(line, _LOCATED, len(located))
    return sorted(located, key=lambda item: int(item["start"]))


def _quoted(value: Any, text: str) -> list[Record]:
    """Return an object with text and label for each entity; empty if the annotation has another form."""
    if isinstance(value, list):
        if value and all(_is_pair(item) for item in value):
            return _of_pairs(value, text)
        items = [_of_object(item) for item in value]
        return [item for item in items if item is not None] if None not in items else []
    if not isinstance(value, dict) or not value:
        return []
    if all(isinstance(part, str) for part in value.values()):
        return _of_pairs(list(value.items()), text)
    lists = all(isinstance(part, list) and all(isinstance(one, str) for one in part) for part in value.values())
    pairs = [(one, label) for label, part in value.items() for one in part] if lists else []
    return _of_pairs(pairs, text)


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and [type(part) for part in item] == [str, str]


def _of_pairs(pairs: Sequence[Sequence[str]], text: str) -> list[Record]:
    """Return the entities of pairs of a text and a label, in the order by which all texts occur; empty if unclear."""
    orders = [(first, 1 - first) for first in (0, 1) if all(pair[first] in text for pair in pairs)]
    if not pairs or len(orders) != 1:
        return []
    [(surface, label)] = orders
    return [{"text": pair[surface], "label": pair[label]} for pair in pairs if pair[surface].strip()]


def _of_object(item: Any) -> Record | None:
    """Return an object with text and label; None if it has offsets, or not both of them as strings."""
    if not isinstance(item, dict) or _has_offsets(item) or _has_offsets(with_usual_names(item)):
        return None
    label = next((name for name in LABEL_NAMES if isinstance(item.get(name), str)), None)
    names = (name for name in _TEXT_NAMES if name != label and isinstance(item.get(name), str))
    surface = next(names, None)
    if label is None or surface is None or not item[surface].strip():
        return None
    rest = {name: part for name, part in item.items() if name not in (label, surface)}
    return {**rest, "text": item[surface], "label": item[label]}


def _has_offsets(item: Record) -> bool:
    return any(item.get(name) is not None for name in OFFSET_NAMES)


def _ranges(surface: str, text: str, taken: Sequence[_Range]) -> list[_Range]:
    """Return where the text of an entity occurs: as whole words if it does so anywhere, outside of longer entities."""
    found = [(match.start(), match.end()) for match in re.finditer(re.escape(surface), text)]
    for is_better in (lambda one: _is_whole(one, text), lambda one: _is_free(one, taken)):
        found = list(filter(is_better, found)) or found
    return found


def _is_whole(characters: _Range, text: str) -> bool:
    start, end = characters
    return not any(text[max(edge - 1, 0) : edge + 1].isalnum() for edge in (start, end) if 0 < edge < len(text))


def _is_free(characters: _Range, taken: Sequence[_Range]) -> bool:
    return all(characters[1] <= start or end <= characters[0] for start, end in taken)
