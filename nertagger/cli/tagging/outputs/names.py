"""The names of outputs, one per input, in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import PurePath

from nertagger.cli.common.parser import UsageError
from nertagger.corpus.registry import FORMATS
from nertagger.files import COMPRESSED_SUFFIXES, is_remote, is_stream


def common_folder(paths: Sequence[str]) -> str:
    """Return the innermost folder that holds all files.

    Raises:
        UsageError: if there is none, or one of them is a stream.
    """
    for path in paths:
        if is_stream(path):
            raise UsageError(f"{path}: a folder of outputs needs inputs with names; name files, or the output")
    try:
        return os.path.commonpath(list(map(_folder, paths)))
    except ValueError as error:
        raise UsageError("the inputs are on several file systems; tag each into a folder of its own") from error


def output_names(paths: Sequence[str], folder: str, *, format: str, suffix: str) -> list[str]:
    """Return the name of the output of each file, below the folder of outputs as the file is below `folder`.

    ``a.txt`` becomes ``a.txt.jsonl``; a name that has the suffix of the format keeps it.

    Args:
        paths: the input.
        folder: from `common_folder`.
        format: of the outputs.
        suffix: of their compression, or empty.

    Raises:
        UsageError: if two outputs would have the same name.
    """
    entry = FORMATS.get(format)
    ending = entry.suffixes[0] if entry and entry.suffixes and format != "tsv" else f".{format}"
    names = [_relative(path, folder, ending) + suffix for path in paths]
    seen: dict[str, str] = {}
    for path, name in zip(paths, names, strict=True):
        if name in seen:
            raise UsageError(f"{seen[name]} and {path} would have the same output, {name}; tag them one by one")
        seen[name] = path
    return names


def _local(path: str) -> str:
    """Return the absolute path; of a remote file one that begins with its file system."""
    return f"/{path.replace('://', ':/', 1)}" if is_remote(path) else os.path.abspath(path)


def _folder(path: str) -> str:
    return os.path.dirname(_local(path))


def refuse_inputs(inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Raise UsageError if the output of an input, at the same place in the second list, is that input."""
    for path, output in zip(inputs, outputs, strict=True):
        if os.path.exists(output) and os.path.exists(path) and os.path.samefile(path, output):
            raise UsageError(f"{output}: is read here, and would be lost; name another folder")


def _relative(path: str, folder: str, ending: str) -> str:
    name = os.path.relpath(_local(path), folder)
    if name.lower().endswith(COMPRESSED_SUFFIXES):
        name = name[: -len(PurePath(name).suffix)]
    return name if name.lower().endswith(ending) else name + ending
