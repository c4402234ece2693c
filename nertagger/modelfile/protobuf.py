"""A strict parser of Protocol Buffers messages from an untrusted source, given a table of the fields allowed.

Stricter than the format: a field that is not in the table, has another type there, or is repeated though it must not
be, is an error, and so is a message with more fields than nertagger ever writes. Every program therefore reads an
accepted message in the same way. The wire format: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5  # wire types
_MOST_FIELDS = 10_000
_MOST_BYTES_OF_VARINT = 10


class Field(NamedTuple):
    """A field of a message.

    Attributes:
        name: the key of its values in the result.
        kind: ``int``, ``float`` (four raw bytes), ``bytes`` or (printable) ``text``.
        repeated: whether it may occur more than once; integers may then be packed.
    """

    name: str
    kind: str = "bytes"
    repeated: bool = False


_WIRE_TYPES = {"int": _VARINT, "float": _FOUR_BYTES, "bytes": _BYTES, "text": _BYTES}


def read_message(content: memoryview, fields: Mapping[int, Field]) -> dict[str, list[Any]]:
    """Return the values of each field of a message, in order: int (signed, 64 bits), memoryview or str.

    Args:
        content: the bytes of one message.
        fields: the fields allowed, by number.

    Raises:
        ValueError: if it holds anything else.
    """
    values: dict[str, list[Any]] = {}
    for count, (number, wire_type, value) in enumerate(_read_fields(content)):
        field = fields.get(number)
        if field is None:
            raise ValueError(f"it has a field {number} that nertagger does not write")
        found = values.setdefault(field.name, [])
        if (found and not field.repeated) or count >= _MOST_FIELDS:
            raise ValueError(f"it has {field.name} too often")
        if wire_type == _WIRE_TYPES[field.kind]:
            found.append(_text(value) if field.kind == "text" else value)
        elif wire_type == _BYTES and field.kind == "int" and field.repeated:
            found.extend(_unpacked(value))
        else:
            raise ValueError(f"its {field.name} has the wire type {wire_type}")
    return values


def _read_fields(content: memoryview) -> Iterator[tuple[int, int, Any]]:
    """Yield the number, wire type and value of each field, in order."""
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        number, wire_type = key >> 3, key & 7
        if wire_type == _VARINT:
            value, place = _varint(content, place)
            yield number, wire_type, value
            continue
        if wire_type == _BYTES:
            length, place = _varint(content, place)
        elif wire_type in (_FOUR_BYTES, _EIGHT_BYTES):
            length = 4 if wire_type == _FOUR_BYTES else 8
        else:
            raise ValueError(f"it has a field of wire type {wire_type}")
        if not 0 <= length <= len(content) - place:
            raise ValueError("it is cut short")
        yield number, wire_type, content[place : place + length]
        place += length


def _varint(content: memoryview, place: int) -> tuple[int, int]:
    """Return a signed 64-bit number, and the offset of the next field."""
    value = 0
    for i, byte in enumerate(content[place : place + _MOST_BYTES_OF_VARINT]):
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            if value >> 64:
                break
            return value - (1 << 64) if value >> 63 else value, place + i + 1
    raise ValueError("it is cut short, or has a number of more than 64 bits")


def _unpacked(content: memoryview) -> Iterator[int]:
    place = 0
    while place < len(content) and place < _MOST_FIELDS:
        value, place = _varint(content, place)
        yield value
    if place < len(content):
        raise ValueError("it has a list that is too long")


def _text(content: memoryview) -> str:
    text = str(content, "utf-8")
    if not text.isprintable():
        raise ValueError(f"it has the name {text!r:.60}")
    return text
