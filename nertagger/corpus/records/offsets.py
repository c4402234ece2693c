"""The characters of a record's entities, whose offsets may count characters, code units, bytes or tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, repeat
from typing import NamedTuple

from nertagger.corpus.records.conventions import OffsetConvention, other_conventions
from nertagger.corpus.records.mentions import UNREADABLE_ENTITIES, Mention
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Entity

_TRUNCATED = "entities that ended after the text, truncated"


_INCLUSIVE = "entities whose ends are inclusive, converted"
_CONVERTED = "entities whose offsets count {}, converted"
CharacterRange = tuple[int, int]
"""The characters of a token or entity, half-open."""


def locate_mentions(
    mentions: Sequence[Mention],
    text: str,
    tokens: Sequence[CharacterRange] | None,
    line: int,
    source: Source,
    *,
    own_text: bool,
) -> list[Entity]:
    """Return the mentions as entities with character offsets in `text`.

    Args:
        mentions: the mentions, in any order.
        text: the text of the row or, if it has none, its words joined by single spaces.
        tokens: the tokens of the row, if it has any; offsets may then count tokens.
        line: line number of the row.
        source: counts what is left out or repaired.
        own_text: whether the text is the row's own; offsets then count characters unless these are not whole tokens.

    Raises:
        DataError: if a mention is not in the text (a lenient source leaves it out), or the meaning of the offsets is
            ambiguous.
    """
    by_token = any(mention.by_token for mention in mentions)
    if tokens is None and by_token:
        remedy = "give its tokens, or start and end"
        raise DataError(f"{mentions[0]} counts tokens, and the row has none", remedy=remedy)
    if not mentions or tokens is None:
        return _locate_by_characters(mentions, text, line, source)
    row = _Row(text, tuple(tokens))
    if own_text and not by_token and (_ranges(_as_characters, mentions, row) or not _possible(mentions, row)):
        return _locate_by_characters(mentions, text, line, source)
    return _locate_by_tokens(mentions, row, line, source)


class _Row(NamedTuple):
    """A text and the characters of its tokens."""

    text: str
    tokens: tuple[CharacterRange, ...]


def _locate_by_characters(mentions: Iterable[Mention], text: str, line: int, source: Source) -> list[Entity]:
    """Return the entities of mentions whose offsets count characters."""
    given = list(mentions)
    others = [] if all(_is_plain(mention, text) for mention in given) else list(other_conventions(text))
    if convention := _convention_of_unquoted(given, text, others):
        source.count(line, _CONVERTED.format(convention.name), len(given))
        ranges = (convention.characters(mention.start, mention.end) for mention in given)
        given = [one._replace(start=found[0], end=found[1]) for one, found in zip(given, ranges, strict=True) if found]
    entities = []
    for mention in given:
        try:
            entities.append(_locate_in_text(mention, text, others, line, source))
        except _MisplacedError as error:
            source.leave_out(line, UNREADABLE_ENTITIES, error)
    return entities


def _locate_by_tokens(mentions: Sequence[Mention], row: _Row, line: int, source: Source) -> list[Entity]:
    """Return the entities of mentions whose offsets may count tokens.

    ``token_end`` is inclusive. Other offsets are read in the only way by which all mentions are in the row, do not
    overlap, and have the text that the record gives. If there are several such ways or none, the end of a mention with
    a ``type`` is exclusive (as in SpERT).
    """
    possible = _possible(mentions, row)
    interpret = possible[0] if len(possible) == 1 else None
    if all(mention.by_token for mention in mentions):
        interpret = _as_inclusive_tokens
    elif interpret is None and all(mention.typed for mention in mentions):
        interpret = _as_half_open_tokens
    if interpret is None:
        several = f"{mentions[0]} may count tokens up to the last or to the one after it, or characters"
        none = f"{mentions[0]} and the others do not match the row's {counted(len(row.tokens), 'token')}"
        raise DataError(several if possible else none, remedy="give the text of the row, or of its entities")
    entities = []
    for mention in mentions:
        characters = interpret(mention, row)
        if characters is None or not _has_its_text(mention, row.text, characters):
            problem = (
                f"{mention} is not among the row's {counted(len(row.tokens), 'token')} with the text that the row gives"
            )
            source.leave_out(line, UNREADABLE_ENTITIES, DataError(problem))
            continue
        entities.append(
            Entity(mention.label, *characters, row.text[slice(*characters)], mention.confidence, mention.rule)
        )
    return entities


class _MisplacedError(DataError):
    """An entity whose text is not at its offsets."""


def _locate_in_text(
    mention: Mention, text: str, others: Iterable[OffsetConvention], line: int, source: Source
) -> Entity:
    """Return the entity of a mention whose offsets count characters; raise _MisplacedError if its text is elsewhere."""
    label, start, end, quoted = mention[:4]
    if quoted is not None and not _is_plain(mention, text):
        for convention in others:
            found = convention.characters(start, end)
            if found and _are_same(text[slice(*found)], quoted):
                start, end = found
                source.count(line, _CONVERTED.format(convention.name))
                break
        else:
            if 0 <= start <= end < len(text) and text[start : end + 1] == quoted:
                end += 1
                source.count(line, _INCLUSIVE)
    if not 0 <= start < end <= len(text):
        problem = f"{mention} is not within the text's {counted(len(text), 'character')}, start before end"
        if not (0 <= start < len(text) < end and quoted and _are_same(text[start:], quoted)):
            raise _MisplacedError(problem, remedy="fix its offsets")
        source.repair(line, _TRUNCATED, DataError(problem))
        end = len(text)
    if quoted is not None and not _are_same(text[start:end], quoted):
        problem = f"{mention} is {text[start:end]!r}, but the row says {quoted!r}"
        raise _MisplacedError(problem, remedy="fix its offsets")
    if not text[start:end].strip():
        raise _MisplacedError(f"{mention} is only white space", remedy="remove it")
    return Entity(label, start, end, text[start:end], mention.confidence, mention.rule)


def _convention_of_unquoted(
    mentions: Sequence[Mention], text: str, others: Sequence[OffsetConvention]
) -> OffsetConvention | None:
    """Return the convention of the offsets of mentions without their texts if it is not Python's.

    It is known if, by Python's, a mention cuts a word or ends after the text, and by another none does.
    """
    if any(mention.text is not None for mention in mentions):
        return None
    for convention in others:
        ranges = [convention.characters(mention.start, mention.end) for mention in mentions]
        if all(found and _is_whole(found, text) for found in ranges):
            return convention
    return None


def _is_plain(mention: Mention, text: str) -> bool:
    """Return whether the characters of the mention are its text, or whole words if it has none."""
    if mention.text is None:
        return _is_whole((mention.start, mention.end), text)
    return _are_same(text[max(mention.start, 0) : mention.end], mention.text)


def _is_whole(characters: CharacterRange, text: str) -> bool:
    """Return whether a range is in the text, begins and ends with visible characters, and cuts no word."""
    start, end = characters
    if not 0 <= start < end <= len(text) or text[start].isspace() or text[end - 1].isspace():
        return False
    return not any(text[max(edge - 1, 0) : edge + 1].isalnum() for edge in (start, end) if 0 < edge < len(text))


def _as_half_open_tokens(mention: Mention, row: _Row) -> CharacterRange | None:
    if not 0 <= mention.start < mention.end <= len(row.tokens):
        return None
    return row.tokens[mention.start][0], row.tokens[mention.end - 1][1]


def _as_inclusive_tokens(mention: Mention, row: _Row) -> CharacterRange | None:
    return _as_half_open_tokens(mention._replace(end=mention.end + 1), row)


def _as_characters(mention: Mention, row: _Row) -> CharacterRange | None:
    """Return the mention's offsets if they are boundaries of tokens, ignoring white space at the edges."""
    inside = row.text[max(mention.start, 0) : mention.end]
    start = mention.start + len(inside) - len(inside.lstrip())
    end = mention.end - len(inside) + len(inside.rstrip())
    is_aligned = start < end and start in {a for a, _ in row.tokens} and end in {b for _, b in row.tokens}
    return (mention.start, mention.end) if is_aligned else None


