"""The zip of a model file: stored members that fill it from end to end, each at a multiple of 64 bytes.

Whatever else a zip may hold (compressed, encrypted or repeated members, data before, between and behind them, more than
4 GB) is refused before anything is read of it, in time that does not depend on what the file says.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from typing import BinaryIO, NamedTuple

LARGEST = (1 << 31) - 1  # bytes: beyond it, the zip module writes another format
SIGNATURE = b"PK\x03\x04"

_ALIGNMENT = 64
_LOCAL = struct.Struct("<4s5H3I2H")  # PKZIP APPNOTE 4.3.7
_ENTRY = struct.Struct("<4s6H3I5H2I")  # 4.3.12
_END = struct.Struct("<4s4H2IH")  # 4.3.16
_PADDING_FIELD = 0xD935  # the extra field that Android's zipalign uses for the same purpose
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOST_MEMBERS, _LONGEST_NAME = 32, 255
_UTF8_NAME = 0x800  # the one flag that a member may have


class _Entry(NamedTuple):
    """What the directory says of a member: its name as it stands there, how it is stored, and where it begins."""

    name: bytes
    flags: int
    method: int
    compressed: int
    size: int
    place: int

    def __str__(self) -> str:
        return repr(self.name.decode("utf-8", "backslashreplace")[:60])


def write_archive(stream: BinaryIO, members: Mapping[str, bytes]) -> None:
    """Write the members, in order; the same ones give the same bytes."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same bytes on every operating system
            unpadded = stream.tell() + _LOCAL.size + len(name) + 4
            padding = -unpadded % _ALIGNMENT
            info.extra = struct.pack("<HH", _PADDING_FIELD, padding) + bytes(padding)
            archive.writestr(info, content)


def read_archive(content: memoryview) -> dict[str, memoryview]:
    """The bytes of each member, in their order in the file, without copying them.

    Raises:
        ValueError: for whatever a file written by `write_archive` would not hold.
    """
    entries, directory = _entries(content)
    if sum(entry.size for entry in entries) > len(content):
        raise ValueError("declares members larger than itself")
    members: dict[str, memoryview] = {}
    place = 0
    for entry in sorted(entries, key=lambda entry: entry.place):
        name = entry.name.decode("utf-8", "backslashreplace")
        if name in members:
            raise ValueError(f"holds {entry} more than once")
        members[name], place = _member(content, entry, place)
    if place != directory:
        raise ValueError("is damaged: it holds more than its members")
    return members


def _entries(content: memoryview) -> tuple[list[_Entry], int]:
    """The directory's entries, and where it begins."""
    if bytes(content[:4]) != SIGNATURE:
        raise ValueError("is not a model file (not a zip)")
    end = len(content) - _END.size
    if end < 0 or bytes(content[end : end + 4]) != b"PK\x05\x06":
        raise ValueError("is damaged or cut short (its end is not that of a zip); fetch it again")
    _, disk, first_disk, here, count, size, place, comment = _END.unpack(content[end:])
    if (disk, first_disk, here, place + size, comment) != (0, 0, count, end, 0):
        raise ValueError("is damaged: its directory is not where its end says; fetch it again")
    if count > _MOST_MEMBERS:
        raise ValueError(f"holds {count} members, expected those of a model")
    entries, at = [], place
    for _ in range(count):
        entry, at = _entry(content[:end], at)
        entries.append(entry)
    if at != end:
        raise ValueError("is damaged: its directory is longer than its entries")
    return entries, place


def _entry(content: memoryview, at: int) -> tuple[_Entry, int]:
    """The directory's entry that begins here, and where the next one does."""
    header = content[at : at + _ENTRY.size]
    if len(header) < _ENTRY.size or bytes(header[:4]) != b"PK\x01\x02":
        raise ValueError("is damaged: its directory is not what it should be; fetch it again")
    fields = _ENTRY.unpack(header)
    (flags, method), (compressed, size, name_length, extra, comment), place = fields[3:5], fields[8:13], fields[16]
    start = at + _ENTRY.size
    name = bytes(content[start : start + name_length])
    if len(name) != name_length or name_length > _LONGEST_NAME:
        raise ValueError("is damaged: a name in its directory is too long")
    return _Entry(name, flags, method, compressed, size, place), start + name_length + extra + comment


def _member(content: memoryview, entry: _Entry, place: int) -> tuple[memoryview, int]:
    """The bytes of the member that must begin at `place`, and where they end."""
    if entry.flags & 1:
        raise ValueError(f"{entry} is encrypted, expected it stored as it is")
    if entry.method != zipfile.ZIP_STORED or entry.compressed != entry.size:
        raise ValueError(f"{entry} is compressed, expected it stored as it is")
    header = content[place : place + _LOCAL.size]
    if entry.place != place or len(header) < _LOCAL.size or bytes(header[:4]) != SIGNATURE:
        raise ValueError(f"is damaged: {entry} is not where the zip's directory says")
    _, _, flags, method, _, _, _, compressed, size, name_length, extra = _LOCAL.unpack(header)
    name = bytes(content[place + _LOCAL.size : place + _LOCAL.size + name_length])
    said = (entry.name, entry.flags & ~_UTF8_NAME, entry.method, entry.compressed, entry.size)
    if (name, flags & ~_UTF8_NAME, method, compressed, size) != said or entry.flags & ~_UTF8_NAME:
        raise ValueError(f"is damaged: {entry} is not what the zip's directory says")
    start = place + _LOCAL.size + name_length + extra
    member = content[start : start + entry.size]
    if len(member) != entry.size:
        raise ValueError(f"is damaged: {entry} is cut short")
    return member, start + entry.size
