"""Reading model files: a zip of stored members whose hashes are in its manifest.

Nothing in the file is executed or imported. It is read into memory as a whole, once: if it were mapped, replacing the
file in place would change what a loaded model predicts, and truncating it would kill the process. Members are stored
uncompressed at multiples of 64 bytes, so that large tables are used without a copy.
"""

from __future__ import annotations

import os
import re
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any, TypeAlias

from nertagger.errors import ModelFileError
from nertagger.modelfile.archive import LARGEST, SIGNATURE, read_archive
from nertagger.modelfile.limits import check_sizes
from nertagger.modelfile.model_file import IN_MEMORY, ModelFile
from nertagger.modelfile.schema import FORMAT, KINDS, TAGGER_MEMBERS, ManifestKey, Member
from nertagger.parsing import load_json

ModelSource: TypeAlias = str | os.PathLike[str] | bytes
"""The path of a model file, or its bytes."""

_MAKERS = {".lm": "nertagger lm train makes one", ".enc": "nertagger pretrain makes one"}
_TAGGERS = "nertagger train makes one, and english is the tagger of the package"
_VERSION = re.compile(r"[\w.+-]{1,64}", re.ASCII)


def read_model(source: ModelSource) -> ModelFile:
    """Return the model file at a path, or with these bytes, after checking all of it.

    Raises:
        ModelFileError: if it does not exist, is not a zip, is truncated, has a newer format, holds other members than
            a model file, or a member differs from what was written.
    """
    with checked_meanwhile(source) as model:
        return model


@contextmanager
def checked_meanwhile(source: ModelSource) -> Iterator[ModelFile]:
    """Give a model file to a block of code while another thread checks the hashes of its members.

    Results of the block must not be used before the block has ended without an error. If the file is
    damaged, the error that says so replaces any error of the block, which the damage explains.

    Raises:
        ModelFileError: as `read_model`.
    """
    model = _open(source)
    damaged: list[str] = []
    checker = threading.Thread(target=lambda: damaged.extend(model.damaged_members()))
    checker.start()
    try:
        yield model
    finally:
        checker.join()
        if damaged:
            problem = f"is damaged: {damaged[0]} is not what was written (its SHA-256 differs); fetch it again"
            raise model.error(problem)


def _open(source: ModelSource) -> ModelFile:
    """Return the file with its manifest read and its members found; their hashes are not checked."""
    if not isinstance(source, str | os.PathLike | bytes) or source == "":
        raise ModelFileError(f"got {source!r:.60}, expected the path of a model file, or its bytes")
    path = Path(IN_MEMORY) if isinstance(source, bytes) else Path(source)
    try:
        content = source if isinstance(source, bytes) else _read_whole(path)
        _check_start(content)
        _check_size(len(content))
        members = read_archive(memoryview(content))
        check_sizes(members)
        manifest = _read_manifest(members)
        hashes = manifest[ManifestKey.MEMBERS]
        _check_names(members, hashes)
    except FileNotFoundError as error:
        remedy = _MAKERS.get(path.suffix, _TAGGERS)
        raise ModelFileError(f"{path}: there is no such file; {remedy}") from error
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise ModelFileError(f"{path}: {error}") from None
    return ModelFile(path, manifest[ManifestKey.VERSION], hashes, {name: members[name] for name in hashes})


def _read_whole(path: Path) -> bytes:
    """Return the bytes of a file or a pipe; raise ValueError early if they are too many or do not begin a zip."""
    with path.open("rb", buffering=0) as stream:
        status = os.fstat(stream.fileno())
        start = stream.read(len(SIGNATURE))
        _check_start(start)
        if not stat.S_ISREG(status.st_mode):
            return start + b"".join(_chunks(stream))
        _check_size(status.st_size)
        stream.seek(0)
        return stream.readall()


def _check_start(content: bytes) -> None:
    if not content.startswith(SIGNATURE):
        raise ValueError(f"is not a model file ({'not a zip' if content else 'it is empty'})")


def _check_size(size: int) -> None:
    if size > LARGEST:
        raise ValueError(f"is larger than {LARGEST:,} bytes, the most that a model file may have")


def _chunks(stream: RawIOBase) -> Iterator[bytes]:
    """Yield the rest of a stream, up to little more than the size that a model file may have."""
    held = 0
    while held <= LARGEST and (chunk := stream.read(1 << 20)):
        held += len(chunk)
        yield chunk


def _read_manifest(members: Mapping[str, memoryview]) -> dict[str, Any]:
    name = Member.MANIFEST
    if name not in members:
        raise ValueError(f"is not a model file (a zip without {name})")
    try:
        manifest = load_json(members[name])
        version, hashes = manifest[ManifestKey.FORMAT], manifest[ManifestKey.MEMBERS]
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"is damaged: {name} is not an object with a format and members") from None
    if type(version) is not int or version < 1:
        raise ValueError(f"is damaged: {name} has format {version!r:.60}, expected a number from 1")
    if version > FORMAT:
        raise ValueError(f"has format {version}, this nertagger reads {FORMAT}; upgrade nertagger")
    if not isinstance(hashes, dict) or all(set(hashes) != set(kind) for kind in KINDS):
        raise ValueError(f"is damaged: {name} does not list the members {', '.join(TAGGER_MEMBERS)}")
    written_by = manifest.get(ManifestKey.VERSION)
    if not isinstance(written_by, str) or not _VERSION.fullmatch(written_by):
        raise ValueError(f"is damaged: {name} says it was written by nertagger {written_by!r:.60}")
    return dict(manifest)


def _check_names(members: Mapping[str, memoryview], listed: Iterable[str]) -> None:
    if missing := [name for name in listed if name not in members]:
        raise ValueError(f"lacks {', '.join(missing)}")
    if unknown := sorted(set(members) - {Member.MANIFEST, *listed}):
        raise ValueError(f"holds {unknown[0]!r}, which does not belong in a model file")
