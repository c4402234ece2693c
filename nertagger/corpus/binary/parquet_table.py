"""The rows of a Parquet file, read in batches and with limits on their size."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from nertagger.corpus.binary.parquet_footer import ColumnSize, read_columns
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record
from nertagger.corpus.source import Source
from nertagger.errors import DataError, one_line, requires_extra
from nertagger.files import open_binary, unpacked_limit
from nertagger.printable import counted

if TYPE_CHECKING:
    from types import ModuleType

_ALLOWED_VALUES = 1 << 20
_VALUES_PER_BYTE = 100  # a cell takes more than a byte, unless many consecutive cells are equal
_BATCH_BYTES = 1 << 28
_READ_BYTES = 1 << 20


class ParquetTable(NamedTuple):
    """An open table.

    Attributes:
        columns: their names.
        metadata: the metadata of the whole table.
        rows: each row with its number, from 1.
    """

    columns: list[str]
    metadata: Mapping[bytes, bytes]
    rows: Iterator[tuple[int, Record]]


@contextmanager
def open_table(path: str, source: Source) -> Iterator[ParquetTable]:
    """Open the table in a file, plain or compressed, or in standard input.

    Raises:
        MissingExtraError: if pyarrow is not installed.
        DataError: as `open_parquet`. Rows that cannot be read raise it too, unless the source is lenient and leaves
            them out.
    """
    with open_parquet(path) as (table, largest):
        rows = _rows(table, min(1024, max(16, _BATCH_BYTES // largest)), source)
        schema = table.schema_arrow
        yield ParquetTable(schema.names, schema.metadata or {}, rows)


@contextmanager
def open_parquet(path: str) -> Iterator[tuple[Any, int]]:
    """Open a file, plain or compressed, or standard input; returns a ``pyarrow.parquet.ParquetFile`` and a bound.

    The bound is the size of the largest column in bytes, and so of any cell.

    Raises:
        MissingExtraError: if pyarrow is not installed.
        DataError: if the file is not Parquet, is damaged, has two columns of one name, or becomes larger than any table
            of text when it is decompressed.
    """
    pyarrow = import_pyarrow()
    from pyarrow import parquet

    with open_binary(path) as stream:
        file = stream if stream.seekable() else io.BytesIO(stream.read())
        try:
            columns = read_columns(file)
            largest = _checked_size(columns, file.seek(0, os.SEEK_END), path)
            table = parquet.ParquetFile(file, pre_buffer=False, buffer_size=_READ_BYTES)
            names = table.schema_arrow.names
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise DataError(f"not a Parquet file: {one_line(error)}", path=path) from error
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise DataError(f"two columns are called {repeated[0]!r}", path=path, remedy="rename one")
        yield table, largest


def import_pyarrow() -> ModuleType:
    """Import pyarrow.

    Raises:
        MissingExtraError: if it is not installed.
    """
    with requires_extra("the format parquet", "parquet"):
        import pyarrow
    module: ModuleType = pyarrow
    return module


def _checked_size(columns: Sequence[ColumnSize], size: int, path: str) -> int:
    """Return the size of the largest column, an upper bound of the size of a cell; raise DataError if too large."""
    values, unpacked = sum(column.values for column in columns), sum(column.size for column in columns)
    if values > max(_ALLOWED_VALUES, _VALUES_PER_BYTE * size) or unpacked > unpacked_limit(size):
        problem = f"{size:,} bytes become {values:,} values and {unpacked:,} bytes, which no table of text does"
        raise DataError(problem, path=path, remedy="if it is sound, write it as JSON lines")
    return max([column.size for column in columns], default=0) or 1


def read_batches(table: Any, size: int, source: Source) -> Iterator[Any]:
    """Yield the record batches of a Parquet file, of at most `size` rows; damage is an error at the row it begins at.

    Raises:
        DataError: if the rest of the table cannot be read.
    """
    done, batches = 0, table.iter_batches(batch_size=size)
    while True:
        try:
            batch = next(batches, None)
        except damages() as error:
            problem = f"the table is damaged from this row on: {one_line(error)}"
            source.fail(done + 1, DataError(problem, remedy="fetch it again"))
        if batch is None:
            return
        yield batch
        done += len(batch)


def _rows(table: Any, batch_size: int, source: Source) -> Iterator[tuple[int, Record]]:
    """Yield the rows with their numbers; a damaged table raises DataError at the first row that is missing."""
    done = 0
    for batch in read_batches(table, batch_size, source):
        try:
            yield from enumerate(batch.to_pylist(), done + 1)
        except damages():
            yield from _rows_one_by_one(batch, done + 1, source)
        done += len(batch)
    if done != table.metadata.num_rows:
        problem = f"the table is damaged: {counted(done, 'row')} can be read, {table.metadata.num_rows} are announced"
        source.fail(done + 1, DataError(problem, remedy="fetch it again"))


def _rows_one_by_one(batch: Any, first: int, source: Source) -> Iterator[tuple[int, Record]]:
    """Yield the rows of a batch of which at least one cannot be read."""
    for number, index in enumerate(range(len(batch)), first):
        try:
            [row] = batch.slice(index, 1).to_pylist()
        except damages() as error:
            damage = DataError(f"a value cannot be read: {one_line(error)}", remedy="fix the row")
            source.leave_out(number, UNREADABLE_ROWS, damage)
        else:
            yield number, row


def damages() -> tuple[type[Exception], ...]:
    """Return the exceptions that pyarrow raises when it reads damaged data."""
    return (import_pyarrow().ArrowException, OSError, ValueError, OverflowError)
