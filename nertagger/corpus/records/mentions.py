"""Entities as records give them, checked against the text or the tokens that they are counted in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, repeat
from typing import Any, NamedTuple

from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Entity

_STARTS = ("start", "start_offset", "begin", "token_start")
_ENDS = ("end", "end_offset", "token_end")
_LABELS = ("label", "labels", "type", "entity_group", "entity", "hypertextlabels")
_TEXTS = ("text", "value")
_SCORES = ("confidence", "score")
_KNOWN = {*_STARTS, *_ENDS, *_LABELS, *_TEXTS, *_SCORES, "id", "user"}
LEFT_OUT = "entities left out that could not be read"
_CUT = "entities whose end was beyond the text's, which was taken"
_UTF_16 = "entities whose offsets count the units of UTF-16 (as JavaScript does), read so"

Place = tuple[int, int]
"""The first character of a token and the one after its last."""


class Mention(NamedTuple):
    """An entity before it is known what its numbers count.

    Attributes:
        label: its type.
        start: its first character or token.
        end: the character or token after its last, or the last itself.
        said: its text, if the record gives that too.
        confidence: of the model that found it, if one did.
        by_token: whether the numbers are called ``token_start`` and ``token_end``, which include the last.
        typed: whether the label is called ``type``.
    """

    label: str
    start: int
    end: int
    said: str | None = None
    confidence: float | None = None
    by_token: bool = False
    typed: bool = False

    def __str__(self) -> str:
        return f"entity {self.label} {self.start}-{self.end}"


def read_mentions(items: Iterable[Any], line: int, source: Source) -> list[Mention]:
    """What the items of a record's list of entities say; those that say it wrongly are left out if lenient."""
    found = []
    for item in items:
        try:
            found.append(_mention(item))
        except DataError as error:
            source.leave_out(line, LEFT_OUT, str(error))
            continue
        for name in _unknown(item):
            source.count(line, f"entities with the field {name!r}, which is not kept")
    return found


def locate(
    mentions: Sequence[Mention], text: str, places: Sequence[Place] | None, line: int, source: Source, *, own_text: bool
) -> list[Entity]:
    """The mentions as ranges of characters of `text`; those that are not are left out if lenient.

    Args:
        mentions: in any order.
        text: of the row or, where it has none, its words joined by single spaces.
        places: of the row's tokens, if it has any; the mentions' numbers may then count these.
        line: of the row.
        source: counts what is left out or repaired.
        own_text: whether the text is the row's own; numbers then count characters unless those are no whole tokens.

    Raises:
        DataError: if a mention is at no place, or it cannot be told what the numbers count.
    """
    by_token = any(mention.by_token for mention in mentions)
    if places is None and by_token:
        raise DataError(f"{mentions[0]} counts tokens, and the row has none; give its tokens, or start and end")
    if not mentions or places is None:
        return _on_text(mentions, text, line, source)
    row = _Row(text, tuple(places))
    if own_text and not by_token and (_spans(_characters, mentions, row) or not _fitting(mentions, row)):
        return _on_text(mentions, text, line, source)
    return _on_tokens(mentions, row, line, source)


def looks_like_mentions(value: Any, depth: int = 4) -> bool:
    """Whether a value that nobody has told to be entities holds places with labels."""
    if isinstance(value, dict):
        names = " ".join(value).lower()
        if re.search("start|begin|offset", names) and re.search("label|type|tag|class|category|entity", names):
            return True
        return depth > 0 and any(looks_like_mentions(part, depth - 1) for part in value.values())
    if not isinstance(value, list):
        return False
    if len(value) == 3 and [type(part) for part in value] == [int, int, str]:
        return True
    return depth > 0 and any(looks_like_mentions(part, depth - 1) for part in value)


class _Row(NamedTuple):
    """A text and the places of its tokens."""

    text: str
    places: tuple[Place, ...]


def _on_text(mentions: Iterable[Mention], text: str, line: int, source: Source) -> list[Entity]:
    """The mentions, whose numbers count characters."""
    found = []
    for mention in mentions:
        try:
            found.append(_on_characters(mention, text, line, source))
        except _MisplacedError as error:
            source.leave_out(line, LEFT_OUT, str(error))
    return found


def _on_tokens(mentions: Sequence[Mention], row: _Row, line: int, source: Source) -> list[Entity]:
    """The mentions of a row of tokens, whose numbers may count these, up to the last or the one after it.

    ``token_end`` is the last token. Other numbers are read in the one way in which all mentions are within the row,
    stand apart, and give the words that the record says. Where several ways do or none does, the end of what has a
    ``type`` is the token after its last (as SpERT writes).
    """
    ways = _fitting(mentions, row)
    known = _inclusive if all(m.by_token for m in mentions) else _half_open if all(m.typed for m in mentions) else None
    way = ways[0] if len(ways) == 1 and known is not _inclusive else known
    if way is None:
        several = f"{mentions[0]} may count tokens up to the last or to the one after it, or characters"
        none = f"{mentions[0]} and the others are no places among the row's {len(row.places)} tokens"
        raise DataError(f"{several if ways else none}; give the text of the row, or of its entities")
    found = []
    for mention in mentions:
        span = way(mention, row)
        if span is None or not _is_said(mention, row.text, span):
            problem = f"{mention} is not among the row's {len(row.places)} tokens with the text that the row says"
            source.leave_out(line, LEFT_OUT, problem)
            continue
        found.append(Entity(mention.label, *span, row.text[slice(*span)], mention.confidence))
    return found


class _MisplacedError(DataError):
    """An entity that is not where it is said to be."""


