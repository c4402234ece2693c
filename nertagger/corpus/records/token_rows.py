"""Records of tokens with their tags, in a text or without."""

from __future__ import annotations

from typing import Any, NamedTuple

from nertagger.corpus.alignment import align
from nertagger.corpus.records.json_values import Record, described
from nertagger.corpus.records.mentions import Place
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence

TAG_FIELDS = ("tags", "ner_tags", "labels", "ner")
_MISSING = (-1, -100)  # what Hugging Face's data sets have, beside null, where a word has no tag
_BLANKS = " \t\r\n"


class TokenRow(NamedTuple):
    """The document of a record's tokens.

    Attributes:
        document: of one sentence, or none if there are no words.
        is_word: which of the tokens are words; None if all are.
    """

    document: Document
    is_word: list[bool] | None

    def places(self) -> list[Place]:
        """The place of each token; of one that is no word the end of the word before it, twice."""
        words = [place for sentence in self.document.sentences for _, *place in sentence.tokens]
        places: list[Place] = []
        following = iter(words)
        for is_word in self.is_word or [True] * len(words):
            end = places[-1][1] if places else 0
            start, stop = next(following) if is_word else (end, end)
            places.append((start, stop))
        return places


def read_tokens(tokens: Any, text: str | None, fields: Record, number: int, source: Source) -> TokenRow:
    """The row of these tokens, in its own text if it has one, with the tags, which are taken out of its fields.

    White space that the tokens are objects for, as in spaCy and Prodigy, is no word.

    Raises:
        DataError: if the tokens are no words, are not in the text, or are not as many as the tags.
    """
    surfaces = [token if isinstance(token, str) else _surface(token, text) for token in listed(tokens, "tokens")]
    is_word: list[bool] | None = None
    if not all(map(str.strip, surfaces)):
        is_word = [bool(s.strip(_BLANKS)) or isinstance(t, str) for s, t in zip(surfaces, tokens, strict=True)]
        kept = (surface for surface, is_one in zip(surfaces, is_word, strict=True) if is_one)
        surfaces = [source.checked_word(number, surface) for surface in kept]
    tags = _take_tags(fields, is_word or [True] * len(surfaces), number, source)
    sentence = Sentence.from_words(tuple(surfaces), tags=tags, source=f"{source.name}:{number}")
    if text is not None:
        starts = align(sentence.words, text)
        if starts is None:
            raise DataError("the tokens do not stand in the text one after another; fix them or leave the text out")
        sentence = Sentence(sentence.words, starts, tags, sentence.source)
    own = " ".join(sentence.words) if text is None else text
    return TokenRow(Document(own, (sentence,) if surfaces else ()), is_word)


def listed(value: Any, field: str) -> list[Any]:
    """The value, if it is a list.

    Raises:
        DataError: if it is not.
    """
    if not isinstance(value, list):
        raise DataError(f"got {field} that are {described(value)}, expected a list")
    return value


def is_flat(value: Any) -> bool:
    """Whether the value is a list of values, not of lists or objects."""
    return isinstance(value, list) and not {list, dict} & set(map(type, value))


def _surface(token: Any, text: str | None) -> str:
    """The characters of a token that is an object, with its text or its place in the row's text."""
    if isinstance(token, dict):
        start, end = token.get("start"), token.get("end")
        is_placed = "text" not in token and type(start) is int and type(end) is int
        token = text[start:end] if is_placed and text is not None else token.get("text")
    if not isinstance(token, str):
        raise DataError("got tokens that are no strings, expected a list of words")
    return token


def _take_tags(fields: Record, is_word: list[bool], number: int, source: Source) -> tuple[str, ...] | None:
    """One tag for each word; None if there are none, or none is annotated."""
    lists = [name for name in TAG_FIELDS if name in fields and is_flat(fields[name])]
    name = min(lists, key=lambda name: str not in set(map(type, fields[name])), default=None)
    if name is None:
        return None
    tags = fields.pop(name)
    if not source.annotation:
        return None
    if set(map(type, tags)) - {str}:
        missing = sum(tag is None or (type(tag) is int and tag in _MISSING) for tag in tags)
        if missing == len(tags):
            return None
        if missing:
            raise DataError(f"got {name} with {missing} words without a tag beside others with tags; give them one")
        problem = "got tags that are no strings, expected tags such as B-PER"
        raise DataError(f"{problem} (numbers must be put back into names)")
    words = sum(is_word)
    if len(tags) == len(is_word) > words:
        tags = [tag for tag, is_one in zip(tags, is_word, strict=True) if is_one]
    if len(tags) != words:
        raise DataError(f"got {len(tags)} tags for {words} tokens; fix the row")
    return source.checked_tags(number, tags)
