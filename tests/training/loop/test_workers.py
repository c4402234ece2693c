"""Processes that train together: what a single one does, and what is said of options that contradict each other."""

from __future__ import annotations

import pytest

from nertagger.cli import main
from nertagger.errors import TrainingError
from nertagger.training.loop.fingerprint import check_equal
from nertagger.training.loop.workers import ALONE, Workers


class Second(Workers):
    """The second process, whose first one has other data."""

    def from_first(self, compute):
        return {**compute(), "the dev sentences": "other"}


def test_a_single_process_needs_no_other() -> None:
    assert ALONE.sum(2.5, True) == [2.5, True]
    assert ALONE.from_first(lambda: {"a": 1}) == {"a": 1}
    assert ALONE.is_first
    with ALONE.expected():
        pass


def test_processes_with_other_data_are_refused() -> None:
    check_equal({"the settings": "a"}, ALONE)
    message = "process 2 of 2: the dev sentences differ from those of the first process"
    with pytest.raises(TrainingError, match=message):
        check_equal({"the settings": "a", "the dev sentences": "b"}, Second(1, 2))


@pytest.mark.parametrize(("arguments", "message"), [
    (["--worker", "1"], "--worker is one of --workers"),
    (["--workers", "a:1"], "two different addresses or more"),
    (["--workers", "a:1,a:1", "--worker", "1"], "two different addresses or more"),
    (["--workers", "a:1,b", "--worker", "1"], "got 'b', expected HOST:PORT"),
    (["--workers", "a:1,b:99999", "--worker", "1"], "got 'b:99999', expected HOST:PORT"),
    (["--workers", "a:1,b:1"], "pass --worker N too, from 1 to 2"),
    (["--workers", "a:1,b:1", "--worker", "3"], "pass --worker N too, from 1 to 2"),
    (["--workers", "a:1,b:1", "--worker", "1", "--processes", "2"], "leave one of them out"),
    (["--processes", "2", "--seeds", "2"], "--seeds trains one model per process"),
    (["--processes", "0"], "expected a whole number from 1"),
])  # fmt: skip
def test_contradicting_options(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["train", "--train", __file__, *arguments]) == 2
    assert message in capsys.readouterr().err
