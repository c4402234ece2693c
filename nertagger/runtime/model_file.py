"""The model file ``NAME.ner`` or ``NAME.lm``: a zip of stored members whose hashes stand in its manifest.

Nothing in the file is executed or imported. Members are stored uncompressed and begin at multiples of 64 bytes, so
that large tables are mapped into memory where they lie; and the same members always make the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from nertagger.errors import ModelFileError
from nertagger.files import atomic_write
from nertagger.runtime.tensors import read_tensors

FORMAT = 1
MANIFEST = "manifest.json"
MEMBERS = (
    "config.toml",
    "vocabulary.json",
    "metrics.json",
    "README.md",
    "words.onnx",
    "network.onnx",
    "weights.safetensors",
)
CONTEXT_MEMBER = "context.onnx"  # the language model of a tagger that has one
_COMMON_MEMBERS = ("config.toml", "vocabulary.json", "metrics.json", "README.md", "weights.safetensors")

_ALIGNMENT = 64
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")  # PKZIP APPNOTE 4.3.7
_SIGNATURE = b"PK\x03\x04"
_PADDING_FIELD = 0xD935  # the extra field that Android's zipalign uses for the same purpose
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ModelFile:
    """A model file; whoever holds one that `read` returned may trust its members.

    Attributes:
        path: where it was read.
        version: the nertagger that wrote it.
        hashes: the SHA-256 of each member, in hexadecimal.
        members: the bytes of each member, mapped from the file.
    """

    path: Path
    version: str
    hashes: Mapping[str, str]
    members: Mapping[str, memoryview]

    def text(self, name: str) -> str:
        """The member as text.

        Raises:
            ModelFileError: if it is not UTF-8.
        """
        try:
            return str(self.members[name], encoding="utf-8")
        except UnicodeDecodeError as error:
            raise self.error(f"{name} is not UTF-8 ({error.reason} at byte {error.start})") from None

    def json(self, name: str) -> dict[str, Any]:
        """The member as a JSON object.

        Raises:
            ModelFileError: if it is not one.
        """
        try:
            value = json.loads(self.text(name))
        except (ValueError, RecursionError) as error:
            raise self.error(f"{name} is not JSON ({error})") from None
        if not isinstance(value, dict):
            raise self.error(f"{name} holds a {type(value).__name__}, expected an object")
        return value

    @cached_property
    def tensors(self) -> Mapping[str, np.ndarray]:
        """The weights by name, as read-only views of the mapped file.

        Raises:
            ModelFileError: if the safetensors header contradicts the bytes after it.
        """
        try:
            return read_tensors(self.members["weights.safetensors"])
        except ValueError as error:
            raise self.error(f"weights.safetensors: {error}") from None

    @property
    def is_tagger(self) -> bool:
        """Whether this is a tagger and not a language model alone."""
        return "words.onnx" in self.members

    def expect_tagger(self) -> None:
        """Raise ModelFileError if this is a language model."""
        if not self.is_tagger:
            raise self.error("is a language model, not a tagger; nertagger train makes a tagger")

    def __reduce__(self) -> tuple[Callable[..., ModelFile], tuple[object, ...]]:
        """A pickle holds the members, not the path.

        Raises:
            ModelFileError: if the file was changed in place since it was read.
        """
        if damaged := _damaged_members(self):
            raise self.error(f"{damaged[0]} has changed since the file was read; load the file again")
        members = {name: bytes(content) for name, content in self.members.items()}
        return _unpickled, (self.path, self.version, dict(self.hashes), members)

    def __deepcopy__(self, memo: object) -> ModelFile:
        return self  # never changes

    def error(self, problem: str) -> ModelFileError:
        """An error that names this file."""
        return ModelFileError(f"{self.path}: {problem}")


def _unpickled(path: Path, version: str, hashes: Mapping[str, str], members: Mapping[str, bytes]) -> ModelFile:
    return ModelFile(path, version, hashes, {name: memoryview(content) for name, content in members.items()})


def language_members(directions: Iterable[str]) -> tuple[str, ...]:
    """The members of a language model of these directions, in their order in the file."""
    return (*_COMMON_MEMBERS[:-1], *(f"{name}.onnx" for name in directions), _COMMON_MEMBERS[-1])


# What a model file may hold: a tagger, a tagger with a language model, a language model of one or both directions.
_KINDS = (
    MEMBERS,
    (*MEMBERS, CONTEXT_MEMBER),
    *(language_members(directions) for directions in (["forward"], ["backward"], ["forward", "backward"])),
)


def write(path: str | os.PathLike[str], members: Mapping[str, bytes], *, version: str | None = None) -> None:
    """Write the members, with their manifest, as the model file `path`.

    The file appears under its name only when it is whole and on the disk. The same members and version give the
    same bytes. `version` is this nertagger's unless given.

    Raises:
        ModelFileError: if `members` are not exactly those of a tagger or a language model, or the file cannot be
            written.
        NerTaggerError: if its folder does not exist.
    """
    from nertagger import __version__

    path = Path(path)
    names = next((kind for kind in _KINDS if set(kind) == set(members)), None)
    if names is None:
        raise ModelFileError(f"{path}: got the members {sorted(members)}, expected {sorted(MEMBERS)}")
    hashes = {name: hashlib.sha256(members[name]).hexdigest() for name in names}
    manifest = {"format": FORMAT, "nertagger": version or __version__, "members": hashes}
    content = {MANIFEST: _to_json(manifest), **{name: members[name] for name in names}}
    try:
        with atomic_write(path) as stream:
            _write_zip(stream, content)
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be written ({error.strerror or error})") from error


def read(path: str | os.PathLike[str]) -> ModelFile:
    """Open a model file and check all of it.

    Raises:
        ModelFileError: if it is not there, not a zip, cut short, of a newer format, holds other members than it
            should, or a member is not the one that was written.
    """
    with checked_meanwhile(path) as model:
        return model


@contextmanager
def checked_meanwhile(path: str | os.PathLike[str]) -> Iterator[ModelFile]:
    """Open a model file for a block of code, while another thread checks its members' hashes.

    The members are those that were written only once the block has ended without an error: whatever is made of them
    must not be used before. Damage explains an error in the block, and is raised in its place.

    Raises:
        ModelFileError: as `read`.
    """
    model = _open(Path(path))
    damaged: list[str] = []
    checker = threading.Thread(target=lambda: damaged.extend(_damaged_members(model)))
    checker.start()
    try:
        yield model
    finally:
        checker.join()
        if damaged:
            problem = f"is damaged: {damaged[0]} is not what was written (its SHA-256 differs); fetch it again"
            raise model.error(problem)


def _open(path: Path) -> ModelFile:
    """The file with its manifest read and its members found, but not checked."""
    try:
        with path.open("rb") as stream:
            if not os.fstat(stream.fileno()).st_size:
                raise ValueError("is not a model file (it is empty)")
            content = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
            members = _locate_members(stream, content)
        manifest = _read_manifest(members)
        _check_names(members, manifest["members"])
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise ModelFileError(f"{path}: {error}") from None
    hashes = manifest["members"]
    return ModelFile(path, str(manifest.get("nertagger")), hashes, {name: members[name] for name in hashes})


def _to_json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _write_zip(stream: BinaryIO, members: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same bytes on every operating system
            unpadded = stream.tell() + _LOCAL_HEADER.size + len(name) + 4
            padding = -unpadded % _ALIGNMENT
            info.extra = struct.pack("<HH", _PADDING_FIELD, padding) + bytes(padding)
            archive.writestr(info, content)


def _locate_members(stream: BinaryIO, content: memoryview) -> dict[str, memoryview]:
    """The bytes of each member. Raises ValueError for whatever a file written by `write` would not hold."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except Exception as error:  # noqa: BLE001  zipfile lets struct, index and decoding errors of damaged files through
        if bytes(content[:4]) == _SIGNATURE:
            raise ValueError(f"is damaged or cut short ({error}); fetch it again") from None
        raise ValueError("is not a model file (not a zip)") from None
    names = [entry.filename for entry in entries]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"holds {min(repeated)!r} more than once")
    # Stored members that do not overlap cannot be a zip bomb: they are no larger than the file.
    if sum(entry.file_size for entry in entries) > len(content):
        raise ValueError("declares members larger than itself")
    return {entry.filename: _member_bytes(entry, content) for entry in entries}


