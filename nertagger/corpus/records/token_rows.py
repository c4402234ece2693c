"""Records of tokens with their tags, with or without a text."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from nertagger.corpus.alignment import locate_words
from nertagger.corpus.records.json_values import Record, described
from nertagger.corpus.records.offsets import CharacterRange
from nertagger.corpus.source import Source, is_tag
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import OUTSIDE

TAG_FIELDS = ("tags", "ner_tags", "labels", "ner", "word_labels", "bio_tags", "iob_tags", "ner_labels")
_MISSING = (-1, -100)  # like null, missing tags in Hugging Face datasets
_BLANKS = " \t\r\n"
_WORD_FIELDS = ("text", "word", "token", "form")
_LABEL_FIELD = re.compile(r"label|entit|(?:^|_)ner(?:$|_)", re.IGNORECASE)


class TokenRow(NamedTuple):
    """The document of a record of tokens.

    Attributes:
        document: one sentence, or none if there are no words.
        is_word: whether each token is a word instead of white space; None if all are words.
        label_field: a field of the tokens that looks like labels and is not read; None if there is none.
    """

    document: Document
    is_word: list[bool] | None
    label_field: str | None

    def token_ranges(self) -> list[CharacterRange]:
        """Return the characters of each token; white space has an empty range after the previous word."""
        words = [character_range for sentence in self.document.sentences for _, *character_range in sentence.tokens]
        ranges: list[CharacterRange] = []
        following = iter(words)
        for is_word in self.is_word or [True] * len(words):
            end = ranges[-1][1] if ranges else 0
            start, stop = next(following) if is_word else (end, end)
            ranges.append((start, stop))
        return ranges


def read_tokens(tokens: Any, text: str | None, fields: Record, number: int, source: Source) -> TokenRow:
    """Return the document of a record's tokens, in its text if it has one; remove the tags from `fields`.

    Tokens may be objects with a text, and with a tag if the record has none. Those of white space, as in spaCy and
    Prodigy, are not words then.

    Raises:
        DataError: if the tokens are not words, are not in the text, or differ in number from the tags.
    """
    items = checked_list(tokens, "tokens")
    surfaces = [token if isinstance(token, str) else _surface(token, text) for token in items]
    is_word: list[bool] | None = None
    if not all(map(str.strip, surfaces)):
        is_word = [bool(s.strip(_BLANKS)) or isinstance(t, str) for s, t in zip(surfaces, tokens, strict=True)]
        kept = (surface for surface, is_one in zip(surfaces, is_word, strict=True) if is_one)
        surfaces = [source.checked_word(number, surface) for surface in kept]
    own_tags, label_field = _own_tags(items)
    if not set(TAG_FIELDS) & fields.keys():
        fields |= own_tags
    tags = _take_tags(fields, is_word or [True] * len(surfaces), number, source)
    sentence = Sentence.from_words(tuple(surfaces), tags=tags, source=f"{source.name}:{number}")
    if text is not None:
        starts = locate_words(sentence.words, text)
        if starts is None:
            problem = "the tokens do not occur in the text one after another"
            raise DataError(problem, remedy="fix them or leave the text out")
        sentence = Sentence(sentence.words, starts, tags, sentence.source)
    own = " ".join(sentence.words) if text is None else text
    return TokenRow(Document(own, (sentence,) if surfaces else ()), is_word, label_field)


def checked_list(value: Any, field: str) -> list[Any]:
    """Return the value of a field, which is a list.

    Raises:
        DataError: if it is not a list.
    """
    if not isinstance(value, list):
        raise DataError(got=f"{field} that are {described(value)}", expected="a list")
    return value


def is_flat(value: Any) -> bool:
    """Return whether the value is a list without nested lists or objects."""
    return isinstance(value, list) and not {list, dict} & set(map(type, value))


def _surface(token: Any, text: str | None) -> str:
    """Return the text of a token that is an object with its text, or with offsets in the record's text."""
    if isinstance(token, dict):
        start, end = token.get("start"), token.get("end")
        has_offsets = "text" not in token and type(start) is int and type(end) is int
        words = (token[name] for name in _WORD_FIELDS if name in token)
        token = text[start:end] if has_offsets and text is not None else next(words, None)
    if not isinstance(token, str):
        raise DataError(got="tokens that are not strings", expected="a list of words")
    return token


def _own_tags(tokens: list[Any]) -> tuple[Record, str | None]:
    """Return the tags that tokens have themselves, as a field of a record, and a field that looks like labels if not.

    The tags are the values of the first field that has a tag in all tokens, some of them of entities.
    """
    names = dict.fromkeys(name for token in tokens if isinstance(token, dict) for name in token)
    columns = {name: [token.get(name) if isinstance(token, dict) else None for token in tokens] for name in names}
    for values in columns.values():
        if all(isinstance(value, str) and is_tag(value) for value in values) and set(values) - {OUTSIDE}:
            return {TAG_FIELDS[0]: values}, None
    labelled = (name for name in names if _LABEL_FIELD.search(name) and any(map(_is_label, columns[name])))
    return {}, next(labelled, None)


def _is_label(value: Any) -> bool:
    return isinstance(value, str) and value.strip("-_ ") not in ("", OUTSIDE)


def _take_tags(fields: Record, is_word: list[bool], number: int, source: Source) -> tuple[str, ...] | None:
    """Remove the field of tags and return one tag for each word; None if there are no tags or all are missing."""
    lists = [name for name in TAG_FIELDS if name in fields and is_flat(fields[name])]
    name = min(lists, key=lambda name: str not in set(map(type, fields[name])), default=None)
    if name is None:
        return None
    tags = fields.pop(name)
    if not source.annotation:
        return None
    if set(map(type, tags)) - {str}:
        _check_all_missing(tags, name)
        return None
    words = sum(is_word)
    if len(tags) == len(is_word) > words:
        tags = [tag for tag, is_one in zip(tags, is_word, strict=True) if is_one]
    if len(tags) != words:
        raise DataError(got=f"{counted(len(tags), 'tag')} for {counted(words, 'token')}", remedy="fix the row")
    return source.checked_tags(number, tags)


def _check_all_missing(tags: list[Any], name: str) -> None:
    """Raise DataError unless all tags are marked as missing."""
    missing = sum(tag is None or (type(tag) is int and tag in _MISSING) for tag in tags)
    if missing == len(tags):
        return
    if missing:
        got = f"{name} with {counted(missing, 'word')} without a tag although others have tags"
        raise DataError(got=got, remedy="give them one")
    if all(type(tag) is int for tag in tags):
        remedy = "write their names; to_parquet of Hugging Face's datasets keeps them, to_json and to_csv do not"
        raise DataError(got=f"{name} that are numbers", expected="tags such as B-PER", remedy=remedy)
    raise DataError(got="tags that are not strings", expected="tags such as B-PER")
