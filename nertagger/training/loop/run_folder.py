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
        super().__init__(f"stopped; resume with: {remedy}")
        self.remedy = remedy


@dataclass(frozen=True)
class RunFolder:
    """The folder of a run, locked by one run at a time.

    Attributes:
        path: the folder.
        output: the model file that the run is to write.
        inputs: the files that it reads.
        command: the command that resumes such a run with ``--resume``.
        renamed: whether the output is not the one that the run began with.
        is_kept: whether the folder is still there when training ends, so that errors may advise to resume the run.
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
        """Create and lock the folder, and create that of the output, while the block runs.

        Folders that are created here and left empty are removed again.

        Raises:
            NerTaggerError: if the output could not be written or is one of the inputs, or another run has the lock.
        """
        with _made(self.path, Path(self.output).parent), locked(self.path):
            check_output(self.output, inputs=self.inputs, folder_is_made=True)
            yield

    def begin(self, config: str) -> None:
        """Write the configuration of a new run, and remove the checkpoint and log of an earlier one."""
        for name in (FILE_NAME, LOG_NAME):
            with self.writing(name):
                (self.path / name).unlink(missing_ok=True)
        with self.writing(CONFIG_NAME), atomic_write(self.path / CONFIG_NAME) as stream:
            stream.write(config.encode())

    def check_space(self, model: int) -> None:
        """Raise TrainingError if the disk has no room for another checkpoint and a model of this many bytes."""
        needs = {self.path: (self.path / FILE_NAME).stat().st_size, Path(self.output).resolve().parent: model}
        for place, size in needs.items():
            free = shutil.disk_usage(place).free
            if free < size:
                got = f"{free / 1e6:.1f} MB are free, expected {size / 1e6:.1f} MB"
                raise TrainingError(f"{place}: {got}; make room, or name another place")

    @contextmanager
    def writing(self, name: str) -> Iterator[None]:
        """Turn an error of a block that writes a file of the folder into one that names the file and the remedy.

        Raises:
            TrainingError: if the file cannot be written.
        """
        try:
            yield
        except (OSError, NerTaggerError) as error:
            remedy = f", then resume with: {self.resuming}" if self.can_be_resumed else ""
            raise TrainingError(f"{_described(error, self.path / name)}; make room{remedy}") from error

    @contextmanager
    def writing_output(self) -> Iterator[None]:
        """Turn an error of a block that writes the output into one that says how to write it elsewhere.

        Raises:
            TrainingError: if the output cannot be written.
        """
        try:
            yield
        except (OSError, NerTaggerError) as error:
            other = replace(self, output="OTHER", renamed=True)
            remedy = f"; nothing is lost: write it elsewhere with: {other.resuming}" if self.can_be_resumed else ""
            raise TrainingError(f"{_described(error, Path(self.output))}{remedy}") from error

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """Turn a KeyboardInterrupt of the block into `Stopped`, if the run can be resumed."""
        try:
            yield
        except KeyboardInterrupt as error:
            if not self.can_be_resumed:
                raise
            raise Stopped(self.resuming) from error

    @property
    def resuming(self) -> str:
        """The command that resumes the run, or the Python call if it needs sentences in memory."""
        if self.passed:
            arguments = [repr(str(self.path)), *(f"{name}=..." for name in self.passed)]
            arguments += [f"out={self.output!r}"] if self.renamed else []
            return f"nertagger.training.resume({', '.join(arguments)})"
        out = ["--out", self.output] if self.renamed else []
        return f"{self.command} {shlex.join(['--resume', str(self.path), *out])}"

    @property
    def can_be_resumed(self) -> bool:
        """Whether there is a checkpoint, and the data can be read again, unlike those of a pipe."""
        return self.is_kept and (self.path / FILE_NAME).is_file() and all(map(os.path.isfile, self.inputs))


def _described(error: OSError | NerTaggerError, path: Path) -> str:
    if isinstance(error, NerTaggerError):  # says so itself
        return str(error)
    return f"{path}: cannot be written: {error.strerror or error}"


@contextmanager
def _made(*folders: Path) -> Iterator[None]:
    """Create missing folders, and remove them after the block if they are empty."""
    new: list[Path] = []
    try:
        for folder in folders:
            new += [path for path in (folder, *folder.parents) if not path.exists()]
            make_folder(folder)
        yield
    finally:
        for folder in sorted(new, key=lambda path: -len(path.parts)):
            with suppress(OSError):  # raised if the folder is not empty
                folder.rmdir()
