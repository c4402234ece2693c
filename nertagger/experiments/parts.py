"""The parts of an experiment, such as seeds and folds: done one after another, or shared by several processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nertagger.errors import NerTaggerError
from nertagger.experiments.sharing import ERROR, RESULT, Ended, Outcome, joined
from nertagger.experiments.storage import Shared

Report = Callable[[str, int, int, str], None]
"""Called when a run begins, with what runs are called, its number from 1, how many there are, and the best so far."""
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Told(Generic[_Result]):
    """How the beginning of a part is reported.

    Attributes:
        name: what a part is called.
        report: called when a part begins, and when only those of other processes are left; None for no report.
        so_far: returns what the parts that are done have shown, given their results by number from 0, and the number of
            the part that begins, if any.
    """

    name: str
    report: Report | None
    so_far: Callable[[Mapping[int, _Result], int | None], str]

    def begins(self, part: int, count: int, done: Mapping[int, _Result]) -> None:
        """Report that a part begins."""
        if self.report is not None:
            self.report(self.name, part + 1, count, self.so_far(done, part))

    def waits(self, count: int, done: Mapping[int, _Result]) -> None:
        """Report that other processes do what is left."""
        if self.report is not None:
            facts = f"waiting for {count - len(done)} of other processes", self.so_far(done, None)
            self.report(self.name, len(done) + 1, count, "  ".join(filter(None, facts)))


def do_all(
    count: int,
    do: Callable[[int], _Result],
    told: Told[_Result],
    *,
    shared: Shared | None = None,
    began: Mapping[str, str] | None = None,
) -> list[_Result]:
    """Return the results of `count` parts in order.

    Args:
        count: the number of parts.
        do: does the part of a number, from 0; results are JSON values if they are shared.
        told: reports.
        shared: the study in which several processes share the parts; None to do all here, one after another.
        began: what the results depend on: a hash by its name in messages.

    Raises:
        NerTaggerError: if the storage cannot be used, or no process was able to do a part.
    """
    if shared is None:
        done: dict[int, _Result] = {}
        for part in range(count):
            told.begins(part, count, done)
            done[part] = do(part)
        return [done[part] for part in range(count)]

    def one(trial: Any, part: int, ended: Ended) -> Outcome:
        told.begins(part, count, _results(ended))
        return Outcome(0.0, do(part))

    with joined(shared, began or {}) as worker:
        trials = worker.work(count, one, on_wait=lambda ended: told.waits(count, _results(ended)))
    for part, trial in enumerate(trials):
        if ERROR in trial.user_attrs:
            problem = f"{told.name} {part + 1} of {count}: {trial.user_attrs[ERROR]}"
            raise NerTaggerError(f"{shared.place}: {problem}; look at its machine, then name another study by --study")
    return [trial.user_attrs[RESULT] for trial in trials]


def _results(ended: Ended) -> dict[int, Any]:
    return {part: trial.user_attrs[RESULT] for part, trial in ended.items() if RESULT in trial.user_attrs}
