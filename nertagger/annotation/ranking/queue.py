"""The next sentence for each annotator: drawn at random, or chosen by the strategy of the project."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable
from typing import NamedTuple

from nertagger.annotation.project import Project
from nertagger.annotation.ranking.strategies import RANDOM, rank
from nertagger.annotation.store.settings import Strategy

OVERLAP = "overlap"
"""Drawn because another annotator has answered it, to measure agreement."""
_RANKED_AT_ONCE = 20
_NEWS = 500  # predictions of a new model, after which sentences are ranked anew
_RESERVED_SECONDS = 600  # a sentence that somebody looks at is not given to anybody else for this long


class Draw(NamedTuple):
    """A sentence to ask for, and the strategy that chose it."""

    sentence: int
    strategy: str


class Queue:
    """Chooses sentences that nobody has decided on; safe to share between threads.

    Random draws follow one random order of all sentences, fixed when they were added. The sentences before the first
    undecided one in that order are therefore a random sample, whatever else was labelled (see `random_sample`).
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._ranked: list[int] = []
        self._ranked_by: tuple[str, int, int] | None = None
        self._reserved: dict[int, tuple[str, float]] = {}

    def next(self, annotator: str, *, skip: Iterable[int] = ()) -> Draw | None:
        """Return the next sentence for an annotator; None if nothing is left.

        Args:
            annotator: who asks.
            skip: sentences that are not wanted now.
        """
        with self._lock:
            self._reserved = {n: held for n, held in self._reserved.items() if held[1] > time.monotonic()}
            taken = {n for n, (who, _) in self._reserved.items() if who != annotator} | set(skip)
            found = self._choose(annotator, taken)
            if found is not None:
                self._reserved[found.sentence] = (annotator, time.monotonic() + _RESERVED_SECONDS)
            return found

    def _choose(self, annotator: str, taken: set[int]) -> Draw | None:
        settings = self._project.settings.load()
        rng = random.Random(f"{annotator} {self._project.decisions.last()}")  # asked twice, the answer is the same
        if rng.random() < settings.overlap and (again := self._answered_by_others(annotator, taken)):
            return Draw(rng.choice(again), OVERLAP)
        if settings.strategy != RANDOM and rng.random() >= settings.random_share:
            chosen = self._by_strategy(settings.strategy, taken)
            if chosen is not None:
                return Draw(chosen, settings.strategy)
        chosen = self._at_random(taken)
        return None if chosen is None else Draw(chosen, RANDOM)

    def _at_random(self, taken: set[int]) -> int | None:
        """Return the first undecided sentence in the random order."""
        with self._project.database.read() as connection:
            rows = connection.execute(
                "SELECT id FROM sentences WHERE id NOT IN (SELECT sentence_id FROM current)"
                " ORDER BY random_key LIMIT ?",
                (len(taken) + 1,),
            ).fetchall()
        return next((row["id"] for row in rows if row["id"] not in taken), None)

    def _by_strategy(self, strategy: Strategy, taken: set[int]) -> int | None:
        """Return the first undecided sentence of the ranking, which is renewed if it is used up or out of date."""
        model = self._project.models.latest()
        if model is None:
            return None
        key = strategy, model.number, self._project.models.count_predicted(model.number) // _NEWS
        for is_renewed in (False, True):
            if is_renewed or self._ranked_by != key:
                self._ranked = rank(self._project.models.undecided(), strategy, number=_RANKED_AT_ONCE + len(taken))
                self._ranked_by = key
            decided = self._decided(self._ranked)
            left = [number for number in self._ranked if number not in decided and number not in taken]
            if left:
                return left[0]
        return None

    def _decided(self, numbers: list[int]) -> set[int]:
        marks = ",".join("?" * len(numbers))
        with self._project.database.read() as connection:
            rows = connection.execute(f"SELECT sentence_id FROM current WHERE sentence_id IN ({marks})", numbers)
            return {row["sentence_id"] for row in rows}

    def _answered_by_others(self, annotator: str, taken: set[int]) -> list[int]:
        """Return the sentences that exactly one annotator, another one, has answered."""
        with self._project.database.read() as connection:
            rows = connection.execute(
                "SELECT current.sentence_id AS id FROM current JOIN decisions ON decisions.id = decision_id"
                " GROUP BY current.sentence_id"
                " HAVING count(*) = 1 AND max(current.annotator <> ? AND origin <> 'import' AND kind = 'answer')",
                (annotator,),
            ).fetchall()
        return [row["id"] for row in rows if row["id"] not in taken]


def random_sample(project: Project) -> set[int]:
    """Return the sentences before the first undecided one in the random order: a random sample of the project."""
    with project.database.read() as connection:
        rows = connection.execute(
            "SELECT id FROM sentences WHERE random_key < coalesce("
            " (SELECT min(random_key) FROM sentences WHERE id NOT IN (SELECT sentence_id FROM current)), 2)"
        ).fetchall()
    return {row["id"] for row in rows}
