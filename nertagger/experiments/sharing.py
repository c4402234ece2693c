"""Work on one study by several processes: each claims a unit of it, does it, and claims the next, until all are done.

A unit is a trial of a search, a seed, or a fold. Optuna's storages hand out each of its trials once, and here a trial
stands for a unit. Optuna's own heartbeat is for databases alone, not for its journal, so a process shows by an
attribute of its trial that it is at work. Others compare that attribute with what they saw before, not with a clock:
the clocks of two machines may differ.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, NamedTuple

from nertagger.experiments.storage import Shared, load_optuna
from nertagger.experiments.study import check_began
from nertagger.printable import counted

logger = logging.getLogger(__name__)
_BEGAN = "began with"
_UNIT, _WORKER, _LEASE, _BEAT, _LOST = "unit", "worker", "lease", "beat", "times lost"
RESULT, ERROR = "result", "error"
_MOST_LOST = 3  # a unit that ends its process each time, such as by want of memory, must not end them all
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # seconds between two looks at what others do


class Outcome(NamedTuple):
    """What came of a unit.

    Attributes:
        value: what a search maximizes; None if the unit has failed and is not to be tried again.
        result: JSON values that are stored with it.
        error: why it has failed.
    """

    value: float | None
    result: Any = None
    error: str = ""


Ended = Mapping[int, Any]
"""The Optuna trials of the units that are done, by number."""


@dataclass
class Worker:
    """One of the processes that share a study.

    Attributes:
        optuna: the library.
        study: the Optuna study.
        shared: where it is.
        began: what its results depend on: a hash by its name in messages.
    """

    optuna: ModuleType
    study: Any
    shared: Shared
    began: Mapping[str, str]
    _seen: dict[int, tuple[int, float]] = field(default_factory=dict)

    def work(
        self, count: int, do: Callable[[Any, int, Ended], Outcome], *, on_wait: Callable[[Ended], None] | None = None
    ) -> list[Any]:
        """Do units that no other process does, until all are done; return their trials in the order of the units.

        Args:
            count: the number of units.
            do: does a unit, given its Optuna trial, its number from 0, and the units that are done. If it raises an
                error, the unit is left to others.
            on_wait: called when others do all that is left, with the units that are done.

        Raises:
            ConfigError: if the study began with something else.
            NerTaggerError: if the storage cannot be used.
        """
        pause = _SHORTEST_PAUSE
        while True:
            self._check()
            self._take_back_lost()
            known = self._units(count)
            ended = {unit: trial for unit, trial in known.items() if trial.state.is_finished()}
            if len(ended) == count:
                return [ended[unit] for unit in range(count)]
            for unit in sorted(set(range(count)) - set(known)):
                self.study.enqueue_trial({}, user_attrs={_UNIT: unit})
                known[unit] = None
            if any(trial is None or trial.state.name == "WAITING" for trial in known.values()):
                self._do_next(count, do, ended)
                pause = _SHORTEST_PAUSE
                continue
            if on_wait is not None and pause == _SHORTEST_PAUSE:
                on_wait(ended)
            time.sleep(pause)
            pause = min(2 * pause, self.shared.lease / 4, _LONGEST_PAUSE)

    def _check(self) -> None:
        """Check, before each unit, that the study is of the same work: two processes may have begun it at once."""
        before = self.study.user_attrs.get(_BEGAN)
        if before is None:
            self.study.set_user_attr(_BEGAN, dict(self.began))
            return
        check_began(self.shared.place, before, self.began, remedy="name another study by --study")

    def _units(self, count: int) -> dict[int, Any]:
        """Return the trial of each unit that is waiting, running or done; of several, the one that counts."""
        found: dict[int, Any] = {}
        for trial in self.study.get_trials(deepcopy=False):
            unit = trial.user_attrs.get(_UNIT, count)
            if unit < count and (trial.state.name != "FAIL" or ERROR in trial.user_attrs):
                found[unit] = min(found.get(unit, trial), trial, key=_precedence)
        return found

    def _do_next(self, count: int, do: Callable[[Any, int, Ended], Outcome], ended: Ended) -> None:
        """Claim a unit and do it; if others were faster, there may be none."""
        trial = self.study.ask()
        unit = trial.user_attrs.get(_UNIT, count)
        chosen = self._units(count).get(unit)
        if chosen is None or chosen.number != trial.number:
            self.study.tell(trial, state=self._failed)
            return
        with self._held(trial):
            self._finish(trial, do(trial, unit, ended))

    @contextmanager
    def _held(self, trial: Any) -> Iterator[None]:
        """Show that the trial is at work while the block runs; if that raises an error, leave the unit to others."""
        trial.set_user_attr(_WORKER, f"{socket.gethostname()}:{os.getpid()}")
        trial.set_user_attr(_LEASE, self.shared.lease)
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(trial, over), daemon=True)
        thread.start()
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the first error is the one to report; without this, others wait for the lease
                self._put_back(trial, lost=trial.user_attrs.get(_LOST, 0))
            raise
        finally:
            over.set()
            thread.join()

    def _beat(self, trial: Any, over: threading.Event) -> None:
        number = 0
        while not over.wait(self.shared.lease / 4):
            number += 1
            try:
                trial.set_user_attr(_BEAT, number)
            except self.optuna.exceptions.UpdateFinishedTrialError:
                return  # others have taken it up
            except Exception as error:  # noqa: BLE001  # the storage may be there again at the next beat
                logger.debug("no sign of life could be written: %s", type(error).__name__)

    def _finish(self, trial: Any, outcome: Outcome) -> None:
        """Store what came of a trial; for the length of a lease, wait for a storage that cannot be reached."""
        until = time.monotonic() + self.shared.lease
        while True:
            try:
                self._tell(trial, outcome)
            except (self.optuna.exceptions.UpdateFinishedTrialError, ValueError):
                logger.warning("%s: others took up this process's work meanwhile", self.shared.place)
            except self.optuna.exceptions.StorageInternalError:
                if time.monotonic() > until:
                    raise
                time.sleep(1)
                continue
            return

    def _tell(self, trial: Any, outcome: Outcome) -> None:
        if outcome.value is None:
            trial.set_user_attr(ERROR, outcome.error)
            self.study.tell(trial, state=self._failed)
        else:
            trial.set_user_attr(RESULT, outcome.result)
            self.study.tell(trial, outcome.value)

    def _take_back_lost(self) -> None:
        """Put back the units of processes that have shown no sign of life since this one looked, for their lease."""
        now = time.monotonic()
        for trial in self.study.get_trials(deepcopy=False, states=(self.optuna.trial.TrialState.RUNNING,)):
            beat = trial.user_attrs.get(_BEAT, 0)
            before, since = self._seen.get(trial.number, (-1, now))
            if beat != before:
                self._seen[trial.number] = beat, now
            elif now - since > max(self.shared.lease, trial.user_attrs.get(_LEASE, 0)):
                worker = trial.user_attrs.get(_WORKER, "a process")
                logger.warning("%s: %s has stopped; its work is taken up again", self.shared.place, worker)
                self._put_back(trial, lost=trial.user_attrs.get(_LOST, 0) + 1)

    def _put_back(self, trial: Any, *, lost: int) -> None:
        """End a trial, and queue one with the same settings for the same unit, unless it was lost too often."""
        try:
            self.study.tell(trial.number, state=self._failed)
        except (self.optuna.exceptions.UpdateFinishedTrialError, ValueError):
            return  # it has ended meanwhile, or another process was faster
        if _UNIT not in trial.user_attrs:
            return
        marks = {_UNIT: trial.user_attrs[_UNIT], _LOST: lost}
        if lost < _MOST_LOST:
            self.study.enqueue_trial(trial.params, user_attrs=marks)
            return
        error = f"the process that did it has stopped {counted(lost, 'time')}"
        given_up = self.optuna.trial.create_trial(state=self._failed, user_attrs={**marks, ERROR: error})
        self.study.add_trial(given_up)

    @property
    def _failed(self) -> Any:
        return self.optuna.trial.TrialState.FAIL


def _precedence(trial: Any) -> tuple[bool, bool, int]:
    """Return the key by which the trial that counts for a unit is the least: ended ones first, then running ones."""
    return not trial.state.is_finished(), trial.state.name == "WAITING", trial.number


@contextmanager
def joined(shared: Shared, began: Mapping[str, str]) -> Iterator[Worker]:
    """Join a study, which is created if it does not exist; the block's errors of the storage become one line.

    Args:
        shared: where the study is.
        began: what its results depend on: a hash by its name in messages.

    Raises:
        MissingExtraError: if Optuna or the driver of the database is not installed.
        NerTaggerError: if the storage cannot be used.
    """
    optuna = load_optuna()
    storage = shared.open(optuna)
    with shared.errors(optuna):
        study = optuna.create_study(storage=storage, study_name=shared.study, direction="maximize", load_if_exists=True)
        yield Worker(optuna, study, shared, began)