def _member_bytes(entry: zipfile.ZipInfo, content: memoryview) -> memoryview:
    if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
        raise ValueError(f"{entry.filename!r} is compressed, expected it stored as it is")
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or bytes(header[:4]) != _SIGNATURE:
        raise ValueError(f"is damaged: {entry.filename!r} is not where the zip's directory says")
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    member = content[start : start + entry.file_size]
    if len(member) != entry.file_size:
        raise ValueError(f"is damaged: {entry.filename!r} is cut short")
    return member


def _read_manifest(members: Mapping[str, memoryview]) -> dict[str, Any]:
    if MANIFEST not in members:
        raise ValueError(f"is not a model file (a zip without {MANIFEST})")
    try:
        manifest = json.loads(bytes(members[MANIFEST]))
        version, hashes = manifest["format"], manifest["members"]
    except (ValueError, RecursionError, TypeError, KeyError):
        raise ValueError(f"is damaged: {MANIFEST} is not an object with a format and members") from None
    if not isinstance(version, int) or version < 1:
        raise ValueError(f"is damaged: {MANIFEST} has format {version!r}, expected a number from 1")
    if version > FORMAT:
        raise ValueError(f"has format {version}, this nertagger reads {FORMAT}; upgrade nertagger")
    if not isinstance(hashes, dict) or all(set(hashes) != set(kind) for kind in _KINDS):
        raise ValueError(f"is damaged: {MANIFEST} does not list the members {', '.join(MEMBERS)}")
    return dict(manifest)


def _check_names(members: Mapping[str, memoryview], listed: Iterable[str]) -> None:
    if missing := [name for name in listed if name not in members]:
        raise ValueError(f"lacks {', '.join(missing)}")
    if unknown := sorted(set(members) - {MANIFEST, *listed}):
        raise ValueError(f"holds {unknown[0]!r}, which does not belong in a model file")


def _damaged_members(model: ModelFile) -> list[str]:
    """The members that are not what was written."""
    content, hashes = model.members, model.hashes
    return [name for name in hashes if hashlib.sha256(content[name]).hexdigest() != hashes[name]]
