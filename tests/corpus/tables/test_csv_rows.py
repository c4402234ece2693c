"""CSV rows with quotation marks escaped or written literally."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nertagger.corpus.tables.csv_rows import parse_row, read_rows


def is_tagged(cells: Sequence[str]) -> bool:
    return cells[2] in ("O", "B-X")


@pytest.mark.parametrize(("text", "rows"), [
    ("a,b,O\n", [["a", "b", "O"]]),
    ('a,"b,c",O\n', [["a", "b,c", "O"]]),
    ('a,"""",O\n', [["a", '"', "O"]]),
    ('a,",O\n,b,O\n,",O\n', [["a", '"', "O"], ["", "b", "O"], ["", '"', "O"]]),
    ('a,",O\n,b,O\n', [["a", '"', "O"], ["", "b", "O"]]),
    ('a,"b,O\n,c",O\n', [["a", '"b', "O"], ["", 'c"', "O"]]),
    ('a,5",O\n', [["a", '5"', "O"]]),
    ('a,"b" c,O\n', [["a", '"b" c', "O"]]),
    ('a,"b\nc",O\nd,e,O\n', [["a", "b\nc", "O"], ["d", "e", "O"]]),
    ('a,"b,x\nc",O\nd,e,O\n', [["a", "b,x\nc", "O"], ["d", "e", "O"]]),
    ('a,",\n",O\n', [["a", ",\n", "O"]]),
    ('a,"b\nc",\n', [["a", "b\nc", ""]]),
    ('a,"b\r\n\r\nc",O\r\n', [["a", "b\r\n\r\nc", "O"]]),
    ('a,"b\nc,d,O\n', [["a", '"b'], ["c", "d", "O"]]),
    ("a,b\n\nc,d,e,O\n", [["a", "b"], [""], ["c", "d", "e", "O"]]),
    ("", []),
])  # fmt: skip
def test_read_rows(text: str, rows: list[list[str]]) -> None:
    assert [row.cells for row in read_rows(text.splitlines(keepends=True), ",", 3, is_tagged)] == rows


def test_rows_have_line_numbers() -> None:
    text = 'a,"b\nc",O\n,",O\nd,e,O\n'
    found = [(row.line, row.is_literal) for row in read_rows(text.splitlines(keepends=True), ",", 3, is_tagged)]
    assert found == [(1, False), (3, True), (4, False)]


def test_many_unclosed_quotes_take_linear_time() -> None:
    lines = ['a,"b\n'] * 20_001
    assert sum(1 for _ in read_rows(lines, ",", 3, is_tagged)) == 20_001


@pytest.mark.parametrize(("text", "cells"), [("a;b", ["a", "b"]), ('"a;b"', ["a;b"]), ('"a', None), ("", [""])])
def test_parse_row(text: str, cells: list[str] | None) -> None:
    assert parse_row(text, ";") == cells
