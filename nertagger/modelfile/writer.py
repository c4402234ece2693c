"""Writing model files: the members of a zip, with a manifest that holds their hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from nertagger._version import __version__
from nertagger.errors import ModelFileError
from nertagger.files import atomic_write
from nertagger.modelfile.archive import write_archive
from nertagger.modelfile.limits import check_sizes
from nertagger.modelfile.model_file import IN_MEMORY
from nertagger.modelfile.schema import FORMAT, KINDS, TAGGER_MEMBERS, ManifestKey, Member


def write_model(path: str | os.PathLike[str], members: Mapping[str, bytes], *, version: str = __version__) -> None:
    """Write the members, with their manifest, as the model file `path`.

    The file appears under its name only when it is complete and on the disk. The same members and version give the
    same bytes.

    Args:
        path: the file.
        members: the bytes of each member.
        version: the version of nertagger that the manifest names.

    Raises:
        ModelFileError: if `members` are not exactly those of a tagger or a language model, or the file cannot be
            written.
        NerTaggerError: if its folder does not exist.
    """
    content = _with_manifest(members, version, str(path))
    try:
        with atomic_write(Path(path)) as stream:
            write_archive(stream, content)
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be written ({error.strerror or error})") from error


def model_bytes(members: Mapping[str, bytes], *, version: str = __version__) -> bytes:
    """Return the bytes of the file that `write_model` writes; raises ModelFileError as it does."""
    stream = BytesIO()
    write_archive(stream, _with_manifest(members, version, IN_MEMORY))
    return stream.getvalue()


def _with_manifest(members: Mapping[str, bytes], version: str, name: str) -> dict[str, bytes]:
    """Return the members in their order, after their manifest; `name` is the file, for messages."""
    names = next((kind for kind in KINDS if set(kind) == set(members)), None)
    if names is None:
        raise ModelFileError(f"{name}: got the members {sorted(members)}, expected {sorted(TAGGER_MEMBERS)}")
    hashes = {name: hashlib.sha256(members[name]).hexdigest() for name in names}
    manifest = {ManifestKey.FORMAT: FORMAT, ManifestKey.VERSION: version, ManifestKey.MEMBERS: hashes}
    content = {Member.MANIFEST: json_member(manifest), **{name: members[name] for name in names}}
    try:
        check_sizes(content)
    except ValueError as error:
        raise ModelFileError(f"{name}: cannot be written: it {error}") from None
    return content


def json_member(value: object) -> bytes:
    """Return a value as JSON that people can read, the bytes of a member."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def compact_json_member(value: object) -> bytes:
    """Return a value, which may be large, as JSON without spaces, the bytes of a member."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
