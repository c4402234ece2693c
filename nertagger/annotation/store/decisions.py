"""What annotators have decided: the history, and for each sentence the decisions that hold now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nertagger.annotation.store.database import Database, ProjectError, Row, now, to_json
from nertagger.printable import counted
from nertagger.text.document import Span

Kind = Literal["answer", "skip"]

IMPORTED = "imported"
"""The annotator of decisions that were read with the texts."""


class ConflictError(ProjectError):
    """A decision on a sentence that the same annotator has decided elsewhere in the meantime.

    Attributes:
        version: the version that holds now.
    """

    def __init__(self, message: str, version: int = 0) -> None:
        super().__init__(message, version)  # pickle calls the class with these
        self.version = version

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Decision:
    """What an annotator has decided about a sentence.

    Attributes:
        number: identifies the decision; the version of the annotator's state of this sentence.
        sentence: the number of the sentence.
        annotator: who decided.
        kind: ``answer`` or ``skip``.
        spans: the entities, as ranges of tokens, in order.
        origin: how it came about: label, import, name or review.
        drawn: the strategy that chose the sentence; None if somebody looked it up.
        at: when, in UTC.
    """

    number: int
    sentence: int
    annotator: str
    kind: str
    spans: list[Span]
    origin: str
    drawn: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision to be recorded.

    Attributes:
        sentence: the number of the sentence.
        annotator: who decides.
        spans: the entities; they must not overlap.
        kind: ``skip`` to leave the sentence undecided and not be asked again.
        version: the number of the annotator's decision that this one replaces; 0 if there is none.
        origin, drawn: as in `Decision`.
        model: the model whose proposals were shown.
        seconds: how long the annotator looked at the sentence.
    """

    sentence: int
    annotator: str
    spans: Sequence[Span] = ()
    kind: Kind = "answer"
    version: int = 0
    origin: str = "label"
    drawn: str | None = None
    model: int | None = None
    seconds: float | None = None