def _mention(item: Any) -> Mention:
    if isinstance(item, list) and len(item) == 3:
        return _checked(item, *item)
    if not isinstance(item, dict):
        raise DataError(f'got the entity {_short(item)}, expected {{"start", "end", "label"}} or [start, end, label]')
    start, end, label = (_first_of(item, names) for names in (_STARTS, _ENDS, _LABELS))
    by_token = not {*_STARTS[:-1], *_ENDS[:-1]} & item.keys()
    typed = "type" in item and not {"label", "labels"} & item.keys()
    said = _first_of(item, _TEXTS)
    return _checked(item, start, end, label)._replace(
        said=said if isinstance(said, str) and said else None,
        confidence=_confidence(_first_of(item, _SCORES)),
        by_token=by_token,
        typed=typed,
    )


def _checked(item: Any, start: Any, end: Any, label: Any) -> Mention:
    """The mention of these numbers and label, if they are such."""
    if isinstance(label, list):  # Label Studio gives a list, for it allows several
        if len(label) != 1:
            problem = f"{len(label)} labels ({', '.join(map(str, label))})" if label else "no label"
            raise DataError(f"got the entity {_short(item)} with {problem}, expected one; keep one of them")
        label = label[0]
    if type(label) is int:
        raise DataError(f"got the entity {_short(item)} with a number as label; export the labels by name")
    if type(start) is not int or type(end) is not int or not isinstance(label, str) or not label.strip():
        raise DataError(f"got the entity {_short(item)}, expected whole numbers start and end and a label")
    return Mention(label, start, end)


def _confidence(score: Any) -> float | None:
    """The score if it is a probability."""
    is_number = isinstance(score, int | float) and not isinstance(score, bool)
    return float(score) if is_number and 0 <= score <= 1 else None


def _unknown(item: Any) -> list[str]:
    return [name for name, value in item.items() if name not in _KNOWN and value] if isinstance(item, dict) else []


def _on_characters(mention: Mention, text: str, line: int, source: Source) -> Entity:
    label, start, end, said = mention[:4]
    units = None if said is None or text.isascii() or _says(text[start:end], said) else _in_utf_16(mention, text)
    if units:
        start, end = units
        source.count(line, _UTF_16)
    if not 0 <= start < end <= len(text):
        problem = f"{mention} is not within the text's {len(text)} characters, start before end"
        if not (0 <= start < len(text) < end and said and _says(text[start:], said)):
            raise _MisplacedError(problem)
        source.repair(line, _CUT, problem)
        end = len(text)
    if said is not None and not _says(text[start:end], said):
        raise _MisplacedError(f"{mention} is {text[start:end]!r}, but the row says {said!r}; fix its offsets")
    return Entity(label, start, end, text[start:end], mention.confidence)


def _in_utf_16(mention: Mention, text: str) -> Place | None:
    """The characters that the mention's numbers mean as units of UTF-16, if they are the text that it says."""
    units = text.encode("utf-16-le")
    try:
        before, inside = (
            units[2 * a : 2 * b].decode("utf-16-le") for a, b in ((0, mention.start), (mention.start, mention.end))
        )
    except UnicodeDecodeError:
        return None
    matches = mention.start >= 0 and _says(inside, mention.said or "")
    return (len(before), len(before) + len(inside)) if matches else None


def _half_open(mention: Mention, row: _Row) -> Place | None:
    if not 0 <= mention.start < mention.end <= len(row.places):
        return None
    return row.places[mention.start][0], row.places[mention.end - 1][1]


def _inclusive(mention: Mention, row: _Row) -> Place | None:
    return _half_open(mention._replace(end=mention.end + 1), row)


def _characters(mention: Mention, row: _Row) -> Place | None:
    """The characters, if they are whole tokens but for white space at their edges."""
    inside = row.text[max(mention.start, 0) : mention.end]
    start = mention.start + len(inside) - len(inside.lstrip())
    end = mention.end - len(inside) + len(inside.rstrip())
    is_place = start < end and start in {a for a, _ in row.places} and end in {b for _, b in row.places}
    return (mention.start, mention.end) if is_place else None


_Way = Callable[[Mention, _Row], Place | None]
_WAYS: tuple[_Way, ...] = (_half_open, _inclusive, _characters)


def _fitting(mentions: Sequence[Mention], row: _Row) -> list[_Way]:
    """The ways in which the mentions may be meant, those that come to the same places counted once."""
    ways = {spans: way for way in _WAYS if (spans := _spans(way, mentions, row)) is not None}
    return list(ways.values())


def _spans(way: _Way, mentions: Sequence[Mention], row: _Row) -> tuple[Place, ...] | None:
    """The mentions' places in this way, if all are such, apart from one another, with the text that they say."""
    found = [span for mention in mentions if (span := way(mention, row)) is not None]
    apart = all(before[1] <= after[0] for before, after in pairwise(sorted(set(found))))
    if len(found) < len(mentions) or not apart or not all(map(_is_said, mentions, repeat(row.text), found)):
        return None
    return tuple(found)


def _is_said(mention: Mention, text: str, span: Place) -> bool:
    return mention.said is None or _says(text[slice(*span)], mention.said)


def _says(text: str, said: str) -> bool:
    """Whether two texts are the same but for white space, which tools write in several ways."""
    return text == said or _squeezed(text) == _squeezed(said.replace("\\n", ""))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _first_of(item: dict[str, Any], names: Iterable[str]) -> Any:
    """The value of the first of these fields that there is and that is not null."""
    return next((item[name] for name in names if item.get(name) is not None), None)


def _short(item: Any) -> str:
    text = repr(item)
    return text if len(text) <= 80 else f"{text[:77]}..."
