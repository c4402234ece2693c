"""Rows are drawn only where somebody can see them; lines are always written unless quiet."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from nertagger.progress.display import Display, is_watched
from nertagger.progress.records import BYTES


def test_a_terminal_shows_rows_with_amounts_and_times(terminal) -> None:
    with terminal, Display() as shown:
        assert is_watched()
        shown.show("a", "reading [red]a.txt", done=500, total=2000, unit=BYTES)
        shown.show("b", "epoch 3", done=2, total=8, unit="steps")
        shown.line("epoch 2 [bold] is done " + "x" * 100)
        shown.line("reading \x1b[2Jb.txt")
    drawn = terminal.drawn
    assert "reading [red]a.txt" in drawn  # no markup
    assert r"reading \x1b[2Jb.txt" in drawn  # nothing that the terminal would act upon
    assert "500 bytes/2.0 kB" in drawn
    assert "2/8 steps" in drawn
    assert "epoch 2 [bold] is done " + "x" * 100 in drawn  # for the terminal to wrap


def test_without_a_terminal_there_are_only_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert not is_watched()
    with Display() as shown:
        shown.show("a", "reading", done=1, total=2)
        shown.line("epoch 2")
    assert capsys.readouterr() == ("", "epoch 2\n")


def test_quiet_shows_nothing(terminal) -> None:
    with terminal, Display(quiet=True) as shown:
        shown.show("a", "reading", done=1, total=2)
        shown.line("epoch 2")
    assert terminal.drawn == ""


def test_quick_work_shows_no_row(terminal) -> None:
    with terminal, Display(delay=60) as shown:
        shown.show("a", "reading", done=1, total=2)
    assert terminal.drawn == ""


def test_a_terminal_that_cannot_move_the_cursor_gets_only_lines(terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with terminal, Display() as shown:
        shown.show("a", "reading", done=1, total=2)
        shown.line("epoch 2")
    assert terminal.drawn == "epoch 2\r\n"


@contextmanager
def _logged_there() -> Iterator[logging.StreamHandler[Any]]:
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_logged_messages_are_printed_above_the_rows(terminal) -> None:
    with terminal, _logged_there() as handler:
        with Display() as shown:
            shown.show("a", "reading", done=1, total=2)
            logging.getLogger("nertagger").warning("three rows [1] were repaired")
        assert handler.stream is sys.stderr
    assert "three rows [1] were repaired\r\n" in terminal.drawn


def test_each_yields_the_items_and_counts_them(terminal) -> None:
    with terminal, Display() as shown:
        assert list(shown.each("tagging", [3, 1, 2], unit="sentences")) == [3, 1, 2]
    assert "0/3 sentences" in terminal.drawn


def test_a_hidden_row_can_be_shown_again(terminal) -> None:
    with terminal, Display() as shown:
        shown.hide("never shown")
        shown.show("a", "first", done=1, total=2)
        shown.hide("a")
        shown.show("a", "second", done=1, total=2)
    drawn = terminal.drawn
    assert "first" in drawn
    assert "second" in drawn


def test_standard_error_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with Display() as shown:
        shown.show("a", "reading")
        shown.line("epoch 2")


def test_rich_is_not_imported_if_nothing_is_drawn() -> None:
    code = "import sys; from nertagger.progress import Display\nwith Display() as d: d.show('a', 'b'); d.line('c')\n"
    code += "assert not {'rich', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.PIPE)


def test_workers_that_share_a_terminal_draw_nothing(terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.process.parent_process", object)
    with terminal:
        assert not is_watched()
