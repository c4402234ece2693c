"""The texts of a project and their sentences."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nertagger.annotation.store.database import Database, Row, to_json
from nertagger.files import plain_path
from nertagger.text.document import Document, Sentence, Span, Token
from nertagger.text.entities import sentence_tags
from nertagger.text.schemes import TagScheme, read_spans

_NEIGHBOURS = 300  # characters of the text before and after a sentence that are shown with it


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence of a project.

    Attributes:
        number: identifies it in the project.
        source: the file that its text was read from.
        tokens: its tokens, with offsets in `text`.
        text: the sentence itself.
        before: what precedes it in its text, at most a few lines.
        after: what follows it.
    """

    number: int
    source: str
    tokens: tuple[Token, ...]
    text: str
    before: str
    after: str

    @property
    def words(self) -> tuple[str, ...]:
        """The text of each token."""
        return tuple(token.text for token in self.tokens)

    @property
    def sentence(self) -> Sentence:
        """The sentence, without tags, with offsets in `text`."""
        return Sentence(self.words, tuple(token.start for token in self.tokens))


@dataclass(frozen=True, slots=True)
class Added:
    """What a document has become: the numbers of its sentences, and its annotation.

    Attributes:
        sentences: the sentence numbers; empty if the project had the text already.
        spans: the entities of each sentence; None for those without annotation.
        predicted: whether a model found the entities.
        repeated: whether the project had the text already, from the same file.
        copied_from: another file that the project has the same text from, or empty.
    """

    sentences: Sequence[int] = ()
    spans: Sequence[list[Span] | None] = ()
    predicted: bool = False
    repeated: bool = False
    copied_from: str = ""


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """The texts that a project has before a file is added, by the digest of each.

    Attributes:
        same_file: how many of them are from this file, plain or compressed.
        other_files: the first other file that has them.
    """

    same_file: Counter[str]
    other_files: Mapping[str, str]


class Texts:
    """The texts of a project; `add` them, `get` their sentences."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, source: str) -> KnownTexts:
        """Return the texts that there are before those of the file `source` are added."""
        same: Counter[str] = Counter()
        others: dict[str, str] = {}
        with self._database.read() as connection:
            for row in connection.execute("SELECT source, digest FROM texts ORDER BY id"):
                if _are_same(row["source"], source):
                    same[row["digest"]] += 1
                else:
                    others.setdefault(row["digest"], row["source"])
        return KnownTexts(same, others)

    def add(
        self, connection: Any, document: Document, *, source: str, number: int, rng: random.Random, known: KnownTexts
    ) -> Added:
        """Add a document in the transaction of `connection`, unless the project has it from the same file.

        As often as the project has a text, it is left out.
        """
        digest = hashlib.sha256(document.text.encode()).hexdigest()
        if known.same_file[digest]:
            known.same_file[digest] -= 1
            return Added(repeated=True)
        values = (source, number, document.offset, digest, document.opens, document.text, to_json(dict(document.meta)))
        found = connection.execute(
            "INSERT INTO texts (source, number, start, digest, opens, text, meta) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING RETURNING id",
            values,
        ).fetchone()
        if found is None:
            return Added(repeated=True)
        numbers, spans = [], []
        is_annotated = document.is_annotated
        for place, (sentence, tags) in enumerate(sentence_tags(document, TagScheme.IOB2)):
            if not sentence.words:
                continue
            tokens = to_json([token[1:] for token in sentence.tokens])
            row = connection.execute(
                "INSERT INTO sentences (text_id, number, tokens, random_key) VALUES (?, ?, ?, ?) RETURNING id",
                (found["id"], place, tokens, rng.random()),
            ).fetchone()
            numbers.append(row["id"])
            has_answer = is_annotated and (sentence.tags is not None or bool(document.entities))
            spans.append(read_spans(tags) if has_answer else None)
        predicted = document.predicted or any(entity.confidence is not None for entity in document.entities)
        return Added(numbers, spans, predicted, copied_from=known.other_files.get(digest, ""))

    def get(self, number: int) -> StoredSentence | None:
        """Return a sentence with its surroundings, or None if the project has no such sentence."""
        found = self.several([number])
        return found[0] if found else None

    def several(self, numbers: Iterable[int]) -> list[StoredSentence]:
        """Return sentences in the order of their numbers given; those that do not exist are left out."""
        wanted = list(numbers)
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT sentences.id, tokens, source, text FROM json_each(?)"
                " JOIN sentences ON sentences.id = json_each.value JOIN texts ON texts.id = text_id"
                " ORDER BY json_each.key",
                (to_json(wanted),),
            ).fetchall()
        return [_stored(row) for row in rows]

    def numbers(self) -> list[int]:
        """Return the numbers of all sentences, in the order of the texts."""
        with self._database.read() as connection:
            return [row["id"] for row in connection.execute("SELECT id FROM sentences ORDER BY text_id, number")]

    def count(self) -> int:
        """Return the number of sentences."""
        with self._database.read() as connection:
            return int(connection.execute("SELECT count(*) FROM sentences").fetchone()[0])

    def sources(self) -> list[str]:
        """Return the files that the texts were read from, in order."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT source FROM texts GROUP BY source ORDER BY min(id)").fetchall()
        return [row["source"] for row in rows]


def _are_same(file: str, other: str) -> bool:
    """Return whether two names are those of one file, plain or compressed."""
    return file == other or plain_path(file) == plain_path(other)


def _stored(row: Row) -> StoredSentence:
    text, ranges = row["text"], json.loads(row["tokens"])
    start, end = ranges[0][0], ranges[-1][1]
    tokens = tuple(Token(text[one:other], one - start, other - start) for one, other in ranges)
    before, after = text[max(start - _NEIGHBOURS, 0) : start], text[end : end + _NEIGHBOURS]
    if start > _NEIGHBOURS:
        before = "… " + (before.partition(" ")[2] or before)
    if end + _NEIGHBOURS < len(text):
        after = (after.rpartition(" ")[0] or after) + " …"
    return StoredSentence(row["id"], row["source"], tokens, text[start:end], before, after)
