"""The file of a checkpoint: tensors and text by name, with a checksum over every byte.

A file of safetensors whose metadata holds, beside the text, the SHA-256 of the file as it would be with zeros in the
place of the SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import safetensors.numpy

from nertagger.errors import TrainingError
from nertagger.files import atomic_write
from nertagger.training.loop.weights import Weights

FILE_NAME = "checkpoint.safetensors"
_KEY, _ZEROS = b'"sha256":"', b"0" * 64


def write_checkpoint(
    folder: Path, tensors: Mapping[str, np.ndarray], state: Mapping[str, str], *, command: str
) -> None:
    """Write the checkpoint of a run of this command into its folder, replacing the one before at once."""
    # Not `ascontiguousarray`: it makes the optimizer's scalars vectors.
    arrays = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    content = safetensors.numpy.save(arrays, {**state, "command": command, "sha256": _ZEROS.decode()})
    checksum = hashlib.sha256(content).hexdigest().encode()
    with atomic_write(folder / FILE_NAME) as stream:
        stream.write(content.replace(_KEY + _ZEROS, _KEY + checksum, 1))


@contextmanager
def checkpoint_read(folder: Path, *, command: str) -> Iterator[tuple[Weights, dict[str, str]]]:
    """The tensors and the text of the checkpoint in a folder; what the block makes of them may fail too.

    Raises:
        TrainingError: if there is none, it is not what was written, or that of another command's run.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise TrainingError(f"{folder}: has no {FILE_NAME} to go on from: the run had not begun to learn; train anew")
    try:
        tensors, state = _parse(path.read_bytes())
        if state["command"] != command:
            other = state["command"]
            raise TrainingError(f"{folder}: is a run of {other}; go on with it by: {other} --resume {folder}")
        yield tensors, state
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"{path}: is damaged, or of another version ({error}); train anew") from error


def _parse(content: bytes) -> tuple[Weights, dict[str, str]]:
    """The tensors and the text of a file; raises ValueError if they are not those that were written."""
    start = content.find(_KEY) + len(_KEY)
    stop = start + len(_ZEROS)
    if hashlib.sha256(content[:start] + _ZEROS + content[stop:]).hexdigest().encode() != content[start:stop]:
        raise ValueError("its SHA-256 differs")
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return safetensors.numpy.load(content), header["__metadata__"]
