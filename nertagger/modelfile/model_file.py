"""A model file in memory: its members as bytes, text, JSON, TOML and tensors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

import numpy as np

from nertagger.errors import ModelFileError
from nertagger.modelfile.packing import unpacked
from nertagger.modelfile.schema import Member
from nertagger.modelfile.tensors import read_tensors
from nertagger.parsing import load_json, load_toml

Kind: TypeAlias = Literal["tagger", "encoder", "language model"]
"""The kinds of model files."""

_ARTICLE = {"tagger": "a", "encoder": "an", "language model": "a"}
_MAKER = {
    "tagger": "nertagger train makes one",
    "encoder": "nertagger pretrain makes one",
    "language model": "nertagger lm train makes one",
}

IN_MEMORY = "(in memory)"
"""The path, in messages, of a model file that is on no disk."""


@dataclass(frozen=True)
class ModelFile:
    """A model file; the members of one that `read_model` returned are those that were written.

    Attributes:
        path: the path that it was read from.
        version: the version of nertagger that wrote it.
        hashes: the SHA-256 of each member, in hexadecimal.
        members: the bytes of each member.
    """

    path: Path
    version: str
    hashes: Mapping[str, str]
    members: Mapping[str, memoryview]

    @classmethod
    def in_memory(cls, members: Mapping[str, bytes], *, name: str = IN_MEMORY) -> Self:
        """Return a model of these members that is on no disk; errors call it `name`."""
        return cls(Path(name), "", {}, {member: memoryview(content) for member, content in members.items()})

    def text(self, name: str) -> str:
        """Return a member as text.

        Raises:
            ModelFileError: if it is not UTF-8.
        """
        try:
            return str(self.members[name], encoding="utf-8")
        except UnicodeDecodeError as error:
            raise self.error(f"{name} is not UTF-8 ({error.reason} at byte {error.start})") from None

    def json(self, name: str) -> dict[str, Any]:
        """Return a member as a JSON object.

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
        """Return a member as TOML tables.

        Raises:
            ModelFileError: if it is not TOML, or has values that JSON lacks: dates, numbers that are not finite.
        """
        try:
            value = load_toml(self.text(name))
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError) as error:
            raise self.error(f"{name} is not TOML ({error})") from None
        return value

    @property
    def vocabulary(self) -> dict[str, Any]:
        """The vocabulary, see `schema.VocabularyKey`; raises ModelFileError if it is not a JSON object."""
        return self.json(Member.VOCABULARY)

    @property
    def metrics(self) -> dict[str, Any]:
        """The metrics, see `schema.MetricsKey`; raises ModelFileError if they are not a JSON object."""
        return self.json(Member.METRICS)

    @cached_property
    def tensors(self) -> Mapping[str, np.ndarray]:
        """The weights by name, see `schema.Tensor`, as read-only views of the bytes (vectors in four bits: int8).

        Raises:
            ModelFileError: if the safetensors header contradicts the bytes that follow it.
        """
        try:
            return unpacked(read_tensors(self.members[Member.WEIGHTS]))
        except ValueError as error:
            raise self.tensor_error(str(error)) from None

    @property
    def kind(self) -> Kind:
        """What the file is, by its members."""
        if Member.WORDS in self.members:
            return "tagger"
        return "language model" if any(name.endswith(".onnx") for name in self.members) else "encoder"

    def expect(self, *kinds: Kind) -> None:
        """Raise ModelFileError unless the file is of one of these kinds."""
        if self.kind not in kinds:
            got, *expected = (f"{_ARTICLE[kind]} {kind}" for kind in (self.kind, *kinds))
            starts = self.kind == "encoder" and "tagger" in kinds
            remedy = f"nertagger train --encoder {self.path} trains one from it" if starts else _MAKER[kinds[0]]
            raise self.error(f"is {got}, expected {' or '.join(expected)}; {remedy}")

    @property
    def size(self) -> int:
        """The bytes of all members together."""
        return sum(map(len, self.members.values()))

    def damaged_members(self) -> list[str]:
        """Return the names of the members whose SHA-256 is not that of the manifest."""
        content = self.members
        return [name for name, wanted in self.hashes.items() if hashlib.sha256(content[name]).hexdigest() != wanted]

    def __reduce__(self) -> tuple[Callable[..., ModelFile], tuple[object, ...]]:
        """A pickle holds the members themselves, so that it can be loaded where the file does not exist.

        Raises:
            ModelFileError: if the file was changed in place since it was read.
        """
        if damaged := self.damaged_members():
            raise self.error(f"{damaged[0]} has changed since the file was read; load the file again")
        members = {name: bytes(content) for name, content in self.members.items()}
        return _unpickled, (self.path, self.version, dict(self.hashes), members)

    def __deepcopy__(self, memo: object) -> ModelFile:
        return self  # never changes

    def error(self, problem: str) -> ModelFileError:
        """Return an error that names this file."""
        return ModelFileError(f"{self.path}: {problem}")

    def vocabulary_error(self, problem: str) -> ModelFileError:
        """Return an error that names this file and its vocabulary."""
        return self.error(f"{Member.VOCABULARY} {problem}")

    def tensor_error(self, problem: str) -> ModelFileError:
        """Return an error that names this file and its tensors."""
        return self.error(f"{Member.WEIGHTS}: {problem}")


def _unpickled(path: Path, version: str, hashes: Mapping[str, str], members: Mapping[str, bytes]) -> ModelFile:
    return ModelFile(path, version, hashes, {name: memoryview(content) for name, content in members.items()})
