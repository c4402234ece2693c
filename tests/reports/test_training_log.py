"""The training log that a report shows."""

from __future__ import annotations

from pathlib import Path

from nertagger.reports.training_log import read_training_log


def test_incomplete_lines_of_a_killed_run_are_skipped(tmp_path: Path) -> None:
    run = tmp_path / "m.run"
    run.mkdir()
    (run / "log.jsonl").write_text('{"epoch": 1, "loss": 0.5, "dev_f1": 0.25}\n[]\n{"epoch": 2, "lo')
    assert read_training_log(tmp_path / "m.ner") == [{"epoch": 1, "loss": 0.5, "dev_f1": 0.25}]


def test_a_model_without_a_run_has_no_log(tmp_path: Path) -> None:
    assert read_training_log(tmp_path / "m.ner") == []
