"""Word vectors as text: a word and its numbers per line, with spaces between, or a tab after the word."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from nertagger.errors import DataError, requires_extra
from nertagger.features.vectors.blocks import GREATEST, Block, are_numbers, read_block
from nertagger.printable import counted

_REMEDY = "fix or remove the line"
_TRUNCATED = "the file ends within this line: it was cut short, fetch it again"


def separator_of(row: bytes) -> bytes:
    """Return what separates a word from its numbers: a tab if the row has one, else a space."""
    return b"\t" if b"\t" in row.strip() else b" "


def width_of(row: bytes) -> int:
    """Return the dimension of the vectors of a file whose first row this is: how many numbers it ends in."""
    _, _, numbers = row.rstrip().partition(separator_of(row))
    parts = numbers.replace(b"\t", b" ").split(b" ") if numbers else []
    return next((i for i, part in enumerate(reversed(parts)) if not are_numbers([part])), len(parts))


def text_blocks(path: str | Path, stream: IO[bytes], start: bytes, *, width: int, line: int) -> Iterator[Block]:
    """Yield the rows of a file in blocks.

    Args:
        path: the name of the file, for messages.
        stream: the file.
        start: what has been read of the rows.
        width: the dimension of the vectors.
        line: the line number of the first row.

    Raises:
        DataError: if a row has more or fewer numbers, or something else (with the line).
    """
    if width < 1:
        raise DataError(path=path, line=line, got="a line without numbers", expected="a word and its vector")
    rest = start
    separator = b""
    while True:
        block = read_block(stream)
        text, newline, tail = (rest + block).rpartition(b"\n") if block else (rest, b"", b"")
        if block and not newline:
            rest = tail
            continue
        rows = [row.rstrip() for row in text.split(b"\n")]
        is_truncated = not block and bool(rows[-1])  # no line end after the last row
        if not block and not rows[-1]:
            rows.pop()
        if rows:
            separator = separator or separator_of(rows[0])
            yield _parse_rows(path, rows, separator, width=width, line=line, is_truncated=is_truncated)
        line += len(rows)
        rest = tail
        if not block:
            return


def _parse_rows(
    path: str | Path, rows: list[bytes], separator: bytes, *, width: int, line: int, is_truncated: bool
) -> Block:
    """Return the words and vectors of rows, the first of which is in `line`.

    `is_truncated` is whether the file ends without a line end after the last row.
    """
    words: list[bytes] = []
    numbers: list[bytes] = []
    for position, row in enumerate(rows):
        word, _, vector = row.partition(separator)
        if separator == b"\t":
            vector = vector.replace(b"\t", b" ")
        if vector.count(b" ") != width - 1 or not vector:
            parts = _split_word_with_spaces(row, width) if separator == b" " else None
            if parts is None:
                got = (vector.count(b" ") + 1 if vector else 0) if separator == b"\t" else row.count(b" ")
                remedy = _TRUNCATED if is_truncated and position == len(rows) - 1 else _REMEDY
                raise DataError(
                    path=path, line=line + position, got=counted(got, "number"), expected=str(width), remedy=remedy
                )
            word, vector = parts
        words.append(word)
        numbers.append(vector)
    return words, _parse_numbers(path, numbers, width=width, line=line)


def _split_word_with_spaces(row: bytes, width: int) -> tuple[bytes, bytes] | None:
    """Return a word with spaces and its numbers, None if the row is malformed.

    A few published words have spaces, but none ends in a number.
    """
    parts = row.rsplit(b" ", width)
    inside = parts[0].rpartition(b" ")[2]
    if len(parts) != width + 1 or not are_numbers(parts[1:]) or are_numbers([inside]):
        return None
    return parts[0], b" ".join(parts[1:])


def _parse_numbers(path: str | Path, numbers: list[bytes], *, width: int, line: int) -> np.ndarray:
    with requires_extra("reading word vectors as text", "train"):
        import pandas as pd  # its C parser reads floats twice as fast as NumPy's

    text = io.BytesIO(b"\n".join(numbers))
    try:
        table = pd.read_csv(
            text,
            sep=" ",
            header=None,
            names=range(width),
            dtype=np.float64,
            na_filter=False,
            skip_blank_lines=False,
            quoting=csv.QUOTE_NONE,
        ).to_numpy()
    except ValueError:
        table = None
    if table is None or not (np.abs(table) <= GREATEST).all():
        bad = next((i for i, row in enumerate(numbers) if not are_numbers(row.split(b" "))), 0)
        got = "something that is not a finite number in the vector"
        raise DataError(path=path, line=line + bad, got=got, remedy=_REMEDY)
    return table
