"""What the footer of a Parquet file says of sizes, read without pyarrow, which ends the process where it is damaged.

The footer is in Thrift's compact protocol (doc/specs/thrift-compact-protocol.md of apache/thrift); its structures are
those of https://github.com/apache/parquet-format.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

_MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_GREATEST_SHIFT = 63
# Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
_ROW_GROUPS, _COLUMNS, _META_DATA, _NUM_VALUES, _UNCOMPRESSED_SIZE = 4, 1, 3, 5, 6


class Column(NamedTuple):
    """A column of a row group: how many values it has (of lists, in all), and how many bytes they have unpacked."""

    values: int
    size: int


def read_columns(file: BinaryIO) -> list[Column]:
    """The columns of all row groups of a seekable file.

    Raises:
        ValueError: if there is no such footer.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    length = struct.unpack("<I", tail[:4])[0] if len(tail) == 8 else 0
    if tail[4:] != _MAGIC or not 0 < length <= size - 12:
        raise ValueError("no footer of one at the end")
    file.seek(size - 8 - length)
    try:
        content = _Reader(file.read(length)).struct()
        return list(_columns(content))
    except (IndexError, RecursionError, TypeError, AttributeError) as error:
        raise ValueError("its footer is damaged") from error


def _columns(footer: dict[int, Any]) -> Iterator[Column]:
    for group in footer.get(_ROW_GROUPS, ()):
        for column in group.get(_COLUMNS, ()):
            data = column.get(_META_DATA, {})
            found = Column(data.get(_NUM_VALUES, 0), data.get(_UNCOMPRESSED_SIZE, 0))
            if not all(isinstance(number, int) and number >= 0 for number in found):
                raise TypeError("sizes are numbers")
            yield found


class _Reader:
    """Reads values one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self) -> dict[int, Any]:
        """Fields by number, until a zero."""
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
        raise TypeError(f"no type has the number {kind}")

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()
        return [self._value(head & 15) for _ in range(size)]  # each reads a byte at least, and the data has an end

    def _map(self) -> None:
        size = self._varint()
        kinds = self._byte() if size else 0
        for _ in range(size):
            self._value(kinds >> 4)
            self._value(kinds & 15)

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        result = shift = 0
        while shift <= _GREATEST_SHIFT:
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
        self._at += size
        if self._at > len(self._data):
            raise IndexError("text that goes on after the end")
