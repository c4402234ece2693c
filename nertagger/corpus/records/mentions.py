"""Entities in records, before it is known whether their offsets count characters or tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from nertagger.corpus.source import Source
from nertagger.corpus.tables.plain_names import plain_name
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.invisible import visible

_STARTS = (
    *("start", "start_offset", "begin", "start_char", "start_pos", "startOffset", "beginOffset"),
    *("start_index", "startIndex", "from", "token_start"),
)
_ENDS = ("end", "end_offset", "end_char", "end_pos", "endOffset", "end_index", "endIndex", "to", "token_end")
_EXTENT = "offset", "length"
_INCLUSIVE = "startPos", "endPos"  # of LUIS
_RANGES = ("span", "offsets", "pos", "position", "range", "location")  # [start, end], an object, or a list of one
_ALIASES = {  # as `plain_name` gives them
    **dict.fromkeys("beginoffset charbegin charstart offsetstart startchar startposition".split(), "start"),
    **dict.fromkeys("charend endchar endposition offsetend stop".split(), "end"),
    **dict.fromkeys("entitylabel labelname ner nertag type".split(), "label"),
    "label": "label",
    "endoffset": "end",
}
OFFSET_NAMES = (*_STARTS, *_ENDS, *_EXTENT, *_INCLUSIVE)
"""The fields of an entity that may hold offsets."""
LABEL_NAMES = (
    *("label", "labels", "type", "entity_group", "entity", "hypertextlabels"),
    *("entity_type", "ner_label", "tag", "category", "class", "displayName"),
)
"""The fields of an entity that may hold its label, in order of precedence."""
_LABEL_FIRST = [str, int, int]  # of Argilla
_TEXTS = ("text", "value")
_SCORES = ("confidence", "score", "confidenceScore")
_KNOWN = {*OFFSET_NAMES, *LABEL_NAMES, *_TEXTS, *_SCORES, "id", "rule", "user", "word"}
TRIMMED_LABELS = "labels with white space or invisible characters at the edges, which were removed"
_PIECES = "entities joined from the tagged pieces that a pipeline of Hugging Face found"
UNREADABLE_ENTITIES = "entities left out that could not be read"


class Mention(NamedTuple):
    """An entity whose offsets may count characters or tokens.

    Attributes:
        label: label of the entity.
        start: first character or token.
        end: the last character or token, or the one after it.
        text: the text of the entity, if the record has it.
        confidence: the confidence of the prediction, if a model predicted it.
        rule: the rule that found it, if one did.
        by_token: whether the offsets are called ``token_start`` and ``token_end`` (which is inclusive).
        typed: whether the label is called ``type``.
    """

    label: str
    start: int
    end: int
    text: str | None = None
    confidence: float | None = None
    rule: str | None = None
    by_token: bool = False
    typed: bool = False

    def __str__(self) -> str:
        return f"entity {self.label} {self.start}-{self.end}"


def read_mentions(items: Iterable[Any], line: int, source: Source) -> list[Mention]:
    """Return the mentions in a record's list of entities.

    Raises:
        DataError: if an item is malformed. A lenient source leaves it out.
    """
    mentions = []
    given = list(items)
    joined = joined_pieces(given)
    if len(joined) < len(given):
        source.count(line, _PIECES, len(joined))
    for item in joined:
        try:
            mention = _mention(item)
        except DataError as error:
            source.leave_out(line, UNREADABLE_ENTITIES, error)
            continue
        for name in _unknown_fields(item):
            source.count(line, f"entities with the field {name!r}, which is not kept")
        if (label := visible(mention.label)) != mention.label:
            source.count(line, TRIMMED_LABELS, example=repr(mention.label))
        if label.startswith("I-"):
            source.count(line, "labels in the form of tags, kept unchanged", example=repr(label))
        mentions.append(mention._replace(label=label))
    return mentions


def joined_pieces(items: list[Any]) -> list[Any]:
    """Return the entities of a pipeline of Hugging Face that lists the tag of each piece of a word.

    Such items have the fields ``entity`` (``B-PER``) and ``index``; any others are returned as they are. An entity has
    the lowest score of its pieces.
    """
    if not items or not all(isinstance(item, dict) and _is_piece(item) for item in items):
        return items
    entities: list[dict[str, Any]] = []
    last = None
    for item in items:
        prefix, label = item["entity"].split("-", 1)
        if last and prefix == "I" and entities[-1]["label"] == label and item["index"] == last["index"] + 1:
            entities[-1]["end"] = item["end"]
            entities[-1]["score"] = min(entities[-1]["score"], item["score"])
        else:
            entities.append({name: item[name] for name in ("start", "end", "score")} | {"label": label})
        last = item
    return entities


def _is_piece(item: dict[str, Any]) -> bool:
    types = {"entity": str, "index": int, "start": int, "end": int, "score": float}
    return all(type(item.get(name)) is kind for name, kind in types.items()) and item["entity"][:2] in ("B-", "I-")


def looks_like_mentions(value: Any, depth: int = 4) -> bool:
    """Return whether the value of an unknown field contains offsets with labels."""
    if isinstance(value, dict):
        names = " ".join(value).lower()
        if re.search("start|begin|offset", names) and re.search("label|type|tag|class|categor|entity", names):
            return True
        return depth > 0 and any(looks_like_mentions(part, depth - 1) for part in value.values())
    if not isinstance(value, list):
        return False
    if len(value) == 3 and [type(part) for part in value] in ([int, int, str], _LABEL_FIRST):
        return True
    return depth > 0 and any(looks_like_mentions(part, depth - 1) for part in value)


def _mention(item: Any) -> Mention:
    if isinstance(item, list) and len(item) == 3:
        label_first = [type(part) for part in item] == _LABEL_FIRST
        return _checked_mention(item, *(item[1:] + item[:1] if label_first else item))
    if isinstance(item, list) and (parts := _in_order(item)):
        return _checked_mention(item, *parts[:3])._replace(text=parts[3])
    if not isinstance(item, dict):
        expected = '{"start", "end", "label"} or [start, end, label]'
        raise DataError(got=f"the entity {_short(item)}", expected=expected)
    item = with_usual_names(item)
    start, end, label = (_first_of(item, names) for names in (_STARTS, _ENDS, LABEL_NAMES))
    if start is None and end is None and all(type(item.get(name)) is int for name in _EXTENT):  # of Azure
        start, end = item["offset"], sum(item[name] for name in _EXTENT)
    elif start is None and end is None and all(type(item.get(name)) is int for name in _INCLUSIVE):
        start, end = item["startPos"], item["endPos"] + 1
    score = _first_of(item, _SCORES)
    if isinstance(label, list) and len(label) == 1 and isinstance(label[0], dict):  # of Flair
        label, score = (label[0].get(name) for name in ("value", "confidence"))
    text = _first_of(item, _TEXTS)
    return _checked_mention(item, start, end, label)._replace(
        text=text if isinstance(text, str) and text else None,
        confidence=_confidence(score),
        rule=rule if isinstance(rule := item.get("rule"), str) else None,
        by_token=not {*_STARTS[:-1], *_ENDS[:-1], _EXTENT[0], _INCLUSIVE[0]} & item.keys(),
        typed="type" in item and not {"label", "labels"} & item.keys(),
    )


def _in_order(item: list[Any]) -> list[Any] | None:
    """Return start, end, label and text of a list of these four in a usual order; None if it is another list."""
    types = [type(part) for part in item]
    if types == [int, int, str, str]:
        return item
    return [*item[1:], item[0]] if types == [str, int, int, str] else None


def with_usual_names(item: dict[str, Any]) -> dict[str, Any]:
    """Return an entity with ``start``, ``end`` and ``label``, if these have rare names in it."""
    offsets = (*_INCLUSIVE, *_EXTENT)
    if all(_first_of(item, names) is not None for names in ((*_STARTS, *offsets), (*_ENDS, *offsets), LABEL_NAMES)):
        return item
    usual: dict[str, Any] = {}
    for name, value in item.items():
        alias = _ALIASES.get(plain_name(name))
        if name in _RANGES and (characters := _range(value)):
            usual |= characters
        elif alias is not None and alias not in item:
            usual[alias] = value
        else:
            usual[name] = value
    return usual


def _range(value: Any) -> dict[str, int] | None:
    """Return the only range in the value of a field as ``start`` and ``end``; None if it is something else."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and {"start", "end"} <= value.keys():
        value = [value["start"], value["end"]]
    is_range = isinstance(value, list) and [type(part) for part in value] == [int, int]
    return {"start": value[0], "end": value[1]} if is_range else None


