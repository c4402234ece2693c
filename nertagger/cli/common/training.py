"""Shared by the commands that train: options, the configuration they state, and the training itself."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from nertagger.cli.common.inputs import expect_files, refuse_streams
from nertagger.cli.common.options import Encoding, Format, Lenient, TagColumn, WordColumn
from nertagger.cli.common.parser import SETTING, Argument, Option, UsageError
from nertagger.config import Config, Preset
from nertagger.config.overrides import Override
from nertagger.files import archive_kind

if TYPE_CHECKING:
    from nertagger.experiments import Shared
    from nertagger.experiments.runs import Train
    from nertagger.runtime import Tagger
    from nertagger.text.document import Document
    from nertagger.training import Workers
    from nertagger.training.loop.reports import Listener

ConfigFile = Annotated[Path | None, Argument(help="the configuration, a TOML file (see nertagger init)")]

_SETTINGS = {
    "preset": "preset",
    "train": "data.train",
    "dev": "data.dev",
    "test": "data.test",
    "encoder": "encoder.source",
    "vectors": "words.vectors",
    "gazetteer": "features.gazetteers",
    "seed": "training.seed",
    "out": "output.model",
    "format": "data.format",
    "word_column": "data.word_column",
    "tag_column": "data.tag_column",
    "encoding": "data.encoding",
    "lenient": "data.lenient",
}
"""The settings that options have a name of their own for."""


@dataclass(frozen=True)
class RunOptions:
    """The options of all commands that train."""

    preset: Annotated[
        Preset | None,
        Option(help="a set of settings: fast, default, or accurate (a committee of two); other options override it"),
    ] = None
    encoder: Annotated[
        str | None,
        Option(
            metavar="ENCODER",
            help="what to start from: english, a file NAME.enc or NAME.ner, or none; by default English if the text is",
        ),
    ] = None
    vectors: Annotated[str | None, Option(metavar="FILE", help="word vectors: GloVe, word2vec or fastText")] = None
    gazetteer: Annotated[
        list[str] | None,
        Option(metavar="FILE", help="names as an input: lines name TAB label; may be repeated"),
    ] = None
    seed: Annotated[int | None, Option(min=0, help="random seed, the first one if there are several")] = None
    format: Format = None
    word_column: WordColumn = None
    tag_column: TagColumn = None
    encoding: Encoding = None
    lenient: Lenient = False
    settings: Annotated[
        list[str] | None, Option("--set", metavar=SETTING, help="any other setting; may be repeated")
    ] = None


NO_OPTIONS = RunOptions()


@dataclass(frozen=True)
class SharingOptions:
    """The options of commands whose runs several processes share."""

    storage: Annotated[
        str | None,
        Option(
            metavar="URL",
            help="share the runs with all processes that are given the same storage: postgresql://USER@HOST/DATABASE, "
            "another database, or journal:FILE on a disk that all of them see",
        ),
    ] = None
    lease: Annotated[
        float,
        Option(min=1, metavar="SECONDS", help="time without a sign of life after which others take up a run again"),
    ] = 120.0

    def shared(self, study: str | None, *, default: str) -> Shared | None:
        """Return the study that is shared, of this name or of the default one; None without a storage.

        Raises:
            UsageError: if there is a name or a lease without a storage.
        """
        if self.storage is None:
            if study is not None:
                raise UsageError("--study names runs in a --storage; pass that too")
            if self.lease != NO_SHARING.lease:
                raise UsageError("--lease is for runs that are shared; name the --storage too")
            return None
        from nertagger.experiments import Shared

        return Shared(self.storage, study or default, self.lease)


NO_SHARING = SharingOptions()
StudyName = Annotated[str | None, Option(metavar="NAME", help="with --storage: the name of these runs in it")]


@dataclass(frozen=True)
class WorkerOptions:
    """Which processes train together."""

    processes: Annotated[
        int, Option(min=1, help="train by this many processes on this machine, each with its part of larger batches")
    ] = 1
    workers: Annotated[
        str | None,
        Option(metavar="HOST:PORT,...", help="train by processes on several machines: where each of them listens"),
    ] = None
    worker: Annotated[
        int | None, Option(min=1, help="with --workers: which of them this process is; the first writes the files")
    ] = None

    @property
    def addresses(self) -> list[str]:
        """The ``host:port`` of each process; empty if none are named.

        Raises:
            UsageError: if the options contradict each other.
        """
        if self.workers is None:
            if self.worker is not None:
                raise UsageError("--worker is one of --workers; name them too")
            return []
        found = self.workers.split(",")
        for address in found:
            host, _, port = address.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
                raise UsageError(f"--workers: got {address!r}, expected HOST:PORT,HOST:PORT,...")
        if len(set(found)) < max(2, len(found)):
            raise UsageError(f"--workers: got {self.workers}, expected two different addresses or more")
        if self.worker is None or self.worker > len(found):
            raise UsageError(f"--workers: pass --worker N too, from 1 to {len(found)}: which of them this process is")
        if self.processes > 1:
            raise UsageError("--processes is for a single machine and --workers for several; leave one of them out")
        return found

    @contextmanager
    def joined(self, wanted: Config | Path, *, note: Callable[[str], None]) -> Iterator[Workers]:
        """Provide the processes that train together, and start those on this machine.

        Args:
            wanted: the training, or the folder of a run to resume.
            note: called with a line that says which process writes the files, if there are several.
        """
        addresses = self.addresses
        from nertagger import training

        if not addresses and self.processes == 1:
            yield training.ALONE
            return
        if addresses and self.worker:
            first = "this process writes" if self.worker == 1 else f"the first one, {addresses[0]}, writes"
            note(f"process {self.worker} of {len(addresses)}: {first} the files; waiting for the others")
            yield training.connect(addresses, self.worker - 1)
            return
        note(f"process 1 of {self.processes}: this process writes the files")
        with training.local_workers(self.processes, wanted) as workers:
            yield workers


ONE_PROCESS = WorkerOptions()


def resolve(
    config: Path | None,
    options: RunOptions,
    *,
    train: Sequence[str] | None,
    dev: Sequence[str] | None = None,
    test: Sequence[str] | None = None,
    out: str | None = None,
) -> Config:
    """Return the configuration that a command line states: that of a file, or the defaults, and what options change.

    Raises:
        UsageError: if there is nothing to train on, or it is a stream.
        ConfigError: if a setting is wrong.
    """
    if config is None and train is None:
        raise UsageError("nothing to train on; pass a configuration, or --train FILE")
    if config is not None:
        _expect_settings(config)
    values = {**vars(options), "train": train, "dev": dev, "test": test, "out": out}
    overrides: list[Override | str] = [*_overrides(values), *(options.settings or [])]
    found = Config.from_values({}, overrides) if config is None else Config.from_file(config, overrides)
    if not found.data.train:  # said before TensorFlow is loaded, which takes seconds
        raise UsageError(f"{config}: data.train names no file to train on; set it, or pass --train FILE")
    if not found.output.model:
        raise UsageError("output.model is empty; name the model file to write, or pass --out FILE")
    refuse_streams((*found.data.train, *found.data.dev), "training must be able to resume")
    expect_files((*found.data.train, *found.data.dev, *found.data.test))
    return found


def _overrides(values: dict[str, Any]) -> Iterator[Override]:
    """Yield the settings that options set, by the options' names."""
    for name, setting in _SETTINGS.items():
        if values[name] is not None and values[name] is not False:
            yield Override(setting, values[name], f"--{name.replace('_', '-')}")


def _expect_settings(path: Path) -> None:
    """Raise UsageError if a file cannot be a configuration, with the option that was probably meant."""
    if path.is_dir():
        meant = f"did you mean --resume {path}?" if (path / "config.toml").is_file() else "name the file in it"
        raise UsageError(f"{path}: is a folder, expected a configuration (see nertagger init); {meant}")
    if kind := archive_kind(path):
        raise UsageError(f"{path}: is {kind}, expected a configuration (see nertagger init)")
    if path.suffix != ".toml" and path.is_file() and not _is_toml(path):
        raise UsageError(f"{path}: is not a configuration (see nertagger init); did you mean --train {path}?")


def _is_toml(path: Path) -> bool:
    try:
        tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError):
        return False
    return True


def trainer(listener: Listener) -> Train:
    """Return the function that trains a configuration and reports to `listener`.

    Raises:
        MissingExtraError: if the packages that training needs are not installed.
    """
    from nertagger import training

    def train(config: Config, *, train: Sequence[Document] | None = None) -> Tagger:
        return training.train(config, train=train, listener=listener)

    return train
