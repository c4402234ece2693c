"""The sizes in the footer of a Parquet file, read without pyarrow, which aborts the process if the footer is damaged.

The footer is encoded in Thrift's compact protocol (doc/specs/thrift-compact-protocol.md of apache/thrift); its
structures are defined in https://github.com/apache/parquet-format.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

_MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_MAX_SHIFT = 63
# Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
_ROW_GROUPS, _COLUMNS, _META_DATA, _NUM_VALUES, _UNCOMPRESSED_SIZE = 4, 1, 3, 5, 6


class ColumnSize(NamedTuple):
    """The size of a column in a row group.

    Attributes:
        values: number of values, including those inside lists.
        size: bytes after decompression.
    """

    values: int
    size: int


def read_columns(file: BinaryIO) -> list[ColumnSize]:
    """Return the size of each column in each row group of a seekable file.

    Raises:
        ValueError: if the footer is missing or damaged.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    length = struct.unpack("<I", tail[:4])[0] if len(tail) == 8 else 0
    if tail[4:] != _MAGIC or not 0 < length <= size - 12:
        raise ValueError("it has no footer")
    file.seek(size - 8 - length)
    try:
        content = _Reader(file.read(length)).struct()
        return list(_columns(content))
    except (IndexError, RecursionError, TypeError, AttributeError) as error:
        raise ValueError("its footer is damaged") from error


def _columns(footer: dict[int, Any]) -> Iterator[ColumnSize]:
    for group in footer.get(_ROW_GROUPS, ()):
        for column in group.get(_COLUMNS, ()):
            data = column.get(_META_DATA, {})
            column_size = ColumnSize(data.get(_NUM_VALUES, 0), data.get(_UNCOMPRESSED_SIZE, 0))
            if not all(isinstance(number, int) and number >= 0 for number in column_size):
                raise TypeError("sizes must be numbers")
            yield column_size


class _Reader:
    """Reader of the values in Thrift's compact protocol."""

    def __init__(self, data: bytes) -> None:
        self._data, self._position = data, 0

    def struct(self) -> dict[int, Any]:
        """Read a structure: fields by number, up to a zero."""
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            kind = head & 15
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind)
        return fields

    def _value(self, kind: int) -> Any:
        if kind in (_I16, _I32, _I64):
            return self._zigzag()
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            return self._list()
        if kind == _BINARY:
            return self._skip(self._varint())
        if kind == _DOUBLE:
            return self._skip(8)
        if kind in (_TRUE, _FALSE, _BYTE):  # as elements of a list
            return self._byte()
        if kind == _MAP:
            return self._map()
        raise TypeError(f"unknown type {kind}")

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()
        return [self._value(head & 15) for _ in range(size)]  # finite: each value takes at least one byte

    def _map(self) -> None:
        size = self._varint()
        kinds = self._byte() if size else 0
        for _ in range(size):
            self._value(kinds >> 4)
            self._value(kinds & 15)

    def _byte(self) -> int:
        self._position += 1
        return self._data[self._position - 1]

    def _varint(self) -> int:
        result = shift = 0
        while shift <= _MAX_SHIFT:
            byte = self._byte()
            result |= (byte & 127) << shift
            if byte < 128:
                return result
            shift += 7
        raise TypeError("a number of more than 64 bits")

    def _zigzag(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def _skip(self, size: int) -> None:
        self._position += size
        if self._position > len(self._data):
            raise IndexError("a value exceeds the footer")
