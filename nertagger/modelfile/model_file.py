"""The model file ``NAME.ner`` or ``NAME.lm``: a zip of stored members whose hashes stand in its manifest.

Nothing in the file is executed or imported. It is read into memory as a whole, once: were it mapped, a file that is
replaced in its place would change what a loaded model says, and one cut short would kill the process. Members are
stored uncompressed and begin at multiples of 64 bytes, so that large tables are used where they lie; and the same
members always make the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import RawIOBase
from pathlib import Path
from typing import Any

import numpy as np

from nertagger.errors import ModelFileError
from nertagger.files import atomic_write
from nertagger.modelfile.archive import LARGEST, SIGNATURE, read_archive, write_archive
from nertagger.modelfile.tensors import read_tensors
from nertagger.parsing import load_json, load_toml

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

# Far more bytes than any member has that was written, so that a file that was made up takes bounded time and memory.
_LARGEST_MEMBER = {
    MANIFEST: 1 << 17,
    "config.toml": 1 << 18,
    "vocabulary.json": 1 << 25,
    "metrics.json": 1 << 22,
    "README.md": 1 << 20,
    "weights.safetensors": LARGEST,
}
_LARGEST_GRAPH = 1 << 29
_VERSION = re.compile(r"[\w.+-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class ModelFile:
    """A model file; whoever holds one that `read` returned may trust its members.

    Attributes:
        path: where it was read.
        version: the nertagger that wrote it.
        hashes: the SHA-256 of each member, in hexadecimal.
        members: the bytes of each member.
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
            value = load_json(self.text(name))
        except ValueError as error:
            raise self.error(f"{name} is not JSON ({error})") from None
        if not isinstance(value, dict):
            raise self.error(f"{name} holds a {type(value).__name__}, expected an object")
        return value

    def toml(self, name: str) -> dict[str, Any]:
        """The member as TOML tables.

        Raises:
            ModelFileError: if it is none, or has values that JSON does not have: dates, numbers that are not finite.
        """
        try:
            value = load_toml(self.text(name))
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError) as error:
            raise self.error(f"{name} is not TOML ({error})") from None
        return value

    @cached_property
    def tensors(self) -> Mapping[str, np.ndarray]:
        """The weights by name, as read-only views of the file's bytes.

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
    from nertagger._version import __version__

    path = Path(path)
    names = next((kind for kind in _KINDS if set(kind) == set(members)), None)
    if names is None:
        raise ModelFileError(f"{path}: got the members {sorted(members)}, expected {sorted(MEMBERS)}")
    hashes = {name: hashlib.sha256(members[name]).hexdigest() for name in names}
    manifest = {"format": FORMAT, "nertagger": version or __version__, "members": hashes}
    content = {MANIFEST: _to_json(manifest), **{name: members[name] for name in names}}
    try:
        _check_sizes(content)
    except ValueError as error:
        raise ModelFileError(f"{path}: cannot be written: it {error}") from None
    try:
        with atomic_write(path) as stream:
            write_archive(stream, content)
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
        members = read_archive(memoryview(_read_whole(path)))
        _check_sizes(members)
        manifest = _read_manifest(members)
        _check_names(members, manifest["members"])
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise ModelFileError(f"{path}: {error}") from None
    hashes = manifest["members"]
    return ModelFile(path, manifest["nertagger"], hashes, {name: members[name] for name in hashes})


def _read_whole(path: Path) -> bytes:
    """The bytes of a file, or of a pipe; raises ValueError if they are too many or none of a zip."""
    with path.open("rb", buffering=0) as stream:
        status = os.fstat(stream.fileno())
        start = stream.read(len(SIGNATURE))
        if start != SIGNATURE:
            raise ValueError(f"is not a model file ({'not a zip' if start else 'it is empty'})")
        if stat.S_ISREG(status.st_mode):
            stream.seek(0)
            content = stream.readall() if status.st_size <= LARGEST else b""
        else:
            content = start + b"".join(_chunks(stream))
    if not content or len(content) > LARGEST:
        raise ValueError(f"is larger than {LARGEST:,} bytes, the most that a model file may have")
    return content


def _chunks(stream: RawIOBase) -> Iterator[bytes]:
    """What is left of a stream, and no more than a model file may have."""
    held = 0
    while held <= LARGEST and (chunk := stream.read(1 << 20)):
        held += len(chunk)
        yield chunk


def _to_json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _check_sizes(members: Mapping[str, bytes | memoryview]) -> None:
    for name, content in members.items():
        most = _LARGEST_MEMBER.get(name, _LARGEST_GRAPH)
        if len(content) > most:
            raise ValueError(f"holds {name!r} of {len(content):,} bytes, expected at most {most:,}")
    if sum(map(len, members.values())) > LARGEST - (1 << 16):
        raise ValueError(f"has more than {LARGEST:,} bytes, the most that a model file may have")


def _read_manifest(members: Mapping[str, memoryview]) -> dict[str, Any]:
    if MANIFEST not in members:
        raise ValueError(f"is not a model file (a zip without {MANIFEST})")
    try:
        manifest = load_json(members[MANIFEST])
        version, hashes = manifest["format"], manifest["members"]
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"is damaged: {MANIFEST} is not an object with a format and members") from None
    if type(version) is not int or version < 1:
        raise ValueError(f"is damaged: {MANIFEST} has format {version!r:.60}, expected a number from 1")
    if version > FORMAT:
        raise ValueError(f"has format {version}, this nertagger reads {FORMAT}; upgrade nertagger")
    if not isinstance(hashes, dict) or all(set(hashes) != set(kind) for kind in _KINDS):
        raise ValueError(f"is damaged: {MANIFEST} does not list the members {', '.join(MEMBERS)}")
    if not isinstance(written_by := manifest.get("nertagger"), str) or not _VERSION.fullmatch(written_by):
        raise ValueError(f"is damaged: {MANIFEST} says it was written by nertagger {written_by!r:.60}")
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
