"""Trainings in a process of their own, started after every N answers."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

from nertagger.annotation.learning.job import LEAST_ANSWERS, run
from nertagger.annotation.project import Project

_STOP_SECONDS = 5  # for a process to end
_INTERRUPTED = "the program was killed; the training is started again"


class _Job(NamedTuple):
    training: int
    process: SpawnProcess
    held: Connection


class Background:
    """The trainings of a project, one at a time; safe to share between threads.

    A training runs at low priority, ends with this process, and is repeated after a crash: it writes a model as a whole
    or not at all.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._job: _Job | None = None
        for training in project.trainings.running():
            if not _is_alive(training.pid):
                project.trainings.end(training.number, "failed", _INTERRUPTED)

    def start(self, kind: str = "train") -> bool:
        """Start a training unless one is running; return whether it was started."""
        with self._lock:
            if self._is_running():
                return False
            context = get_context("spawn")  # a forked process would inherit locks of threads that it does not have
            number = self._project.trainings.begin(kind, pid=os.getpid(), decision=self._project.decisions.last())
            watched, held = context.Pipe(duplex=False)
            arguments = (watched, str(self._project.folder), number, kind)
            process = context.Process(target=run, args=arguments, daemon=True)
            process.start()
            watched.close()
            self._job = _Job(number, process, held)
            return True

    def start_if_due(self) -> bool:
        """Start a training if there are as many new answers as the settings say; return whether one was started."""
        every = self._project.settings.load().train_every
        last = self._project.trainings.last()
        if not every or (last is not None and last.state == "running"):
            return False
        is_unfinished = last is not None and last.state == "failed" and last.message == _INTERRUPTED
        new = self._project.decisions.answers_since(0 if last is None or is_unfinished else last.decision)
        answered = self._project.decisions.counts()["answered"]
        return new >= every and answered >= LEAST_ANSWERS and self.start()

    def resume(self) -> None:
        """Start what a program that was killed left undone: a training that is due, or predictions of a model."""
        model = self._project.models.latest()
        if not self.start_if_due() and model is not None and not self._project.models.count_predicted(model.number):
            self.start("predict")

    def poll(self) -> None:
        """Note it if the process of a training has ended without saying so."""
        with self._lock:
            self._is_running()

    def stop(self) -> bool:
        """Stop the training that is running; return whether there was one."""
        with self._lock:
            if not self._is_running() or self._job is None:
                return False
            self._project.trainings.end(self._job.training, "stopped")
            self._job.process.kill()
            self._job.process.join(_STOP_SECONDS)
            self._close()
            return True

    def _is_running(self) -> bool:
        if self._job is None:
            return False
        if self._job.process.is_alive():
            return True
        self._project.trainings.end(self._job.training, "failed", "its process was killed, perhaps for lack of memory")
        self._close()
        return False

    def _close(self) -> None:
        if self._job is not None:
            self._job.held.close()
            self._job = None


def _is_alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    with suppress(OSError):
        os.kill(pid, 0)
        return True
    return False
