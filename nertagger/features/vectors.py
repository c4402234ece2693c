"""Word vectors from a file: GloVe, word2vec (text and binary) and fastText (text); plain, .gz, .xz, .bz2 or .zip.

A file is taken to list its words most frequent first, as all of these do.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np

from nertagger.errors import DataError
from nertagger.files import open_binary

logger = logging.getLogger(__name__)

_BLOCK_BYTES = 1 << 24
_REMEDY = "the file may be cut short; fetch it again, or remove the line"
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words and their vectors.

    Attributes:
        words: V different words, most frequent first.
        table: float16 of shape (V, D); half precision is far finer than what vectors know about words.
    """

    words: list[str]
    table: np.ndarray


def read_vectors(path: str | Path, *, limit: int | None = None, progress: Progress | None = None) -> WordVectors:
    """The first `limit` word vectors of a file.

    Args:
        path: the file; its kind is seen from its first bytes.
        limit: at most so many words; None for all.
        progress: called with the number of words read so far.

    Raises:
        DataError: for a ragged, truncated or non-numeric row, with its line.
    """
    with _open_vectors(path) as stream:
        head = stream.readline()
        first = head.split()
        has_header = len(first) == 2 and all(part.isdigit() for part in first)
        if not head.strip():
            raise DataError(f"{path}: got an empty file, expected a word and its numbers on each line")
        if has_header and _is_binary(stream.peek(256)):
            blocks = _binary_blocks(path, stream, words=int(first[0]), width=int(first[1]))
        else:
            width = int(first[1]) if has_header else len(first) - 1
            start = b"" if has_header else head
            blocks = _text_blocks(path, stream, start, width=width, line=2 if has_header else 1)
        expected = int(first[0]) if has_header else None
        return _collect(path, blocks, limit=limit, expected=expected, progress=progress)


def _collect(
    path: str | Path,
    blocks: Iterator[tuple[list[bytes], np.ndarray]],
    *,
    limit: int | None,
    expected: int | None,
    progress: Progress | None,
) -> WordVectors:
    words: list[str] = []
    tables: list[np.ndarray] = []
    seen: set[str] = set()
    read = 0
    for names, table in blocks:
        read += len(names)
        # Some published files hold a few words that are not valid UTF-8: no text can ever ask for them.
        decoded = [name.decode("utf-8", errors="replace") for name in names]
        keep = [i for i, word in enumerate(decoded) if not (word in seen or seen.add(word))]  # type: ignore[func-returns-value]
        words.extend(decoded[i] for i in keep)
        tables.append(table[keep].astype(np.float16))
        if progress:
            progress(len(words))
        if limit is not None and len(words) >= limit:
            break
    else:
        if expected is not None and read < expected:
            raise DataError(f"{path}: got {read} words, expected the {expected} that its first line says; {_REMEDY}")
    if read > len(seen):
        logger.warning(
            "%s: %d words stand there more than once; the first vector of each is kept", path, read - len(seen)
        )
    return WordVectors(words[:limit], np.concatenate(tables)[:limit])


def _text_blocks(
    path: str | Path, stream: IO[bytes], start: bytes, *, width: int, line: int
) -> Iterator[tuple[list[bytes], np.ndarray]]:
    if width < 1:
        raise DataError(f"{path}:{line}: got a line without numbers, expected a word and its vector")
    rest = start
    while True:
        block = stream.read(_BLOCK_BYTES)
        text, newline, tail = (rest + block).rpartition(b"\n") if block else (rest, b"", b"")
        if block and not newline:
            rest = tail
            continue
        rows = [row.rstrip() for row in text.split(b"\n")]
        if not block and rows and not rows[-1]:
            rows.pop()
        if rows:
            yield _parse_rows(path, rows, width=width, line=line)
        line += len(rows)
        rest = tail
        if not block:
            return


def _parse_rows(path: str | Path, rows: list[bytes], *, width: int, line: int) -> tuple[list[bytes], np.ndarray]:
    words: list[bytes] = []
    numbers: list[bytes] = []
    for position, row in enumerate(rows):
        word, _, vector = row.partition(b" ")
        if vector.count(b" ") != width - 1:
            parts = row.rsplit(b" ", width)  # a few published words hold spaces
            if len(parts) != width + 1 or not _are_numbers(parts[1:]):
                got = len(row.split(b" ")) - 1
                raise DataError(f"{path}:{line + position}: got {got} numbers, expected {width}; {_REMEDY}")
            word, vector = parts[0], b" ".join(parts[1:])
        words.append(word)
        numbers.append(vector)
    return words, _parse_numbers(path, numbers, width=width, line=line)


def _parse_numbers(path: str | Path, numbers: list[bytes], *, width: int, line: int) -> np.ndarray:
    import pandas as pd  # its C parser reads floats twice as fast as NumPy's

    try:
        frame = pd.read_csv(
            io.BytesIO(b"\n".join(numbers)), sep=" ", header=None, names=range(width), dtype=np.float32, na_filter=False
        )
        table = frame.to_numpy()
    except ValueError:
        table = None
    if table is None or not np.isfinite(table).all():
        bad = next(i for i, row in enumerate(numbers) if not _are_numbers(row.split(b" ")))
        raise DataError(f"{path}:{line + bad}: got something that is not a finite number in the vector; {_REMEDY}")
    return table


def _are_numbers(parts: list[bytes]) -> bool:
    try:
        return bool(np.isfinite([float(part) for part in parts]).all())
    except ValueError:
        return False


def _is_binary(head: bytes) -> bool:
    _, _, after = head.partition(b" ")
    return any(byte not in b"0123456789+-.eEnaif \t\r\n" for byte in after[:32])


def _binary_blocks(
    path: str | Path, stream: IO[bytes], *, words: int, width: int
) -> Iterator[tuple[list[bytes], np.ndarray]]:
    buffered = cast(io.BufferedReader, stream)
    for first in range(0, words, 10_000):
        count = min(10_000, words - first)
        names: list[bytes] = []
        table = np.empty((count, width), np.float32)
        for row in range(count):
            names.append(_binary_word(buffered))
            data = buffered.read(4 * width)
            if len(data) < 4 * width:
                raise DataError(f"{path}: word {first + row + 1} of {words} is cut short; fetch the file again")
            table[row] = np.frombuffer(data, "<f4")
        yield names, table


def _binary_word(stream: io.BufferedReader) -> bytes:
    letters = bytearray()
    while (letter := stream.read(1)) not in (b" ", b""):
        letters += letter
    return bytes(letters.lstrip(b"\n"))


@contextmanager
def _open_vectors(path: str | Path) -> Iterator[io.BufferedReader]:
    if not str(path).lower().endswith(".zip"):
        with open_binary(path) as stream:
            yield stream
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if not name.endswith("/")]
            if len(members) != 1:
                raise DataError(
                    f"{path}: got {len(members)} files, expected one; unpack it and name the file of vectors"
                )
            with archive.open(members[0]) as member:
                yield io.BufferedReader(cast(io.RawIOBase, member))
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: cannot be read as a zip file: {error}") from error
