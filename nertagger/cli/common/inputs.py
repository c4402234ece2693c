"""File arguments of a command line, expanded and checked."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from nertagger.cli.common.parser import UsageError
from nertagger.companions import companion, is_project
from nertagger.errors import DataError
from nertagger.files import MODEL, STANDARD_STREAM, archive_kind, find_remote, is_remote, is_stream, once_only
from nertagger.modelfile.schema import ENGLISH


def find_inputs(arguments: Iterable[str], *, without: Sequence[str] = ()) -> list[str]:
    """Return the files that arguments name: files, all files in folders, matches of patterns; ``-`` is standard input.

    The folder of an annotation project is read as one file.

    Files of a folder or pattern are sorted by name. Hidden files of a folder are left out, as are the texts of brat's
    pairs, which are read with their annotations. Remote paths (``s3://...``) can be files, folders and patterns too.

    Args:
        arguments: what is named.
        without: absolute paths of files, and of folders with a slash at the end, that are left out of folders and
            patterns: the outputs.

    Raises:
        DataError: if a file does not exist, a folder is empty, a pattern has no match, or a stream is named twice.
    """
    paths = [path for argument in arguments for path in _expand(argument, without)]
    refuse_repeated(paths)
    return paths


def refuse_streams(paths: Iterable[str], reason: str) -> None:
    """Raise UsageError if one of these is standard input, a pipe or a device, which can be read only once.

    Args:
        paths: files that are read more than once.
        reason: why that is so, as the second half of the message.
    """
    for path in paths:
        if is_stream(path):
            raise UsageError(f"{path}: {once_only(path)}, and {reason}; give a file")


def expect_files(paths: Iterable[str]) -> None:
    """Raise DataError if one of these does not exist, before the work that reads them begins."""
    for path in paths:
        if path != STANDARD_STREAM and not is_remote(path) and not os.path.exists(path):
            raise DataError(f"{path}: cannot be read: there is no such file")


def refuse_repeated(paths: Iterable[str]) -> None:
    """Raise DataError if a stream is named more than once."""
    for path, times in Counter(paths).items():
        if times > 1 and is_stream(path):
            raise DataError(f"{path}: {once_only(path)}, and is named twice; save it as a file")


def expect_model(path: str | os.PathLike[str], *others: str, maker: str = "nertagger train") -> None:
    """Raise UsageError if a path cannot be a model file.

    Args:
        path: the path, or the name of the tagger of the package.
        others: other arguments, one of which may be the model file.
        maker: the command that makes such models.
    """
    if path == ENGLISH:
        return
    if os.path.isdir(path):
        raise UsageError(f"{path}: is a folder, expected a model file, such as model.ner")
    if not os.path.isfile(path) or archive_kind(path) or os.path.getsize(path) == 0:
        return  # the reader of model files reports what is wrong with it
    swapped = next((other for other in others if other == ENGLISH or archive_kind(other) == MODEL), None)
    remedy = f"{swapped} is one: name it first" if swapped else f"{maker} makes one"
    raise UsageError(f"{path}: is not a model file; {remedy}")


def refuse_models(paths: Iterable[str | None], remedy: str) -> None:
    """Raise UsageError if one of these is a model file where words with tags are expected."""
    for path in paths:
        if path is not None and (archive_kind(path) == MODEL or (path == ENGLISH and not os.path.exists(path))):
            raise UsageError(f"{path}: is a model file, expected words with tags; {remedy}")


def _expand(argument: str, without: Sequence[str]) -> list[str]:
    if is_remote(argument):
        return find_remote(argument)
    if is_project(argument):
        return [argument]
    if os.path.isdir(argument):
        below = (path for path in Path(argument).rglob("*") if path.is_file() and not _hidden(path, argument))
        found = _others(sorted(map(str, below)), without, argument)
        return _expect_some(_pairs_once(found), f"{argument}: there is no file in this folder")
    if argument == STANDARD_STREAM or os.path.exists(argument):
        return [argument]
    if glob.has_magic(argument):
        matches = sorted(filter(os.path.isfile, glob.glob(argument, recursive=True)))
        found = _others([path for path in matches if not _is_in_loop(path)], without, argument)
        return _expect_some(_pairs_once(found), f"{argument}: no file matches this pattern")
    raise DataError(f"{argument}: cannot be read: there is no such file", remedy=_remedy(argument))


def _remedy(argument: str) -> str | None:
    """Return what to do if an argument that is no file looks like a text."""
    if not re.search(r"\s", argument) or Path(argument).suffix:
        return None
    return 'a text itself is given by standard input: echo "..." | nertagger tag MODEL -'


def _pairs_once(paths: list[str]) -> list[str]:
    """Return the paths without the text of each of brat's pairs: NAME.txt is read with NAME.ann."""
    texts = {str(companion(path, ".txt", own=(".ann",))) for path in paths if path.endswith(".ann")}
    return [path for path in paths if path not in texts]


def _others(paths: list[str], without: Sequence[str], argument: str) -> list[str]:
    """Return the paths that are neither among these files nor in these folders; DataError if none of several is."""
    if not without:
        return paths
    files, folders = set(without), tuple(path for path in without if path.endswith(os.sep))
    real = ((path, os.path.realpath(path)) for path in paths)
    found = [path for path, place in real if place not in files and not (folders and place.startswith(folders))]
    if paths and not found:
        raise DataError(f"{argument}: names only what is in the output; name another output")
    return found


def _is_in_loop(path: str) -> bool:
    """Return whether a path goes through a link to a folder that it is in already, as ``**`` does without end."""
    for folder in list(Path(path).parents)[:-1]:
        if folder.is_symlink() and folder.absolute().is_relative_to(os.path.realpath(folder)):
            return True
    return False


def _hidden(path: Path, folder: str) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _expect_some(paths: list[str], problem: str) -> list[str]:
    if not paths:
        raise DataError(problem)
    return paths
