"""The folder of a run: locked while the run is in progress, and removed afterwards if it is empty."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from nertagger.errors import NerTaggerError, TrainingError
from nertagger.files import atomic_write, check_output, locked, make_folder
from nertagger.training.loop.checkpoint_file import FILE_NAME
from nertagger.training.loop.json_log import LOG_NAME

CONFIG_NAME = "config.toml"


class Stopped(KeyboardInterrupt):
    """A run that Ctrl-C has stopped and that can be resumed.

    Attributes:
        remedy: the command that resumes it.
    """

    def __init__(self, remedy: str) -> None:
        super().__init__(f"stopped; go on with: {remedy}")
        self.remedy = remedy


@dataclass(frozen=True)
class RunFolder:
    """The folder of a run, locked by one run at a time.

    Attributes:
        path: the folder.
        output: the model file that the run is to write.
        inputs: the files that it reads.
        command: the command that goes on with such a run by ``--resume``.
        renamed: whether the output is not the one that the run began with.
        is_kept: whether the folder outlives the caller's work, so that a user may be told to go on with the run.
        passed: the names of the splits that are in memory, which no command can read.
    """

    path: Path
    output: str
    inputs: Sequence[str]
    command: str
    renamed: bool = False
    is_kept: bool = True
    passed: Sequence[str] = ()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder, and that of the output, for the time of a block, in which no other run may use it.

        Those that are made and left empty are removed again.

        Raises:
            NerTaggerError: if the output could not be written, is one of the inputs, or another run is at work.
        """
        with _made(self.path, Path(self.output).parent), locked(self.path):
            check_output(self.output, inputs=self.inputs)
            yield

    def begin(self, config: str) -> None:
        """Make the folder that of a new run with this configuration: nothing of an earlier one can be gone on with."""
        for name in (FILE_NAME, LOG_NAME):
            with self.writing(name):
                (self.path / name).unlink(missing_ok=True)
        with self.writing(CONFIG_NAME), atomic_write(self.path / CONFIG_NAME) as stream:
            stream.write(config.encode())

    def check_space(self, model: int) -> None:
        """Raise TrainingError if there is no room for another checkpoint, beside the last one, and a model's bytes."""
        needs = {self.path: (self.path / FILE_NAME).stat().st_size, Path(self.output).resolve().parent: model}
        for place, size in needs.items():
            free = shutil.disk_usage(place).free
            if free < size:
                got = f"{free / 1e6:.1f} MB are free, expected {size / 1e6:.1f} MB"
                raise TrainingError(f"{place}: {got}; make room, or name another place")

    @contextmanager
    def writing(self, name: str) -> Iterator[None]:
        """A block that writes a file of the folder; an error names the file, and how to go on where that can be.

        Raises:
            TrainingError: if it cannot be written.
        """
        try:
            yield
        except (OSError, NerTaggerError) as error:
            remedy = f", then go on with: {self.resuming}" if self.can_be_resumed else ""
            raise TrainingError(f"{_described(error, self.path / name)}; make room{remedy}") from error

    @contextmanager
    def writing_output(self) -> Iterator[None]:
        """A block that writes the output; an error says how to get it elsewhere.

        Raises:
            TrainingError: if it cannot be written.
        """
        try:
            yield
        except (OSError, NerTaggerError) as error:
            other = replace(self, output="OTHER", renamed=True)
            remedy = f"; nothing is lost: write it elsewhere by: {other.resuming}" if self.can_be_resumed else ""
            raise TrainingError(f"{_described(error, Path(self.output))}{remedy}") from error

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """A block from which the run can be gone on with: makes `Stopped` of a KeyboardInterrupt."""
        try:
            yield
        except KeyboardInterrupt as error:
            if not self.can_be_resumed:
                raise
            raise Stopped(self.resuming) from error

    @property
    def resuming(self) -> str:
        """The command that goes on with the run, or the call where it needs sentences in memory."""
        if self.passed:
            arguments = [repr(str(self.path)), *(f"{name}=..." for name in self.passed)]
            arguments += [f"out={self.output!r}"] if self.renamed else []
            return f"nertagger.training.resume({', '.join(arguments)})"
        out = ["--out", self.output] if self.renamed else []
        return f"{self.command} {shlex.join(['--resume', str(self.path), *out])}"

    @property
    def can_be_resumed(self) -> bool:
        """Whether there will be a checkpoint, and the data can be read once more: a pipe is empty then."""
        return self.is_kept and (self.path / FILE_NAME).is_file() and all(map(os.path.isfile, self.inputs))


def _described(error: OSError | NerTaggerError, path: Path) -> str:
    if isinstance(error, NerTaggerError):  # says so itself
        return str(error)
    return f"{path}: cannot be written: {error.strerror or error}"


@contextmanager
def _made(*folders: Path) -> Iterator[None]:
    """Folders that are made where they are missing, and removed after the block where they are empty."""
    new: list[Path] = []
    try:
        for folder in folders:
            new += [path for path in (folder, *folder.parents) if not path.exists()]
            make_folder(folder)
        yield
    finally:
        for folder in sorted(new, key=lambda path: -len(path.parts)):
            with suppress(OSError):  # is not empty
                folder.rmdir()
