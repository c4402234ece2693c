"""What stands on a command line, as files."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nertagger.cli.common.parser import UsageError
from nertagger.companions import companion
from nertagger.errors import DataError
from nertagger.files import MODEL, STANDARD_STREAM, archive_kind, is_stream, once_only


def find_inputs(arguments: Iterable[str]) -> list[str]:
    """The files that arguments name: files themselves, folders with all below them, patterns; ``-`` is standard input.

    Files of a folder or pattern come in the order of their names; hidden ones of a folder are left out, and of brat's
    pairs the texts, which are read with their annotations.

    Raises:
        DataError: if there is no such file, none in a folder or of a pattern, or a stream is named twice.
    """
    paths = [path for argument in arguments for path in _expand(argument)]
    refuse_repeated(paths)
    return paths


def refuse_repeated(paths: Iterable[str]) -> None:
    """Raise DataError if a stream is named more than once."""
    for path, times in Counter(paths).items():
        if times > 1 and is_stream(path):
            raise DataError(f"{path}: {once_only(path)}, and is named twice; save it as a file")


def expect_model(path: str | os.PathLike[str], *others: str, maker: str = "nertagger train") -> None:
    """Raise UsageError if a path cannot be a model file, saying which of the `others` it may have been taken for."""
    if os.path.isdir(path):
        raise UsageError(f"{path}: is a folder, expected a model file, such as model.ner")
    if not os.path.isfile(path) or archive_kind(path) or os.path.getsize(path) == 0:
        return  # what is wrong with a model, the reader of models says
    swapped = next((other for other in others if archive_kind(other) == MODEL), None)
    remedy = f"{swapped} is one: name it first" if swapped else f"{maker} makes one"
    raise UsageError(f"{path}: is not a model file; {remedy}")


def refuse_models(paths: Iterable[str | None], remedy: str) -> None:
    """Raise UsageError if one of these is a model file, where words and tags are expected."""
    for path in paths:
        if path is not None and archive_kind(path) == MODEL:
            raise UsageError(f"{path}: is a model file, expected words with tags; {remedy}")


def _expand(argument: str) -> list[str]:
    if os.path.isdir(argument):
        below = (path for path in Path(argument).rglob("*") if path.is_file() and not _hidden(path, argument))
        return _some(_pairs_once(sorted(map(str, below))), f"{argument}: there is no file in this folder")
    if argument == STANDARD_STREAM or os.path.exists(argument):
        return [argument]
    if glob.has_magic(argument):
        found = sorted(path for path in glob.glob(argument, recursive=True) if os.path.isfile(path))
        return _some(_pairs_once(found), f"{argument}: no file matches this pattern")
    raise DataError(f"{argument}: cannot be read: there is no such file")


def _pairs_once(paths: list[str]) -> list[str]:
    """The paths without the text of each of brat's pairs: whoever reads NAME.ann reads NAME.txt."""
    texts = {str(companion(path, ".txt", own=(".ann",))) for path in paths if path.endswith(".ann")}
    return [path for path in paths if path not in texts]


def _hidden(path: Path, folder: str) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _some(paths: list[str], problem: str) -> list[str]:
    if not paths:
        raise DataError(problem)
    return paths
