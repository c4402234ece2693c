"""Word vectors from a file: GloVe, word2vec (text and binary) and fastText (text); plain, .gz, .xz, .bz2 or .zip.

A file is taken to list its words most frequent first, as all of these do. Words and numbers are apart by spaces or
tabs, of which the first row decides.
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
from nertagger.files import MODEL, archive_kind, open_binary

logger = logging.getLogger(__name__)

_BLOCK_BYTES = 1 << 24
_SNIFFED_BYTES = 1024
_GREATEST = float(np.finfo(np.float16).max)  # 65504; what vectors hold is seldom beyond 10
_LONGEST_HEAD = 1 << 20
_FASTTEXT = b"\xba\x16\x4f\x2f"  # the number that fastText's own binary models begin with
_MEND = "mend or remove the line"
_CUT = "the file ends within this line: it was cut short, fetch it again"
Progress = Callable[[int, int | None], None]


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
        progress: called with the number of words read so far, and of all where the file tells that.

    Raises:
        DataError: for a ragged, truncated or non-numeric row, with its line; in a binary file, with the word's number.
    """
    with _open_vectors(path) as stream:
        head = stream.readline(_LONGEST_HEAD).removeprefix(b"\xef\xbb\xbf")
        _check_kind(path, head)
        first = head.rstrip().replace(b"\t", b" ").split(b" ")
        expected = None
        if len(first) == 2 and all(part.isdigit() for part in first):
            expected, width = int(first[0]), int(first[1])
            start = stream.read(_SNIFFED_BYTES)
            if _is_binary(start):
                blocks = _binary_blocks(path, stream, start, words=expected, width=width)
            elif width > 1 and _are_one_wide(start):
                expected, blocks = None, _text_blocks(path, stream, head + start, width=1, line=1)
            else:
                blocks = _text_blocks(path, stream, start, width=width, line=2)
        else:
            blocks = _text_blocks(path, stream, head, width=_width(head), line=1)
        return _collect(path, blocks, limit=limit, expected=expected, progress=progress)


def _check_kind(path: str | Path, head: bytes) -> None:
    """Raise DataError if the first line is not one of a file of vectors, naming what it is where that can be seen."""
    if not head.strip():
        raise DataError(f"{path}: got an empty file, expected a word and its numbers on each line")
    if head.startswith(_FASTTEXT):
        remedy = "name the .vec file that is published beside it, or write its words and vectors as lines of text"
        raise DataError(f"{path}: is a binary model of fastText, expected vectors as text; {remedy}")
    if head.startswith(b"PK\x03\x04") and (kind := archive_kind(path)):
        remedy = "" if kind == MODEL else "; give it a name that ends in .zip, or unpack it"
        raise DataError(f"{path}: is {kind}, expected word vectors{remedy}")
    if b"\0" in head or len(head) == _LONGEST_HEAD:
        expected = "expected lines of a word and its numbers, or word2vec's binary layout"
        raise DataError(f"{path}: is neither text nor vectors, {expected}; write the vectors as text")


def _are_one_wide(start: bytes) -> bool:
    """Whether all rows that can be seen are a word and one number, so that the line before them is such a row too."""
    rows = [row.split() for row in start.split(b"\n")]
    seen = [row for row in rows if row]
    return bool(seen) and all(len(row) == 2 and _are_numbers(row[1:]) for row in seen)


def _width(head: bytes) -> int:
    """The width of the vectors of a file without a header: how many numbers its first line ends in."""
    _, _, numbers = head.rstrip().partition(_separator(head))
    parts = numbers.replace(b"\t", b" ").split(b" ") if numbers else []
    return next((i for i, part in enumerate(reversed(parts)) if not _are_numbers([part])), len(parts))


def _separator(row: bytes) -> bytes:
    """What stands between a word and its numbers: a tab, if the row has one, else a space."""
    return b"\t" if b"\t" in row.strip() else b" "


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
    total = None if expected is None else min(expected, limit or expected)
    for names, table in blocks:
        read += len(names)
        # Some published files hold a few words that are not valid UTF-8: no text can ever ask for them.
        decoded = [name.decode("utf-8", errors="replace") for name in names]
        keep = [i for i, word in enumerate(decoded) if not (word in seen or seen.add(word))]  # type: ignore[func-returns-value]
        words.extend(decoded[i] for i in keep)
        tables.append(table[keep].astype(np.float16))
        if progress:
            progress(len(words) if limit is None else min(len(words), limit), total)
        if limit is not None and len(words) >= limit:
            break
    else:
        if expected is not None and read < expected:
            remedy = "correct that number or, if the file was cut short, fetch it again"
            raise DataError(f"{path}: got {read} words, expected the {expected} that its first line says; {remedy}")
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
    separator = b""
    while True:
        block = stream.read(_BLOCK_BYTES)
        text, newline, tail = (rest + block).rpartition(b"\n") if block else (rest, b"", b"")
        if block and not newline:
            rest = tail
            continue
        rows = [row.rstrip() for row in text.split(b"\n")]
        is_cut = not block and bool(rows[-1])  # no line end after the last row
        if not block and not rows[-1]:
            rows.pop()
        if rows:
            separator = separator or _separator(rows[0])
            yield _parse_rows(path, rows, separator, width=width, line=line, is_cut=is_cut)
        line += len(rows)
        rest = tail
        if not block:
            return


def _parse_rows(
    path: str | Path, rows: list[bytes], separator: bytes, *, width: int, line: int, is_cut: bool
) -> tuple[list[bytes], np.ndarray]:
    """The words and vectors of rows, the first in `line`; `is_cut` if the file ends within the last."""
    words: list[bytes] = []
    numbers: list[bytes] = []
    for position, row in enumerate(rows):
        word, _, vector = row.partition(separator)
        if separator == b"\t":
            vector = vector.replace(b"\t", b" ")
        if vector.count(b" ") != width - 1 or not vector:
            parts = row.rsplit(b" ", width)  # a few published words hold spaces, but they do not end in a number
            inside = parts[0].rpartition(b" ")[2]
            if separator == b"\t" or len(parts) != width + 1 or not _are_numbers(parts[1:]) or _are_numbers([inside]):
                got = (vector.count(b" ") + 1 if vector else 0) if separator == b"\t" else row.count(b" ")
                remedy = _CUT if is_cut and position == len(rows) - 1 else _MEND
                raise DataError(f"{path}:{line + position}: got {got} numbers, expected {width}; {remedy}")
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
        raise DataError(f"{path}:{line + bad}: got something that is not a finite number in the vector; {_MEND}")
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
            bad = f"word {done + int(wrong.argmax()) + 1} has a number that is not finite or beyond {_GREATEST:.0f}"
            raise DataError(f"{path}: {bad}; write the vectors again without it")
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
