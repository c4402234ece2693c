"""The log of a run: one JSON line per epoch, the same numbers as TensorBoard events, and a readable line."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from nertagger.progress import RunProgress, epoch_line
from nertagger.progress.records import EpochRecord
from nertagger.training.loop.reports import LoggingListener, RunLog, listening


def record(epoch: int) -> EpochRecord:
    return EpochRecord(
        epoch=epoch,
        loss=1.5 / epoch,
        dev_f1=0.25 * epoch,
        dev_precision=0.5,
        dev_recall=0.125,
        best_dev_f1=0.75,
        learning_rate=0.003,
        tokens_per_second=1234.5,
        seconds=10.0 * epoch,
    )


def write(folder: Path, *epochs: int, from_epoch: int = 1) -> None:
    log = RunLog(folder, from_epoch=from_epoch)
    for epoch in epochs:
        log.write(record(epoch))
    log.close()


def logged(folder: Path) -> list[EpochRecord]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_one_line_per_epoch(tmp_path: Path) -> None:
    write(tmp_path, 1, 2, 3)
    assert logged(tmp_path) == [record(1), record(2), record(3)]


def test_each_line_is_written_when_its_epoch_ends(tmp_path: Path) -> None:
    log = RunLog(tmp_path)
    log.write(record(1))
    assert logged(tmp_path) == [record(1)]
    log.close()


def test_resuming_removes_the_lines_of_later_epochs(tmp_path: Path) -> None:
    write(tmp_path, 1, 2, 3)
    write(tmp_path, 3, 4, from_epoch=3)
    assert [line["epoch"] for line in logged(tmp_path)] == [1, 2, 3, 4]


def test_a_new_run_begins_a_new_log(tmp_path: Path) -> None:
    write(tmp_path, 1, 2)
    write(tmp_path, 1)
    assert logged(tmp_path) == [record(1)]


def test_tensorboard_reads_the_same_numbers(tmp_path: Path) -> None:
    accumulators = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator", reason="tensorboard is not installed"
    )
    write(tmp_path, 1, 2)
    events = accumulators.EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    for name in set(record(1)) - {"epoch"}:
        found = [(event.step, value(event)) for event in events.Tensors(name)]
        assert found == [(epoch, pytest.approx(record(epoch)[name])) for epoch in (1, 2)]  # type: ignore[literal-required]


def value(event: Any) -> float:
    (number,) = event.tensor_proto.float_val
    return float(number)


def test_without_tensorboard_the_log_is_written_with_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard.summary", None)
    with caplog.at_level(logging.WARNING):
        write(tmp_path, 1, 2)
    assert logged(tmp_path) == [record(1), record(2)]
    assert not (tmp_path / "tensorboard").exists()
    assert [r.getMessage() for r in caplog.records if r.name.startswith("nertagger")] == [
        "no TensorBoard events: the package tensorboard is not installed; log.jsonl has the same numbers"
    ]


def test_the_listener_logs_one_line_per_epoch(caplog: pytest.LogCaptureFixture) -> None:
    listener = LoggingListener()
    with caplog.at_level(logging.INFO):
        listener.on_vectors(3, None)
        listener.on_step(1, 1, 2, 0.5)
        listener.on_epoch(record(1), best=True)
    assert [r.getMessage() for r in caplog.records] == [epoch_line(record(1), best=True)]


@pytest.mark.parametrize(
    ("verbose", "is_watched", "kind"),
    [
        (None, False, LoggingListener),
        (None, True, RunProgress),
        (False, True, LoggingListener),
        (True, False, RunProgress),
    ],
)
def test_verbose_selects_the_listener(
    verbose: bool | None, is_watched: bool, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nertagger.training.loop.reports.is_watched", lambda: is_watched)
    with listening(None, verbose) as listener:
        assert type(listener) is kind
    mine = LoggingListener()
    with listening(mine, verbose) as listener:
        assert listener is mine