_Interpretation = Callable[[Mention, _Row], CharacterRange | None]
_INTERPRETATIONS: tuple[_Interpretation, ...] = (_as_half_open_tokens, _as_inclusive_tokens, _as_characters)


def _possible(mentions: Sequence[Mention], row: _Row) -> list[_Interpretation]:
    """Return the possible interpretations of the offsets, only one of those with the same result."""
    interpretations = {
        ranges: interpret for interpret in _INTERPRETATIONS if (ranges := _ranges(interpret, mentions, row)) is not None
    }
    return list(interpretations.values())


def _ranges(interpret: _Interpretation, mentions: Sequence[Mention], row: _Row) -> tuple[CharacterRange, ...] | None:
    """Return the characters of all mentions; None if one is not in the row or has other text, or if two overlap."""
    ranges = [characters for mention in mentions if (characters := interpret(mention, row)) is not None]
    are_disjoint = all(before[1] <= after[0] for before, after in pairwise(sorted(set(ranges))))
    if len(ranges) < len(mentions) or not are_disjoint:
        return None
    return tuple(ranges) if all(map(_has_its_text, mentions, repeat(row.text), ranges)) else None


def _has_its_text(mention: Mention, text: str, characters: CharacterRange) -> bool:
    return mention.text is None or _are_same(text[slice(*characters)], mention.text)


def _are_same(text: str, quoted: str) -> bool:
    """Return whether two texts are equal except for white space, which tools write in several ways."""
    return text == quoted or without_white_space(text) == without_white_space(quoted.replace("\\n", ""))


def without_white_space(text: str) -> str:
    """Return the text without its white space."""
    return "".join(text.split())