def _checked_mention(item: Any, start: Any, end: Any, label: Any) -> Mention:
    """Return the mention with these offsets and label; raise DataError if they are malformed."""
    if isinstance(label, list):  # of Label Studio, which allows several labels
        if len(label) != 1:
            problem = f"{counted(len(label), 'label')} ({', '.join(map(str, label))})" if label else "no label"
            got = f"the entity {_short(item)} with {problem}"
            raise DataError(got=got, expected="one", remedy="keep one of them")
        label = label[0]
    if isinstance(label, dict) and isinstance(label.get("name"), str):
        label = label["name"]
    if type(label) is int:
        got = f"the entity {_short(item)} with a number as label"
        raise DataError(got=got, remedy="export the labels by name")
    start, end = map(_whole_number, (start, end))
    if type(start) is not int or type(end) is not int or not isinstance(label, str) or not visible(label):
        raise DataError(got=f"the entity {_short(item)}", expected="whole numbers start and end and a label")
    return Mention(label, start, end)


def _whole_number(value: Any) -> Any:
    """Return a whole number that is written as a string or with a fraction of zero; any other value unchanged."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,18}", value):
        return int(value)
    return int(value) if type(value) is float and value.is_integer() else value


def _confidence(score: Any) -> float | None:
    """Return the score if it is a probability, else None."""
    is_number = isinstance(score, int | float) and not isinstance(score, bool)
    return float(score) if is_number and 0 <= score <= 1 else None


def _unknown_fields(item: Any) -> list[str]:
    return [name for name, value in item.items() if name not in _KNOWN and value] if isinstance(item, dict) else []


def _first_of(item: dict[str, Any], names: Iterable[str]) -> Any:
    """Return the value of the first of these fields that exists and is not null."""
    return next((item[name] for name in names if item.get(name) is not None), None)


def _short(item: Any) -> str:
    text = repr(item)
    return text if len(text) <= 80 else f"{text[:77]}..."
