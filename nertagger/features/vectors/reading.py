"""Word vectors read from a file of any layout: GloVe, word2vec (text and binary) and fastText (text).

A file is expected to list its words by frequency, as all of these do. Words and numbers are separated by spaces or
tabs, as in the first row.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nertagger.errors import DataError
from nertagger.features.vectors.binary_rows import binary_blocks, is_binary
from nertagger.features.vectors.blocks import Block, are_numbers
from nertagger.features.vectors.opening import open_vectors, read_head
from nertagger.features.vectors.text_rows import text_blocks, width_of
from nertagger.printable import counted

logger = logging.getLogger(__name__)

Progress = Callable[[int, int | None], None]
"""Called with the number of words read and, if the file says it, the number of all words."""
_SNIFFED_BYTES = 1024


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words and their vectors.

    Attributes:
        words: V different words, most frequent first.
        table: float16 of shape (V, D); half precision is far finer than the information in word vectors.
    """

    words: list[str]
    table: np.ndarray


def read_vectors(path: str | Path, *, limit: int | None = None, progress: Progress | None = None) -> WordVectors:
    """Return the first `limit` word vectors of a file.

    Args:
        path: the file; its layout is detected from its first bytes.
        limit: maximum number of words; None for all.
        progress: called now and then while the file is read.

    Raises:
        DataError: for a ragged, truncated or non-numeric row, with its line; in a binary file, with the word's number.
    """
    with open_vectors(path) as stream:
        blocks, expected = _open_blocks(path, stream)
        return _collect(path, blocks, limit=limit, expected=expected, progress=progress)


def _open_blocks(path: str | Path, stream: io.BufferedReader) -> tuple[Iterator[Block], int | None]:
    """Return the blocks of a file, and the number of words that its header says, None without a header."""
    head = read_head(path, stream)
    first = head.rstrip().replace(b"\t", b" ").split(b" ")
    if len(first) != 2 or not all(part.isdigit() for part in first):
        return text_blocks(path, stream, head, width=width_of(head), line=1), None
    words, width = int(first[0]), int(first[1])
    start = stream.read(_SNIFFED_BYTES)
    if is_binary(start):
        return binary_blocks(path, stream, start, words=words, width=width), words
    if width > 1 and _are_one_wide(start):
        return text_blocks(path, stream, head + start, width=1, line=1), None
    return text_blocks(path, stream, start, width=width, line=2), words


def _are_one_wide(start: bytes) -> bool:
    """Return whether all visible rows are a word and one number, so that the line before them is such a row as well."""
    rows = [row.split() for row in start.split(b"\n")]
    seen = [row for row in rows if row]
    return bool(seen) and all(len(row) == 2 and are_numbers(row[1:]) for row in seen)


def _collect(
    path: str | Path,
    blocks: Iterator[Block],
    *,
    limit: int | None,
    expected: int | None,
    progress: Progress | None,
) -> WordVectors:
    """Return the first `limit` different words of blocks; `expected` is the number of words in the header."""
    words: dict[str, None] = {}
    tables: list[np.ndarray] = []
    read = 0
    total = None if expected is None else min(expected, limit or expected)
    for names, table in blocks:
        read += len(names)
        tables.append(table[_add_new(names, words)].astype(np.float16))
        if progress:
            progress(len(words) if limit is None else min(len(words), limit), total)
        if limit is not None and len(words) >= limit:
            break
    else:
        if expected is not None and read < expected:
            stated = f"the {expected} that its first line says"
            remedy = "correct that number or, if the file was cut short, fetch it again"
            raise DataError(path=path, got=counted(read, "word"), expected=stated, remedy=remedy)
    if read > len(words):
        message = "%s: %d repeated words; the first vector of each is kept"
        logger.warning(message, path, read - len(words))
    if not words:
        raise DataError(path=path, got="no word", expected="a word and its numbers on each line")
    return WordVectors(list(words)[:limit], np.concatenate(tables)[:limit])


def _add_new(names: list[bytes], words: dict[str, None]) -> list[int]:
    """Add the names that are not in `words` yet, and return their positions.

    Some published files have a few words that are not valid UTF-8, which no text can contain.
    """
    new = []
    for position, name in enumerate(names):
        word = name.decode("utf-8", errors="replace")
        if word not in words:
            words[word] = None
            new.append(position)
    return new