class Decisions:
    """The decisions of a project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, answer: Answer) -> int:
        """Add a decision and return its number; it is on the disk when this returns.

        Raises:
            ConflictError: if the annotator's decision that holds now is not the one that `answer` replaces.
            ProjectError: if there is no such sentence, or its entities overlap or are outside of it.
        """
        with self._database.write() as connection:
            return self.record_in(connection, answer)

    def record_all(self, answers: Iterable[Answer]) -> list[int]:
        """Add several decisions, all or none, as `record` does."""
        with self._database.write() as connection:
            return [self.record_in(connection, answer) for answer in answers]

    def record_in(self, connection: sqlite3.Connection, answer: Answer) -> int:
        """Add a decision in the transaction of `connection`."""
        spans = _checked_spans(connection, answer)
        version = _version(connection, answer.sentence, answer.annotator)
        if version != answer.version:
            problem = f"sentence {answer.sentence}: was decided elsewhere meanwhile; look at it again"
            raise ConflictError(problem, version)
        values = {
            "sentence": answer.sentence,
            "annotator": answer.annotator,
            "kind": answer.kind,
            "entities": to_json(spans),
            "origin": answer.origin,
            "drawn": answer.drawn,
            "model": answer.model,
            "seconds": answer.seconds,
            "before": version or None,
            "at": now(),
        }
        number = connection.execute(
            "INSERT INTO decisions"
            " (sentence_id, annotator, kind, entities, origin, drawn, model_id, seconds, before, at)"
            " VALUES (:sentence, :annotator, :kind, :entities, :origin, :drawn, :model, :seconds, :before, :at)",
            values,
        ).lastrowid
        connection.execute(
            "INSERT INTO current VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET decision_id = excluded.decision_id",
            (answer.sentence, answer.annotator, number),
        )
        return int(number or 0)

    def undo(self, annotator: str) -> int | None:
        """Undo the annotator's last decision that is not undone; return its sentence, None if there is none."""
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT * FROM decisions AS d WHERE annotator = ? AND kind <> 'undo' AND origin <> 'import'"
                " AND NOT EXISTS (SELECT 1 FROM decisions WHERE undoes = d.id) ORDER BY id DESC LIMIT 1",
                (annotator,),
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "INSERT INTO decisions (sentence_id, annotator, kind, entities, origin, before, undoes, at)"
                " VALUES (?, ?, 'undo', '[]', 'label', ?, ?, ?)",
                (row["sentence_id"], annotator, row["id"], row["id"], now()),
            )
            key = (row["sentence_id"], annotator)
            if row["before"] is None:
                connection.execute("DELETE FROM current WHERE sentence_id = ? AND annotator = ?", key)
            else:
                change = "UPDATE current SET decision_id = ? WHERE sentence_id = ? AND annotator = ?"
                connection.execute(change, (row["before"], *key))
            return int(row["sentence_id"])

    def of_sentence(self, sentence: int) -> list[Decision]:
        """Return the decisions on a sentence that hold now, one per annotator, the latest first."""
        return self._select("JOIN current ON decision_id = d.id WHERE d.sentence_id = ? ORDER BY d.id DESC", sentence)

    def of_sentences(self, sentences: Sequence[int]) -> list[Decision]:
        """Return the decisions on some sentences that hold now."""
        marks = ",".join("?" * len(sentences))
        rest = f"JOIN current ON decision_id = d.id WHERE d.sentence_id IN ({marks}) ORDER BY d.sentence_id, d.id DESC"
        return self._select(rest, *sentences)

    def history(self, sentence: int) -> list[Decision]:
        """Return all decisions on a sentence, undone ones and undoings too, in order."""
        return self._select("WHERE sentence_id = ? ORDER BY id", sentence)

    def gold(self) -> list[Decision]:
        """Return the answer of each decided sentence that is exported and trained on: the latest one."""
        return self._select("JOIN gold ON gold.id = d.id ORDER BY d.sentence_id")

    def current(self) -> list[Decision]:
        """Return all decisions that hold now."""
        return self._select("JOIN current ON decision_id = d.id ORDER BY d.sentence_id, d.id")

    def last(self) -> int:
        """Return the number of the last decision; 0 if there is none."""
        with self._database.read() as connection:
            return int(connection.execute("SELECT coalesce(max(id), 0) FROM decisions").fetchone()[0])

    def answers_since(self, number: int) -> int:
        """Return how many sentences have an answer that is newer than a decision."""
        with self._database.read() as connection:
            return int(connection.execute("SELECT count(*) FROM gold WHERE id > ?", (number,)).fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Return how many sentences are answered, are skipped by all who decided on them, and are left."""
        with self._database.read() as connection:
            (total,) = connection.execute("SELECT count(*) FROM sentences").fetchone()
            (decided,) = connection.execute("SELECT count(DISTINCT sentence_id) FROM current").fetchone()
            (answered,) = connection.execute("SELECT count(*) FROM gold").fetchone()
        return {"sentences": total, "answered": answered, "skipped": decided - answered, "left": total - decided}

    def labels(self) -> set[str]:
        """Return the labels of the entities in all decisions that hold now."""
        return {span.label for decision in self.current() for span in decision.spans}

    def annotators(self) -> dict[str, int]:
        """Return the annotators, each with the number of sentences that they have answered."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT current.annotator, count(*) AS n FROM current JOIN decisions ON decisions.id = decision_id"
                " WHERE kind = 'answer' GROUP BY current.annotator ORDER BY current.annotator"
            ).fetchall()
        return {row["annotator"]: row["n"] for row in rows}

    def _select(self, rest: str, *values: Any) -> list[Decision]:
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT d.* FROM decisions AS d {rest}", values).fetchall()
        return [_decision(row) for row in rows]


def spans_of(stored: str) -> list[Span]:
    """Return the entities that a column of the database holds."""
    return [Span(label, first, stop) for label, first, stop, *_ in json.loads(stored)]


def _decision(row: Row) -> Decision:
    fields = (row["id"], row["sentence_id"], row["annotator"], row["kind"], spans_of(row["entities"]))
    return Decision(*fields, row["origin"], row["drawn"], row["at"])


def _version(connection: sqlite3.Connection, sentence: int, annotator: str) -> int:
    found = connection.execute(
        "SELECT decision_id FROM current WHERE sentence_id = ? AND annotator = ?", (sentence, annotator)
    ).fetchone()
    return int(found["decision_id"]) if found else 0


def _checked_spans(connection: sqlite3.Connection, answer: Answer) -> list[Span]:
    found = connection.execute("SELECT json_array_length(tokens) AS n FROM sentences WHERE id = ?", (answer.sentence,))
    row = found.fetchone()
    if row is None:
        raise ProjectError(f"there is no sentence {answer.sentence} in this project")
    spans = sorted(answer.spans, key=lambda span: span.first)
    end = 0
    for label, first, stop in spans:
        if not end <= first < stop <= row["n"]:
            expected = f"expected ranges of its {counted(row['n'], 'token')} that do not overlap"
            raise ProjectError(f"sentence {answer.sentence}: got {label} from {first} to {stop}, {expected}")
        end = stop
    return spans
