"""Zips that cannot be model files are rejected before any member is read."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from nertagger.errors import ModelFileError
from nertagger.modelfile.archive import read_archive, write_archive
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger

MEMBERS = {"a.txt": b"first", "b.bin": bytes(range(256)) * 3, "empty": b""}
END, ENTRY = 22, 46


def written(members: dict[str, bytes] = MEMBERS) -> bytearray:
    stream = io.BytesIO()
    write_archive(stream, members)
    return bytearray(stream.getvalue())


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_archives_round_trip_aligned_and_in_order():
    content = memoryview(bytes(written()))
    members = read_archive(content)
    assert {name: bytes(member) for name, member in members.items()} == MEMBERS
    assert list(members) == list(MEMBERS)
    assert {name: bytes(member) for name, member in read_archive(memoryview(zipped(MEMBERS))).items()} == MEMBERS


def put(content: bytearray, place: int, layout: str, value: int) -> bytearray:
    struct.pack_into(f"<{layout}", content, place % len(content), value)
    return content


def directory(content: bytearray) -> int:
    return int.from_bytes(content[-6:-2], "little")


def split(content: bytearray) -> tuple[bytearray, bytearray, bytearray]:
    """Return the members, the directory and the end record."""
    return content[: directory(content)], content[directory(content) : -END], content[-END:]


def prepended() -> bytes:
    """Return an archive after other data, which the zip module accepts."""
    return b"#!/bin/sh\n" + bytes(written())


def with_gap() -> bytes:
    members, entries, end = split(written())
    return bytes(members + b"hidden" + entries + put(end, 16, "I", len(members) + 6))


def overlapping() -> bytes:
    content = bytearray(zipped({"a": b"x" * 50, "b": b"y" * 50}))
    return bytes(put(content, directory(content) + ENTRY + 1 + 42, "I", 0))


def zip64() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"x")
    return stream.getvalue()


BAD = {
    "trailing data": (lambda: bytes(written()) + b"x", "damaged or cut short"),
    "prepended data": (prepended, "not a zip"),
    "prepended data that begins like a zip": (lambda: b"PK\x03\x04" + bytes(written()), "is damaged"),
    "data between members and directory": (with_gap, "holds more than its members"),
    "overlapping members": (overlapping, "'a'|'b'"),
    "a comment": (lambda: bytes(put(written(), -2, "H", 1)) + b"c", "damaged"),
    "another disk": (lambda: bytes(put(written(), -18, "H", 1)), "not where its end says"),
    "more members than there are": (lambda: bytes(put(put(written(), -12, "H", 9), -14, "H", 9)), "directory"),
    "fewer members than there are": (lambda: bytes(put(put(written(), -12, "H", 2), -14, "H", 2)), "directory"),
    "members counted twice": (lambda: bytes(put(written(), -12, "H", 2)), "not where its end says"),
    "a directory elsewhere": (lambda: bytes(put(written(), -6, "I", 2**31)), "not where its end says"),
    "encrypted": (lambda: bytes(put(c := written(), directory(c) + 8, "H", 1)), "'a.txt' is encrypted"),
    "streamed": (lambda: bytes(put(c := written(), directory(c) + 8, "H", 8)), "'a.txt' is not what"),
    "compressed": (lambda: zipped({"a.txt": b"x" * 999}, zipfile.ZIP_DEFLATED), "'a.txt' is compressed|itself"),
    "another size in the directory": (lambda: bytes(put(c := written(), directory(c) + 24, "I", 4)), "'a.txt'"),
    "4 GB in the directory": (lambda: bytes(put(c := written(), directory(c) + 24, "I", 2**32 - 1)), "itself"),
    "another name before the member": (lambda: bytes(put(written(), 30, "B", 0x62)), "'a.txt' is not what"),
    "zip64": (zip64, "'a'"),
    "more than 4 GB": (lambda: bytes(put(written(), -6, "I", 2**32 - 1)), "not where its end says"),
    "a long name": (lambda: zipped({"x" * 9_000: b""}), "too long"),
    "many names": (lambda: zipped({f"n{i}": b"" for i in range(20_000)}), "holds 20000 members"),
}


@pytest.mark.parametrize("name", BAD)
def test_other_zips_are_rejected(tmp_path, name):
    make, message = BAD[name]
    (tmp_path / "m.ner").write_bytes(make())
    began = time.process_time()
    with pytest.raises(ModelFileError, match=message) as caught:
        read_model(tmp_path / "m.ner")
    assert time.process_time() - began < 0.5
    assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "name", ["../m.ner", "/etc/passwd", "words.onnx\0", "WORDS.ONNX", "words.onnx ", "\x1b[2J", "a\nb"]
)
def test_unknown_member_names_are_rejected(tmp_path, good_members, name):
    path = tmp_path / "m.ner"
    write_model(path, good_members)
    members = {key: bytes(value) for key, value in read_archive(memoryview(path.read_bytes())).items()}
    with path.open("wb") as stream:
        write_archive(stream, members | {name: b"x"})
    with pytest.raises(ModelFileError) as caught:
        read_model(path)
    assert str(caught.value).isprintable()
    assert [item.name for item in tmp_path.iterdir()] == ["m.ner"]


def test_files_that_are_too_large_are_not_read(tmp_path):
    path = tmp_path / "m.ner"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(1 << 40)  # sparse, takes no space
    with pytest.raises(ModelFileError, match="is larger than"):
        read_model(path)
    with pytest.raises(ModelFileError, match="not a zip"):
        read_model("/dev/zero")


@pytest.mark.parametrize("member", ["config.toml", "vocabulary.json", "metrics.json", "README.md", "manifest.json"])
def test_members_that_are_too_large_are_rejected(tmp_path, good_members, member):
    path = tmp_path / "m.ner"
    content = b" " * (1 << 26)
    with path.open("wb") as stream:
        write_archive(stream, {"manifest.json": b"{}", **good_members, member: content})
    with pytest.raises(ModelFileError, match=f"holds '{member}' of 67,108,864 bytes, expected at most"):
        read_model(path)
    if member in good_members:
        with pytest.raises(ModelFileError, match="cannot be written: it holds"):
            write_model(path, good_members | {member: content})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 100_000])
def test_replacing_the_file_in_place_leaves_loaded_models_unchanged(tmp_path, good_members, content):
    path = tmp_path / "m.ner"
    write_model(path, good_members)
    tagger, model = Tagger.load(path), read_model(path)
    with path.open("r+b") as stream:
        stream.truncate(0)
        stream.write(content)
    assert [entity.label for entity in tagger("Barack Obama saw Paris.").entities] == ["PER", "LOC"]
    assert {name: bytes(member) for name, member in model.members.items()} == good_members
    assert model.tensors["crf/start"].sum() == 0
    with pytest.raises(ModelFileError):
        Tagger.load(path)
