"""The rows of a Parquet file, read a few at a time and with bounds on what they may become."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from nertagger.corpus.binary.parquet_footer import Column, read_columns
from nertagger.corpus.source import Source
from nertagger.errors import DataError, requires_extra
from nertagger.files import open_binary, unpacked_limit

if TYPE_CHECKING:
    from types import ModuleType

UNREADABLE = "rows left out that could not be read"
_FREE_VALUES = 1 << 20
_VALUES_OF_A_BYTE = 100  # a cell takes more than a byte, but where many in a row are the same
_BATCH_BYTES = 1 << 28
_READ_BYTES = 1 << 20

Row = dict[str, Any]


class Table(NamedTuple):
    """An open table.

    Attributes:
        columns: their names.
        metadata: of the table as a whole.
        rows: each with its number, from 1; one that cannot be read is refused or, leniently, left out.
    """

    columns: list[str]
    metadata: Mapping[bytes, bytes]
    rows: Iterator[tuple[int, Row]]


@contextmanager
def open_table(path: str, source: Source) -> Iterator[Table]:
    """The table of a file, plain or compressed, or of standard input.

    Raises:
        MissingExtraError: if pyarrow is not installed.
        DataError: if the file is no Parquet, is damaged, or holds more than any table of text of its size does.
    """
    pyarrow = import_pyarrow()
    from pyarrow import parquet

    with open_binary(path) as stream:
        file = stream if stream.seekable() else io.BytesIO(stream.read())
        try:
            columns = read_columns(file)
            biggest = _checked_size(columns, file.seek(0, os.SEEK_END), path)
            table = parquet.ParquetFile(file, pre_buffer=False, buffer_size=_READ_BYTES)
            schema = table.schema_arrow
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise DataError(f"{path}: not a Parquet file: {_in_a_line(error)}") from error
        repeated = sorted({name for name in schema.names if schema.names.count(name) > 1})
        if repeated:
            raise DataError(f"{path}: two columns are called {repeated[0]!r}; rename one")
        rows = _rows(table, min(1024, max(16, _BATCH_BYTES // biggest)), source)
        yield Table(schema.names, schema.metadata or {}, rows)


def import_pyarrow() -> ModuleType:
    """The library.

    Raises:
        MissingExtraError: if it is not installed.
    """
    with requires_extra("the format parquet", "parquet"):
        import pyarrow
    module: ModuleType = pyarrow
    return module


def _checked_size(columns: Sequence[Column], size: int, path: str) -> int:
    """How many bytes the biggest column of a row group has unpacked, an upper bound of what a cell has."""
    values, unpacked = sum(column.values for column in columns), sum(column.size for column in columns)
    if values > max(_FREE_VALUES, _VALUES_OF_A_BYTE * size) or unpacked > unpacked_limit(size):
        problem = f"{size:,} bytes become {values:,} values and {unpacked:,} bytes, which no table of text does"
        raise DataError(f"{path}: {problem}; if it is sound, write it as JSON lines")
    return max([column.size for column in columns], default=0) or 1


def _rows(table: Any, batch_size: int, source: Source) -> Iterator[tuple[int, Row]]:
    pyarrow = import_pyarrow()
    damages = (pyarrow.ArrowException, OSError, ValueError, OverflowError)
    done = 0
    batches = table.iter_batches(batch_size=batch_size)
    while True:
        try:
            batch = next(batches, None)
        except damages as error:
            source.fail(done + 1, f"the table is damaged from this row on: {_in_a_line(error)}; fetch it again")
        if batch is None:
            break
        try:
            yield from enumerate(batch.to_pylist(), done + 1)
        except damages:  # in one row, which is found by itself
            for number, index in enumerate(range(len(batch)), done + 1):
                try:
                    [row] = batch.slice(index, 1).to_pylist()
                except damages as error:
                    source.leave_out(number, UNREADABLE, f"a value cannot be read: {_in_a_line(error)}; fix the row")
                else:
                    yield number, row
        done += len(batch)
    if done != table.metadata.num_rows:
        problem = f"the table is damaged: {done} rows can be read, {table.metadata.num_rows} are announced"
        source.fail(done + 1, f"{problem}; fetch it again")


def _in_a_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
