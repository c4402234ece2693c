"""Word vectors from a file: GloVe, word2vec (text and binary) and fastText (text); plain, .gz, .xz, .bz2 or .zip.

A file is taken to list its words most frequent first, as all of these do.
"""

from __future__ import annotations

import csv
import io
import logging
import lzma
import zipfile
import zlib
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
_SNIFFED_BYTES = 1024
_GREATEST = float(np.finfo(np.float16).max)  # 65504; what vectors hold is seldom beyond 10
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
        DataError: for a ragged, truncated or non-numeric row, with its line; in a binary file, with the word's number.
    """
    with _open_vectors(path) as stream:
        head = stream.readline().removeprefix(b"\xef\xbb\xbf")
        if not head.strip():
            raise DataError(f"{path}: got an empty file, expected a word and its numbers on each line")
        first = head.rstrip().split(b" ")
        expected = None
        if len(first) == 2 and all(part.isdigit() for part in first):
            expected, width = int(first[0]), int(first[1])
            start = stream.read(_SNIFFED_BYTES)
            if _is_binary(start):
                blocks = _binary_blocks(path, stream, start, words=expected, width=width)
            else:
                blocks = _text_blocks(path, stream, start, width=width, line=2)
        else:
            blocks = _text_blocks(path, stream, head, width=_width(path, head), line=1)
        return _collect(path, blocks, limit=limit, expected=expected, progress=progress)


def _width(path: str | Path, head: bytes) -> int:
    """The width of the vectors of a file without a header: how many numbers its first line ends in."""
    if b"\t" in head.strip():
        raise DataError(f"{path}:1: got a tab, expected spaces between a word and its numbers")
    _, *numbers = head.rstrip().split(b" ")
    return next((i for i, part in enumerate(reversed(numbers)) if not _are_numbers([part])), len(numbers))


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
    if not words:
        raise DataError(f"{path}: got no word, expected a word and its numbers on each line")
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
            parts = row.rsplit(b" ", width)  # a few published words hold spaces, but they do not end in a number
            inside = parts[0].rpartition(b" ")[2]
            if len(parts) != width + 1 or not _are_numbers(parts[1:]) or _are_numbers([inside]):
                got = row.count(b" ")
                raise DataError(f"{path}:{line + position}: got {got} numbers, expected {width}; {_REMEDY}")
            word, vector = parts[0], b" ".join(parts[1:])
        words.append(word)
        numbers.append(vector)
    return words, _parse_numbers(path, numbers, width=width, line=line)


def _parse_numbers(path: str | Path, numbers: list[bytes], *, width: int, line: int) -> np.ndarray:
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
    if table is None or not (np.abs(table) <= _GREATEST).all():
        bad = next((i for i, row in enumerate(numbers) if not _are_numbers(row.split(b" "))), 0)
        raise DataError(f"{path}:{line + bad}: got something that is not a finite number in the vector; {_REMEDY}")
    return table


def _are_numbers(parts: list[bytes]) -> bool:
    try:
        return all(abs(float(part)) <= _GREATEST and b"_" not in part for part in parts)
    except ValueError:
        return False


def _is_binary(start: bytes) -> bool:
    """Whether there are control characters: text has none, and a vector's bytes are hardly ever without."""
    return any(byte < 0x20 and byte not in b"\t\n\v\f\r" for byte in start)


def _binary_blocks(
    path: str | Path, stream: IO[bytes], start: bytes, *, words: int, width: int
) -> Iterator[tuple[list[bytes], np.ndarray]]:
    done, rest = 0, start
    while done < words:
        block = stream.read(_BLOCK_BYTES)
        data = rest + block
        names, vectors, rest = _binary_rows(data, width=width, limit=words - done)
        if not names and not block:
            raise DataError(f"{path}: word {done + 1} of {words} is cut short; fetch the file again")
        table = np.frombuffer(b"".join(vectors), "<f4").reshape(-1, width)
        wrong = ~(np.abs(table) <= _GREATEST).all(axis=1)
        if wrong.any():
            raise DataError(f"{path}: word {done + int(wrong.argmax()) + 1} has a number that is not finite; {_REMEDY}")
        if names:
            yield names, table
        done += len(names)


def _binary_rows(data: bytes, *, width: int, limit: int) -> tuple[list[bytes], list[bytes], bytes]:
    """The whole rows that `data` begins with, at most `limit`: their words, their vectors, and the bytes behind."""
    names: list[bytes] = []
    vectors: list[bytes] = []
    place = 0
    while len(names) < limit:
        space = data.find(b" ", place)
        stop = space + 1 + 4 * width
        if space < 0 or stop > len(data):
            break
        names.append(data[place:space].lstrip(b"\n"))  # some programs end each row with a line feed
        vectors.append(data[space + 1 : stop])
        place = stop
    return names, vectors, data[place:]


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
    except (OSError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise DataError(f"{path}: cannot be read as a zip file: {error}") from error
