"""Word vectors in word2vec's binary layout: a word, a space, and the numbers of its vector as float32."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from nertagger.errors import DataError
from nertagger.features.vectors.blocks import GREATEST, Block, read_block

_NUMBER_BYTES = 4


def is_binary(start: bytes) -> bool:
    """Return whether bytes have control characters: text has none, and the bytes of vectors nearly always have some."""
    return any(byte < 0x20 and byte not in b"\t\n\v\f\r" for byte in start)


def binary_blocks(path: str | Path, stream: IO[bytes], start: bytes, *, words: int, width: int) -> Iterator[Block]:
    """Yield the rows of a file in blocks.

    Args:
        path: the name of the file, for messages.
        stream: the file.
        start: what has been read of the rows.
        words: the number of words.
        width: the dimension of the vectors.

    Raises:
        DataError: if the file is truncated, or a number is not finite or too large (with the number of the word).
    """
    done, rest = 0, start
    while done < words:
        block = read_block(stream)
        names, vectors, rest = _split_rows(rest + block, width=width, limit=words - done)
        if not names and not block:
            raise DataError(f"word {done + 1} of {words} is cut short", path=path, remedy="fetch the file again")
        table = np.frombuffer(b"".join(vectors), "<f4").reshape(-1, width)
        wrong = ~(np.abs(table) <= GREATEST).all(axis=1)
        if wrong.any():
            bad = f"word {done + int(wrong.argmax()) + 1} has a number that is not finite or beyond {GREATEST:.0f}"
            raise DataError(bad, path=path, remedy="write the vectors again without it")
        if names:
            yield names, table
        done += len(names)


def _split_rows(data: bytes, *, width: int, limit: int) -> tuple[list[bytes], list[bytes], bytes]:
    """Return words and vectors of at most `limit` complete rows at the start of `data`, and the bytes after them."""
    names: list[bytes] = []
    vectors: list[bytes] = []
    place = 0
    while len(names) < limit:
        space = data.find(b" ", place)
        stop = space + 1 + _NUMBER_BYTES * width
        if space < 0 or stop > len(data):
            break
        names.append(data[place:space].lstrip(b"\n"))  # some programs end each row with a line feed
        vectors.append(data[space + 1 : stop])
        place = stop
    return names, vectors, data[place:]
