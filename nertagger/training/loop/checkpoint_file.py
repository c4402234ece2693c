"""The file of a checkpoint: tensors and text by name, with a checksum over every byte.

It is a safetensors file whose metadata holds, beside the text, the SHA-256 of the file with zeros in place of that
SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import safetensors.numpy

from nertagger.errors import TrainingError
from nertagger.files import atomic_write
from nertagger.modelfile.tensors import below
from nertagger.training.loop.fingerprint import Fingerprint
from nertagger.training.loop.weights import Weights

FILE_NAME = "checkpoint.safetensors"
_VARIABLE = "variable"  # the group of the variables
_KEY, _ZEROS = b'"sha256":"', b"0" * 64


class SavedState(NamedTuple):
    """What a checkpoint holds, whatever is trained.

    Attributes:
        progress: how far the run has come, as JSON values.
        variables: every variable of networks and optimizer in order.
        weights: named arrays, by the name of their group.
        fingerprint: what the run started with.
        details: other text by name.
    """

    progress: dict[str, Any]
    variables: list[np.ndarray]
    weights: dict[str, Weights]
    fingerprint: Fingerprint
    details: dict[str, str]

    def save(self, folder: Path, *, command: str) -> None:
        """Write the checkpoint of a run of this command into its folder, replacing the previous one atomically."""
        tensors = {f"{_VARIABLE}/{i:04d}": array for i, array in enumerate(self.variables)}
        for group, weights in self.weights.items():
            tensors |= {f"{group}/{name}": array for name, array in weights.items()}
        text = {"progress": json.dumps(self.progress), "fingerprint": json.dumps(self.fingerprint), **self.details}
        write_checkpoint(folder, tensors, text, command=command)


@contextmanager
def saved_state(folder: Path, *, command: str, groups: Sequence[str]) -> Iterator[SavedState]:
    """Read the checkpoint in the folder of a run; errors of the block are reported as damage of the file.

    Args:
        folder: the folder of the run.
        command: the command that started the run.
        groups: the names of the groups of weights.

    Raises:
        TrainingError: if there is no checkpoint, it is damaged, or it is that of another command's run.
    """
    with _checkpoint_read(folder, command=command) as (tensors, text):
        variables = below(tensors, _VARIABLE)
        yield SavedState(
            json.loads(text["progress"]),
            [variables[name] for name in sorted(variables)],
            {group: below(tensors, group) for group in groups},
            dict(json.loads(text["fingerprint"])),
            text,
        )


def assign_variables(variables: Sequence[keras.Variable], values: Sequence[np.ndarray], *, folder: Path) -> None:
    """Give variables the values of a checkpoint.

    Raises:
        TrainingError: if a number or a shape differs.
    """
    if [value.shape for value in values] != [tuple(variable.shape) for variable in variables]:
        raise TrainingError(f"{folder}: is of another version of nertagger; train anew")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def write_checkpoint(
    folder: Path, tensors: Mapping[str, np.ndarray], state: Mapping[str, str], *, command: str
) -> None:
    """Write tensors and text as the checkpoint of a run of this command, replacing the previous one atomically."""
    # Not `ascontiguousarray`: it makes the optimizer's scalars vectors.
    arrays = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    content = safetensors.numpy.save(arrays, {**state, "command": command, "sha256": _ZEROS.decode()})
    checksum = hashlib.sha256(content).hexdigest().encode()
    with atomic_write(folder / FILE_NAME) as stream:
        stream.write(content.replace(_KEY + _ZEROS, _KEY + checksum, 1))


@contextmanager
def _checkpoint_read(folder: Path, *, command: str) -> Iterator[tuple[Weights, dict[str, str]]]:
    """Read the tensors and the text of the checkpoint in a folder; see `saved_state`."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise TrainingError(f"{folder}: has no {FILE_NAME} to resume from: the run had not begun to learn; train anew")
    try:
        tensors, state = _parse(path.read_bytes())
        if state["command"] != command:
            other = state["command"]
            raise TrainingError(f"{folder}: is a run of {other}; resume it with: {other} --resume {folder}")
        yield tensors, state
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"{path}: is damaged, or of another version ({error}); train anew") from error


def _parse(content: bytes) -> tuple[Weights, dict[str, str]]:
    """Return the tensors and the text of a file; raises ValueError if they are not those that were written."""
    start = content.find(_KEY) + len(_KEY)
    stop = start + len(_ZEROS)
    if hashlib.sha256(content[:start] + _ZEROS + content[stop:]).hexdigest().encode() != content[start:stop]:
        raise ValueError("its SHA-256 differs")
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return safetensors.numpy.load(content), header["__metadata__"]
