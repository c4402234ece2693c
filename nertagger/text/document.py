"""The values that flow through the package: tokens, sentences, documents and entities.

Character spans are half-open ``start, end`` and index ``Document.text``; token spans are half-open
``first, stop`` and index ``Sentence.words``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add
from typing import Any, NamedTuple

from nertagger.printable import counted

_SHOWN, _SHOWN_ENTITIES = 60, 5  # characters and entities in a `repr`


class Token(NamedTuple):
    """A word and its range of characters: ``document.text[start:end] == text``."""

    text: str
    start: int
    end: int


class Span(NamedTuple):
    """An entity as a range of tokens of one sentence."""

    label: str
    first: int
    stop: int


class Entity(NamedTuple):
    """An entity as a range of characters: ``document.text[start:end] == text``.

    Attributes:
        label: what it is.
        start: its first character.
        end: the character after its last.
        text: its characters.
        confidence: the probability under a model that it is right; None if no model found it.
        rule: the id of the rule that found it, or where the rule is; None if no rule did.
    """

    label: str
    start: int
    end: int
    text: str
    confidence: float | None = None
    rule: str | None = None

    def __repr__(self) -> str:
        known = self.confidence
        sure = "" if known is None else f", confidence={f'{known:.4g}' if isinstance(known, float) else repr(known)}"
        rule = "" if self.rule is None else f", rule={self.rule!r}"
        return f"Entity({self.label!r}, {self.start}, {self.end}, {_cut(self.text)}{sure}{rule})"

    def to_dict(self) -> dict[str, Any]:
        """Return the entity as in JSON lines: label, start, end, text and, if known, confidence and rule."""
        from nertagger.text.records import entity_record

        return entity_record(self)

    def _repr_html_(self) -> str:
        from nertagger.text.html import entity_fragment

        return entity_fragment(self)


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence, their offsets, and their tags if it is annotated.

    Attributes:
        words: the text of each token; never empty, but it may contain spaces.
        starts: the offset of the first character of each word in the text of its document.
        tags: one tag per word (``B-PER``, ``O``), or None for a sentence without annotation.
        source: ``file:line`` of its first row, for messages; may be empty.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    tags: tuple[str, ...] | None = None
    source: str = ""

    @classmethod
    def from_words(
        cls, words: tuple[str, ...], *, tags: tuple[str, ...] | None = None, source: str = "", offset: int = 0
    ) -> Sentence:
        """Return a sentence whose words are joined by single spaces; `offset` is where its text begins."""
        before = accumulate(map(len, words), initial=offset)  # in C throughout: this runs for every token read
        return cls(words, tuple(map(add, before, range(len(words)))), tags, source)

    @property
    def tokens(self) -> Iterator[Token]:
        """Each word with its character offsets."""
        return (Token(w, s, s + len(w)) for w, s in zip(self.words, self.starts, strict=True))

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is read, tagged and written as one record.

    Attributes:
        text: the characters; the words joined by single spaces if the source had only words.
        sentences: its sentences, in order; the offsets of their tokens index ``text``.
        entities: its entities, in order of ``start``.
        source: the file that it was read from, or ``-``.
        offset: where ``text`` begins in that file, in characters, if the file is raw text.
        opens: whether a new document of the source begins here (``-DOCSTART-`` in CoNLL files).
        meta: the other fields of its record (id, meta, other columns), by name; values that JSON can hold. They are
            kept when the document is tagged, converted or written.
        predicted: whether a model found the entities, rather than a person.
    """

    text: str
    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...] = ()
    source: str = ""
    offset: int = 0
    opens: bool = False
    meta: Mapping[str, object] = field(default_factory=dict, hash=False)
    predicted: bool = False

    @classmethod
    def from_sentence(cls, sentence: Sentence, *, source: str = "", opens: bool = False) -> Document:
        """Return a document of one sentence, whose words are joined by single spaces as in `Sentence.from_words`."""
        return cls(" ".join(sentence.words), (sentence,), source=source, opens=opens)

    @property
    def is_annotated(self) -> bool:
        """Whether it is known which entities the document has, even if it has none."""
        return bool(self.entities) or any(sentence.tags is not None for sentence in self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as in JSON lines: text, entities, source and offset if known, and the fields of `meta`.

        >>> Document("Ann ran", (), (Entity("PER", 0, 3, "Ann", 0.9),)).to_dict()
        {'text': 'Ann ran', 'entities': [{'label': 'PER', 'start': 0, 'end': 3, 'text': 'Ann', 'confidence': 0.9}]}
        """
        from nertagger.text.records import document_record

        return document_record(self)

    def to_html(self, *, page: bool = False) -> str:
        """Return the text with its entities marked and labelled, as an HTML element with its own style.

        Args:
            page: whether to return a complete page, with a legend, to be saved as a file.
        """
        from nertagger.text.html import document_fragment, documents_page

        return "".join(documents_page([self])) if page else document_fragment(self)

    def _repr_html_(self) -> str:
        """Return the HTML that a notebook shows."""
        return self.to_html()

    def __repr__(self) -> str:
        counts = f"{counted(len(self.sentences), 'sentence')}, {counted(sum(map(len, self.sentences)), 'token')}"
        found = [f"{entity.label} {_cut(entity.text)}" for entity in self.entities[:_SHOWN_ENTITIES]]
        found += ["..."] if len(self.entities) > _SHOWN_ENTITIES else []
        listed = f", {counted(len(self.entities), 'entity', 'entities')}: {', '.join(found)}" if found else ""
        return f"<Document {_cut(self.text)}: {counts}{listed}>"


def _cut(text: str) -> str:
    """Return the beginning of a text as a Python string literal, which escapes control characters."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
