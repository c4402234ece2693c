"""The zip of a model file: stored members that fill it from start to end, each at a multiple of 64 bytes.

Anything else that a zip may hold (compressed, encrypted or repeated members, data before, between or after members,
more than 4 GB) is rejected before any member is read, in time that does not depend on what the file declares.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from typing import BinaryIO, NamedTuple

LARGEST = (1 << 31) - 1  # bytes; for larger archives the zip module writes another format
SIGNATURE = b"PK\x03\x04"

_ALIGNMENT = 64
_LOCAL = struct.Struct("<4s5H3I2H")  # PKZIP APPNOTE 4.3.7
_ENTRY = struct.Struct("<4s6H3I5H2I")  # 4.3.12
_END = struct.Struct("<4s4H2IH")  # 4.3.16
_PADDING_FIELD = 0xD935  # the extra field that Android's zipalign uses for the same purpose
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOST_MEMBERS, _LONGEST_NAME = 32, 255
_UTF8_NAME = 0x800  # the only flag that a member may have


class _Entry(NamedTuple):
    """An entry of the directory: the name of a member, how it is stored, and the offset at which it begins."""

    name: bytes
    flags: int
    method: int
    compressed: int
    size: int
    offset: int

    def __str__(self) -> str:
        return repr(self.name.decode("utf-8", "backslashreplace")[:60])


def write_archive(stream: BinaryIO, members: Mapping[str, bytes]) -> None:
    """Write the members, in order; the same members give the same bytes."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same bytes on every operating system
            unpadded = stream.tell() + _LOCAL.size + len(name) + 4
            padding = -unpadded % _ALIGNMENT
            info.extra = struct.pack("<HH", _PADDING_FIELD, padding) + bytes(padding)
            archive.writestr(info, content)


def read_archive(content: memoryview) -> dict[str, memoryview]:
    """Return the bytes of each member, in their order in the file, without copies.

    Raises:
        ValueError: if `write_archive` could not have written the file.
    """
    entries, directory = _entries(content)
    if sum(entry.size for entry in entries) > len(content):
        raise ValueError("declares members larger than itself")
    members: dict[str, memoryview] = {}
    offset = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        name = entry.name.decode("utf-8", "backslashreplace")
        if name in members:
            raise ValueError(f"holds {entry} more than once")
        members[name], offset = _member(content, entry, offset)
    if offset != directory:
        raise ValueError("is damaged: it holds more than its members")
    return members


def _entries(content: memoryview) -> tuple[list[_Entry], int]:
    """Return the entries of the directory, and the offset at which it begins."""
    if bytes(content[:4]) != SIGNATURE:
        raise ValueError("is not a model file (not a zip)")
    end = len(content) - _END.size
    if end < 0 or bytes(content[end : end + 4]) != b"PK\x05\x06":
        raise ValueError("is damaged or cut short (its end is not that of a zip); fetch it again")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack(content[end:])
    if (disk, first_disk, here, offset + size, comment) != (0, 0, count, end, 0):
        raise ValueError("is damaged: its directory is not where its end says; fetch it again")
    if count > _MOST_MEMBERS:
        raise ValueError(f"holds {count} members, expected those of a model")
    entries, at = [], offset
    for _ in range(count):
        entry, at = _entry(content[:end], at)
        entries.append(entry)
    if at != end:
        raise ValueError("is damaged: its directory is longer than its entries")
    return entries, offset


def _entry(content: memoryview, at: int) -> tuple[_Entry, int]:
    """Return the entry of the directory at an offset, and the offset of the next one."""
    header = content[at : at + _ENTRY.size]
    if len(header) < _ENTRY.size or bytes(header[:4]) != b"PK\x01\x02":
        raise ValueError("is damaged: its directory is not what it should be; fetch it again")
    fields = _ENTRY.unpack(header)
    (flags, method), (compressed, size, name_length, extra, comment), offset = fields[3:5], fields[8:13], fields[16]
    start = at + _ENTRY.size
    name = bytes(content[start : start + name_length])
    if len(name) != name_length or name_length > _LONGEST_NAME:
        raise ValueError("is damaged: a name in its directory is too long")
    return _Entry(name, flags, method, compressed, size, offset), start + name_length + extra + comment


def _member(content: memoryview, entry: _Entry, offset: int) -> tuple[memoryview, int]:
    """Return the bytes of the member that must begin at `offset`, and the offset at which they end."""
    if entry.flags & 1:
        raise ValueError(f"{entry} is encrypted, expected it stored as it is")
    if entry.method != zipfile.ZIP_STORED or entry.compressed != entry.size:
        raise ValueError(f"{entry} is compressed, expected it stored as it is")
    header = content[offset : offset + _LOCAL.size]
    if entry.offset != offset or len(header) < _LOCAL.size or bytes(header[:4]) != SIGNATURE:
        raise ValueError(f"is damaged: {entry} is not where the zip's directory says")
    _, _, flags, method, _, _, _, compressed, size, name_length, extra = _LOCAL.unpack(header)
    name = bytes(content[offset + _LOCAL.size : offset + _LOCAL.size + name_length])
    said = (entry.name, entry.flags & ~_UTF8_NAME, entry.method, entry.compressed, entry.size)
    if (name, flags & ~_UTF8_NAME, method, compressed, size) != said or entry.flags & ~_UTF8_NAME:
        raise ValueError(f"is damaged: {entry} is not what the zip's directory says")
    start = offset + _LOCAL.size + name_length + extra
    member = content[start : start + entry.size]
    if len(member) != entry.size:
        raise ValueError(f"is damaged: {entry} is cut short")
    return member, start + entry.size
