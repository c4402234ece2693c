"""Names that annotators have labelled everywhere at once, and where a name occurs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nertagger.annotation.store.database import Database, now
from nertagger.annotation.store.texts import StoredSentence, Texts
from nertagger.text.document import Span


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of a name: a sentence, and a range of its tokens."""

    sentence: StoredSentence
    first: int
    stop: int


class Names:
    """The names of a project: sentences that are not decided yet get them as proposals."""

    def __init__(self, database: Database, texts: Texts) -> None:
        self._database, self._texts = database, texts

    def add(self, text: str, label: str, *, annotator: str) -> None:
        """Add a name; its former label is forgotten."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM names WHERE text = ?", (text,))
            values = (text, label, annotator, now())
            connection.execute("INSERT INTO names (text, label, annotator, at) VALUES (?, ?, ?, ?)", values)

    def remove(self, text: str) -> None:
        """Forget a name."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM names WHERE text = ?", (text,))

    def all(self) -> dict[str, str]:
        """Return the names with their labels."""
        with self._database.read() as connection:
            return {row["text"]: row["label"] for row in connection.execute("SELECT * FROM names ORDER BY text")}

    def propose(self, sentence: StoredSentence, taken: Iterable[Span] = ()) -> list[Span]:
        """Return the names in a sentence, longest first, that overlap neither one another nor `taken`."""
        spans = list(taken)
        found: list[Span] = []
        for text, label in sorted(self.all().items(), key=lambda item: -len(item[0])):
            for first, stop in find_name(text, sentence):
                if all(stop <= other.first or other.stop <= first for other in (*spans, *found)):
                    found.append(Span(label, first, stop))
        return sorted(found, key=lambda span: span.first)

    def occurrences(self, text: str) -> list[Occurrence]:
        """Return every place in the project where these characters are whole tokens, in the order of the texts."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT sentences.id FROM sentences JOIN texts ON texts.id = text_id"
                " WHERE instr(text, ?) > 0 ORDER BY text_id, sentences.number",
                (text,),
            ).fetchall()
        sentences = self._texts.several([row["id"] for row in rows])
        return [Occurrence(one, first, stop) for one in sentences for first, stop in find_name(text, one)]


def find_name(text: str, sentence: StoredSentence) -> Sequence[tuple[int, int]]:
    """Return the ranges of tokens that are exactly these characters."""
    starts = {token.start: number for number, token in enumerate(sentence.tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(sentence.tokens)}
    places = (match.span() for match in re.finditer(re.escape(text), sentence.text))
    return [(starts[start], ends[end]) for start, end in places if start in starts and end in ends]
