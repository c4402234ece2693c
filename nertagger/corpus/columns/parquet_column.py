"""A column of a Parquet file, read and written in row groups.

A Parquet file is complete only when its end is written. What is tagged so far is therefore kept as one Arrow stream
after another, which can be appended to, and becomes Parquet when all is tagged.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from nertagger.corpus.binary.parquet_table import import_pyarrow, open_parquet, read_batches
from nertagger.corpus.columns.rows import Columns, entities_of, row_document
from nertagger.corpus.cutting.rejects import BulkSource
from nertagger.corpus.records.json_values import json_line
from nertagger.errors import DataError
from nertagger.grouping import blocks_of
from nertagger.text.document import Document

_MAX_ROWS = 1 << 16
_GROUP_BYTES = 1 << 25


@dataclass(frozen=True)
class ParquetRows:
    """Rows of a table.

    Attributes:
        signature: the types of its columns, as text.
        batch: an Arrow stream of one record batch.
    """

    name: str
    start: int
    size: int
    columns: Columns
    signature: str
    batch: bytes

    def documents(self, source: BulkSource) -> Iterator[Document]:
        """Yield one document per row."""
        source.name = self.name
        for text in self._read().column(self.columns.text).to_pylist():
            yield row_document(source, text)

    def header(self, to: str) -> bytes:
        """Return an Arrow stream of no rows, so that an empty table has its columns; nothing for JSON lines."""
        return b"" if to == "jsonl" else self._with_entities(self._read().slice(0, 0), [])

    def write(self, stream: BinaryIO, documents: Iterable[Document], to: str) -> None:
        """Write an Arrow stream with one more column, or JSON lines."""
        batch, entities = self._read(), [entities_of(document) for document in documents]
        if to == "jsonl":
            for row, found in zip(batch.to_pylist(), entities, strict=True):
                stream.write(f"{json_line(row | {self.columns.entities: found})}\n".encode())
        else:
            stream.write(self._with_entities(batch, entities))

    def _with_entities(self, batch: Any, entities: list[Any]) -> bytes:
        column = import_pyarrow().array(entities, _entities_type(has_rules=self.columns.has_rules))
        return _stream_of(batch.append_column(self.columns.entities, column))

    def _read(self) -> Any:
        return import_pyarrow().ipc.open_stream(self.batch).read_next_batch()


def cut_parquet(source: BulkSource, columns: Columns, size: int) -> Iterator[ParquetRows]:
    """Yield parts of about `size` bytes of text each.

    Raises:
        MissingExtraError: if pyarrow is not installed.
        DataError: if the file is not Parquet, is damaged, or has no such column of text.
    """
    with open_parquet(source.name) as (table, _):
        schema = table.schema_arrow
        columns.check(schema.names, source.name, None)
        _check_type(schema.field(columns.text).type, columns.text, source.name)
        signature = str(schema.remove_metadata())
        rows, done = table.metadata.num_rows, 0
        of_text = schema.names.index(columns.text)
        for batch in read_batches(table, _rows_of(table, columns.text, size), source):
            start = os.path.getsize(source.name) * done // rows if os.path.isfile(source.name) else done
            text_size = batch.column(of_text).nbytes
            yield ParquetRows(source.name, start, text_size, columns, signature, _stream_of(batch))
            done += len(batch)
        if not done:
            empty = import_pyarrow().RecordBatch.from_pylist([], schema=schema)
            yield ParquetRows(source.name, 0, 0, columns, signature, _stream_of(empty))


def join_streams(source: BinaryIO, target: BinaryIO) -> None:
    """Write the Arrow streams that follow one another in `source` as one Parquet file, in row groups.

    Raises:
        DataError: if there are none.
    """
    pyarrow = import_pyarrow()
    from pyarrow import parquet

    writer = None
    for group, _ in blocks_of(_record_batches(source), _GROUP_BYTES, lambda batch: int(batch.nbytes)):
        writer = writer or parquet.ParquetWriter(target, group[0].schema)
        writer.write_table(pyarrow.Table.from_batches(group))
    if writer is None:
        raise DataError("there is nothing to write: this shard has no rows", remedy="ask for fewer shards")
    writer.close()


def _record_batches(source: BinaryIO) -> Iterator[Any]:
    """Yield the record batches of the Arrow streams that follow one another."""
    end = source.seek(0, os.SEEK_END)
    source.seek(0)
    while source.tell() < end:
        with import_pyarrow().ipc.open_stream(source) as stream:
            yield from stream


def _rows_of(table: Any, column: str, size: int) -> int:
    """Return how many rows have about `size` bytes of text, by the sizes in the footer."""
    metadata = table.metadata
    path = next(i for i in range(metadata.num_columns) if metadata.schema.column(i).path == column)
    groups = range(metadata.num_row_groups)
    text = sum(int(metadata.row_group(group).column(path).total_uncompressed_size) for group in groups)
    return max(1, min(_MAX_ROWS, size * int(metadata.num_rows) // max(text, 1)))


def _check_type(kind: Any, column: str, path: str) -> None:
    types = import_pyarrow().types
    inner = kind.value_type if types.is_dictionary(kind) else kind
    if not (types.is_string(inner) or types.is_large_string(inner) or types.is_string_view(inner)):
        raise DataError(f"the column {column!r}", path=path, got=str(kind), expected="strings")


def _entities_type(*, has_rules: bool) -> Any:
    pyarrow = import_pyarrow()
    text, number = pyarrow.string(), pyarrow.int64()
    fields = {"label": text, "start": number, "end": number, "text": text, "confidence": pyarrow.float64()}
    fields |= {"rule": text} if has_rules else {}
    return pyarrow.list_(pyarrow.struct(list(fields.items())))


def _stream_of(batch: Any) -> bytes:
    """Return an Arrow stream of one batch."""
    pyarrow = import_pyarrow()
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())
