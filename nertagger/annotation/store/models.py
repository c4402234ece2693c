"""The models of a project, what they predict, and the trainings that made them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from nertagger.annotation.store.database import Database, Row, now, to_json
from nertagger.text.document import Span

State = Literal["running", "done", "stopped", "failed"]


class Proposal(NamedTuple):
    """An entity that a model predicts, with its confidence."""

    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a model predicts for a sentence.

    Attributes:
        sentence: the number of the sentence.
        proposals: the entities of the best labelling.
        best, second: the probabilities of the two best labellings.
        least: the confidence of the least confident entity; 1 if none is likely.
        errors: the expected number of wrong tags.
        vector: the mean of the vectors of its words, float16 (D,).
    """

    sentence: int
    proposals: list[Proposal]
    best: float
    second: float
    least: float
    errors: float
    vector: np.ndarray


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model of a project: its number, its file, and what it was trained on."""

    number: int
    file: str
    sentences: int
    seconds: float
    at: str


@dataclass(frozen=True, slots=True)
class Training:
    """A training: its state, and how far it is.

    Attributes:
        number: identifies it.
        kind: what it does: train or predict.
        state: running, done, stopped or failed.
        pid: the process that it runs in.
        decision: the last decision that it knew.
        stage: what it is doing.
        done: how far it is with that, from 0 to 1.
        message: why it failed; empty unless it did.
        began, ended: when, in UTC; None while it runs.
    """

    number: int
    kind: str
    state: str
    pid: int
    decision: int
    stage: str
    done: float
    message: str
    began: str
    ended: str | None


class Models:
    """The models of a project and their predictions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, file: str, *, sentences: int, seconds: float) -> int:
        """Add a model and return its number."""
        with self._database.write() as connection:
            values = (file, sentences, seconds, now())
            added = connection.execute("INSERT INTO models (file, sentences, seconds, at) VALUES (?, ?, ?, ?)", values)
            return int(added.lastrowid or 0)

    def all(self) -> list[StoredModel]:
        """Return all models, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM models ORDER BY id").fetchall()
        return [StoredModel(*row) for row in rows]

    def latest(self) -> StoredModel | None:
        """Return the last model, None if there is none."""
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM models ORDER BY id DESC LIMIT 1").fetchone()
        return StoredModel(*row) if row else None

    def predict(self, model: int | None, found: Iterable[Predicted]) -> None:
        """Replace the predictions for some sentences."""
        rows = [
            (one.sentence, model, _proposals_to_json(one.proposals), one.best, one.second, one.least, one.errors,
             one.vector.astype(np.float16).tobytes())
            for one in found
        ]  # fmt: skip
        with self._database.write() as connection:
            connection.executemany("INSERT OR REPLACE INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def propose(self, sentence: int) -> tuple[int | None, list[Proposal]] | None:
        """Return the model that has predicted a sentence and its proposals; None if none has."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT model_id, entities FROM predictions WHERE sentence_id = ?", (sentence,)
            ).fetchone()
        return (row["model_id"], _proposals(row["entities"])) if row else None

    def count_predicted(self, model: int) -> int:
        """Return the number of sentences that a model has predicted, and no later one."""
        with self._database.read() as connection:
            counted = connection.execute("SELECT count(*) FROM predictions WHERE model_id = ?", (model,))
            return int(counted.fetchone()[0])

    def undecided(self) -> list[Predicted]:
        """Return the predictions of models for the sentences that nobody has decided on."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM predictions WHERE model_id IS NOT NULL"
                " AND sentence_id NOT IN (SELECT sentence_id FROM current)"
            ).fetchall()
        return [_predicted(row) for row in rows]


class Trainings:
    """The trainings of a project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, kind: str, *, pid: int, decision: int) -> int:
        """Add a training that runs in a process and return its number."""
        with self._database.write() as connection:
            added = connection.execute(
                "INSERT INTO trainings (kind, state, pid, decision_id, stage, done, message, began)"
                " VALUES (?, 'running', ?, ?, 'starting', 0, '', ?)",
                (kind, pid, decision, now()),
            )
            return int(added.lastrowid or 0)

    def progress(self, number: int, stage: str, done: float) -> None:
        """Say how far a training is."""
        with self._database.write() as connection:
            connection.execute("UPDATE trainings SET stage = ?, done = ? WHERE id = ?", (stage, done, number))

    def end(self, number: int, state: State, message: str = "") -> None:
        """Say that a training is over, unless that was said before."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE trainings SET state = ?, message = ?, ended = ? WHERE id = ? AND state = 'running'",
                (state, message, now(), number),
            )

    def last(self) -> Training | None:
        """Return the last training, None if there was none."""
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM trainings ORDER BY id DESC LIMIT 1").fetchone()
        return Training(*row) if row else None

    def running(self) -> list[Training]:
        """Return the trainings that are not over."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM trainings WHERE state = 'running'").fetchall()
        return [Training(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a model that has not seen a decided sentence predicts for it.

    Attributes:
        sentence: the number of the sentence.
        decision: the number of the decision that was compared.
        proposals: the predicted entities.
        doubt: 0 if they are those of the decision, up to 1 the surer the model is of other ones.
    """

    sentence: int
    decision: int
    proposals: list[Proposal]
    doubt: float


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the learning curve: F1 on the random draws, as a fraction of one, with a 95 % interval.

    Attributes:
        sentences: the number of sentences trained on.
        sample: the number of sentences scored.
        f1, low, high: the micro F1 and its interval.
        labels: the same for each label, with the number of its gold entities.
    """

    sentences: int
    sample: int
    f1: float
    low: float
    high: float
    labels: Mapping[str, Mapping[str, float]]


class Checks:
    """The last check of all decisions, and the learning curve."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, found: Iterable[Checked], point: Point | None) -> None:
        """Replace the checks of all decisions, and add a point to the curve if there is one."""
        rows = [(one.sentence, one.decision, _proposals_to_json(one.proposals), one.doubt) for one in found]
        with self._database.write() as connection:
            connection.execute("DELETE FROM checks")
            connection.executemany("INSERT INTO checks VALUES (?, ?, ?, ?)", rows)
            if point is not None:
                values = (point.sentences, point.sample, point.f1, point.low, point.high, to_json(point.labels), now())
                connection.execute(
                    "INSERT INTO points (sentences, sample, f1, low, high, labels, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    values,
                )

    def doubtful(self) -> list[Checked]:
        """Return the decisions that hold, were checked and not confirmed since, the most doubtful first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT checks.* FROM checks JOIN gold ON gold.id = checks.decision_id"
                " WHERE doubt > 0 AND origin <> 'review' ORDER BY doubt DESC, checks.sentence_id"
            ).fetchall()
        return [_checked(row) for row in rows]

    def curve(self) -> list[Point]:
        """Return the points of the learning curve, in the order of their making."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM points ORDER BY id").fetchall()
        return [
            Point(row["sentences"], row["sample"], row["f1"], row["low"], row["high"], json.loads(row["labels"]))
            for row in rows
        ]


def _proposals(stored: str) -> list[Proposal]:
    return [Proposal(Span(label, first, stop), confidence) for label, first, stop, confidence in json.loads(stored)]


def _proposals_to_json(proposals: Iterable[Proposal]) -> str:
    return to_json([[*span, round(confidence, 4)] for span, confidence in proposals])


def _predicted(row: Row) -> Predicted:
    return Predicted(
        row["sentence_id"],
        _proposals(row["entities"]),
        best=row["best"],
        second=row["second"],
        least=row["least"],
        errors=row["errors"],
        vector=np.frombuffer(row["vector"], np.float16),
    )


def _checked(row: Row) -> Checked:
    return Checked(row["sentence_id"], row["decision_id"], _proposals(row["entities"]), row["doubt"])
