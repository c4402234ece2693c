from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading

import pytest

from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Answer, ConflictError

_LABELLER = """
import sys
from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Answer
from nertagger.text.document import Span
project = Project.open(sys.argv[1])
for turn in range(100_000):
    number = turn % 4 + 1
    held = project.decisions.of_sentence(number)
    version = held[0].number if held else 0
    print(project.decisions.record(Answer(number, "ann", [Span("PER", 0, 1)], version=version)), flush=True)
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_confirmed_decision_is_lost_when_the_program_is_killed(project, seed):
    command = [sys.executable, "-c", _LABELLER, str(project.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(random.Random(seed).randint(1, 60)):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
    confirmed = int(rest[-1]) if rest else 1
    reopened = Project.open(project.folder)
    assert reopened.database.check() == "ok"
    assert reopened.decisions.last() >= confirmed
    assert len(reopened.decisions.history(1)) >= confirmed // 4
    assert {one.number for one in reopened.decisions.current()} <= set(range(1, reopened.decisions.last() + 1))


def test_of_threads_that_decide_at_the_same_time_one_wins(project):
    outcomes = []

    def decide() -> None:
        try:
            outcomes.append(project.decisions.record(Answer(1, "ann")))
        except ConflictError as error:
            outcomes.append(error)
        project.database.close()

    threads = [threading.Thread(target=decide) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert len(project.decisions.history(1)) == 1


def test_what_fails_in_a_transaction_is_undone(project):
    def fail() -> None:
        with project.database.write() as connection:
            connection.execute("DELETE FROM settings")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert project.settings.load().labels == ("PER", "LOC")
