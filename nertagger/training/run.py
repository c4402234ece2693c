"""Training a tagger, and resuming a training that was stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nertagger.companions import checked_run_folder, tagger_run_folder
from nertagger.config import Config
from nertagger.errors import ConfigError, TrainingError
from nertagger.features import WordVectors
from nertagger.files import check_output
from nertagger.runtime import Tagger
from nertagger.text.arguments import shown
from nertagger.training.loop.checkpoint import COMMAND, Checkpoint
from nertagger.training.loop.reports import Listener, listening
from nertagger.training.loop.run_folder import CONFIG_NAME, RunFolder
from nertagger.training.loop.workers import ALONE, Workers
from nertagger.training.splits import IN_MEMORY, Passed, Split, take_splits
from nertagger.training.tagger_run import TaggerRun


def train(
    config: Config | Mapping[str, Any] | str | os.PathLike[str] | None = None,
    *,
    train: Split | None = None,
    dev: Split | None = None,
    test: Split | None = None,
    out: str | os.PathLike[str] | None = None,
    listener: Listener | None = None,
    vectors_ahead: Callable[[], WordVectors] | None = None,
    verbose: bool | None = None,
    workers: Workers = ALONE,
) -> Tagger:
    """Train a tagger on annotated sentences and return it; the same seed and data give the same model.

    Each of `train`, `dev` and `test` is a path, a list of paths, or sentences in memory: a list of `Sentence`, of
    `Document`, of pairs of words and tags, or of rows as `nertagger.corpus.read_rows` takes them. The model card and
    the log give only the number of sentences in memory; a run on them can be resumed with the same sentences.

    Args:
        config: the settings: a `Config`, a TOML file, or a dict by dotted name or section; None for the defaults.
        train: the sentences to train on, in place of ``data.train`` of the configuration.
        dev: the sentences that each epoch is scored on, and that the last epochs train on too unless
            ``training.refit`` is 0; None to hold out every tenth training sentence.
        test: the sentences that the final model is scored on, once.
        out: the model file to write, in place of ``output.model``. Log and checkpoint go into a folder beside it. If
            neither is set, a training with `train` writes no file; `Tagger.save` can write the model later.
        listener: receives the progress, in place of what `verbose` asks for.
        vectors_ahead: returns the word vectors that `config` names, if they are being read already.
        verbose: True shows progress on standard error; False sends one line per epoch to `logging` instead; None shows
            progress in a terminal or notebook only.
        workers: the processes that train together, as `connect` gives them; the first one writes the files.

    Raises:
        NerTaggerError: if the data cannot be read, the model cannot be written, there is nothing to train on, another
            run uses the folder, or the loss diverges.
        Stopped: after Ctrl-C, once the checkpoint is written from which `resume` continues; a KeyboardInterrupt.

    >>> sentences = [(["Ann", "saw", "Oslo"], ["B-PER", "O", "B-LOC"])] * 20
    >>> tagger = train(train=sentences, config={"training.epochs": 1})  # doctest: +SKIP
    >>> tagger.tag_tokens([["Ann"]])  # doctest: +SKIP
    [['B-PER']]
    """
    resolved, passed = take_splits(_config(config), {"train": train, "dev": dev, "test": test})
    if out is None and train is not None and "model" not in resolved.output.model_fields_set:
        out = ""
    resolved = _with_output(resolved, out, workers)
    command = COMMAND + workers.options
    with _folder(resolved, passed, command) as folder, _held(folder, workers, listener, verbose) as told:
        return TaggerRun(resolved, told, folder, passed=passed, vectors_ahead=vectors_ahead, workers=workers).finish()


def resume(
    folder: str | Path,
    *,
    train: Split | None = None,
    dev: Split | None = None,
    test: Split | None = None,
    out: str | os.PathLike[str] | None = None,
    listener: Listener | None = None,
    verbose: bool | None = None,
    workers: Workers = ALONE,
) -> Tagger:
    """Continue a run that was stopped; the result is the same as without the stop.

    Args:
        folder: the run's folder, which holds its configuration and checkpoint.
        train, dev, test: splits that were in memory, again; or where their files are now.
        out: the model file to write; None for that of the configuration.
        listener, verbose, workers: as for `train`; all processes read the folder.

    Raises:
        TrainingError: if there is no checkpoint, settings or data are not those that the run began with, or
            sentences that were in memory are not given again.
    """
    path = Path(folder)
    if not (path / CONFIG_NAME).is_file():
        raise TrainingError(f"{path}: has no {CONFIG_NAME}, expected the folder of a run, such as model.run")
    checkpoint = Checkpoint.load(path)  # names the kind of another kind of run, before its configuration is read
    config, passed = take_splits(Config.from_file(path / CONFIG_NAME), {"train": train, "dev": dev, "test": test})
    config = _with_output(config, out, workers)
    with ExitStack() as stack:
        if workers.is_first:
            named = _output(config, path)
            command = COMMAND + workers.options
            run = RunFolder(path, named, _inputs(config), command, renamed=out is not None, passed=tuple(passed))
        else:
            run = stack.enter_context(_folder(config, passed, COMMAND))
        told = stack.enter_context(_held(run, workers, listener, verbose))
        return TaggerRun(config, told, run, passed=passed, checkpoint=checkpoint, workers=workers).finish()


def run_folder(config: Config) -> Path:
    """Return the folder of a run's log, events and checkpoint.

    Raises:
        TrainingError: if it holds a run of another kind.
    """
    folder = Path(config.output.run) if config.output.run else tagger_run_folder(config.output.model)
    return checked_run_folder(folder, "tagger")


def _config(config: Config | Mapping[str, Any] | str | os.PathLike[str] | None) -> Config:
    if isinstance(config, Config):
        return config
    if isinstance(config, str | os.PathLike):
        return _config_file(Path(config))
    if config is None or isinstance(config, Mapping):
        return Config().updated(config or {}, source="config")
    raise ConfigError(f"config: got {shown(config)}, expected a Config, the path of a TOML file, or a dict of settings")


def _config_file(path: Path) -> Config:
    try:
        return Config.from_file(path)
    except ConfigError as error:
        if path.suffix == ".toml":
            raise
        raise ConfigError(f"{error}; annotated text is passed by name, train=...") from error


def _with_output(config: Config, out: str | os.PathLike[str] | None, workers: Workers) -> Config:
    """Return the configuration with another model file if one is named; with no files for all but the first worker."""
    if not workers.is_first:
        return config.updated({"output.model": "", "output.run": ""})
    return config if out is None else config.updated({"output.model": os.fspath(out)})


@contextmanager
def _folder(config: Config, passed: Passed, command: str) -> Iterator[RunFolder]:
    """Open the folder of a new run; a temporary one if the configuration names neither a model file nor a folder."""
    if config.output.model:
        check_output(config.output.model, folder_is_made=True)
    if config.output.model or config.output.run:
        path = run_folder(config)
        yield RunFolder(path, _output(config, path), _inputs(config), command, passed=tuple(passed))
        return
    with TemporaryDirectory() as temporary:
        path = Path(temporary)
        yield RunFolder(path, _output(config, path), _inputs(config), command, is_kept=False)


@contextmanager
def _held(folder: RunFolder, workers: Workers, listener: Listener | None, verbose: bool | None) -> Iterator[Listener]:
    """Hold the folder of a run while all workers train, and provide the listener."""
    with folder.held(), listening(listener, verbose) as told, workers.expected():
        yield told


def _output(config: Config, folder: Path) -> str:
    """Return the model file to write; if none is named, one in the folder, which is never written."""
    return config.output.model or str(folder / "model.ner")


def _inputs(config: Config) -> list[str]:
    """Return the files that a run reads."""
    encoder = config.encoder.source if config.encoder.is_named else ""
    single = (encoder, config.words.vectors, config.features.language_model)
    several = (config.data.train, config.data.dev, config.data.test, config.encoder.replay, config.features.gazetteers)
    paths = [*chain.from_iterable(several), *filter(None, single)]
    return [path for path in paths if path != IN_MEMORY]
