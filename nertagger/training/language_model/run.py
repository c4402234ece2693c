"""The run of a language model: steps, evaluation on held-out text, the best weights, stopping and resuming."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import numpy as np

from nertagger.companions import checked_run_folder, language_model_run_folder
from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import TrainingError
from nertagger.files import STANDARD_STREAM, check_output
from nertagger.modelfile.schema import tensor_name
from nertagger.progress.records import CheckRecord
from nertagger.training.language_model.checkpoint import COMMAND, LanguageCheckpoint, LanguageProgress
from nertagger.training.language_model.learner import Learner, State
from nertagger.training.language_model.reports import LanguageListener, LoggingLanguageListener, bits
from nertagger.training.language_model.stream import TextStream, Window, cut
from nertagger.training.loop.checkpoint_file import FILE_NAME, assign_variables
from nertagger.training.loop.fingerprint import SETTINGS, Fingerprint, check_unchanged, digest_files, digest_values
from nertagger.training.loop.interrupts import Interrupts
from nertagger.training.loop.json_log import LOG_NAME, append_record, keep_records
from nertagger.training.loop.run_folder import CONFIG_NAME, RunFolder
from nertagger.training.loop.seeds import make_deterministic
from nertagger.training.loop.weights import Weights, get_weights, to_numpy

_WARM_UP = 100  # steps in which the learning rate rises, or a tenth of the run
_ROUNDING = 1e-2  # nats per symbol
_EXPLODED = 50.0  # nats per symbol; an untrained network has the logarithm of the number of symbols
_SHORTEST_STREAM = 1000  # symbols of a batch stream of held-out text, so that its start hardly counts


def train_lm(config: LanguageModelConfig, *, listener: LanguageListener | None = None) -> Path:
    """Train a language model and write its file; returns its path.

    Raises:
        NerTaggerError: if the text cannot be read, is too short, the model cannot be written, another run is at work in
            the folder, or the loss diverges.
        Stopped: after Ctrl-C, once the checkpoint is written from which `resume_lm` continues; a KeyboardInterrupt.
    """
    check_output(config.model, folder_is_made=True)
    folder = RunFolder(run_folder(config), config.model, _inputs(config), COMMAND)
    with folder.held():
        return _LanguageRun(config, listener or LoggingLanguageListener(), folder).finish()


def resume_lm(folder: str | Path, *, out: str | None = None, listener: LanguageListener | None = None) -> Path:
    """Resume a run that was stopped; the result is the same file as without the stop.

    Args:
        folder: the run's folder, which holds its settings and checkpoint, and where these are written again.
        out: the model file to write; None for that of the settings.
        listener: as for `train_lm`.

    Raises:
        TrainingError: if there is no checkpoint, or settings or text are not what the run began with.
    """
    path = Path(folder)
    if not (path / CONFIG_NAME).is_file():
        raise TrainingError(f"{path}: has no {CONFIG_NAME}, expected the folder of a run, such as model.lm.run")
    checkpoint = LanguageCheckpoint.load(path)  # names the kind of another kind of run, before its settings are read
    config = LanguageModelConfig.from_stored(
        (path / CONFIG_NAME).read_text(encoding="utf-8"), source=str(path / CONFIG_NAME)
    )
    config = config if out is None else config.updated({"model": out})
    run = RunFolder(path, config.model, _inputs(config), COMMAND, renamed=out is not None)
    with run.held():
        return _LanguageRun(config, listener or LoggingLanguageListener(), run, checkpoint=checkpoint).finish()


def _inputs(config: LanguageModelConfig) -> list[str]:
    """Return the files that a run reads.

    Raises:
        TrainingError: if one can be read only once.
    """
    paths = [*config.text, *filter(None, [config.dev])]
    for path in paths:
        if path == STANDARD_STREAM or (os.path.exists(path) and not os.path.isfile(path)):
            raise TrainingError(f"{path}: is no file, and the text is read more than once; save it in a file")
    return paths


def run_folder(config: LanguageModelConfig) -> Path:
    """Return the folder of a run's log and checkpoint.

    Raises:
        TrainingError: if it holds a run of another kind.
    """
    return checked_run_folder(language_model_run_folder(config.model), "language model")


def learning_rate(progress: LanguageProgress, config: LanguageModelConfig) -> float:
    """Return the next learning rate: a short rise, then half a cosine down to 0 (Loshchilov and Hutter 2017)."""
    rise = min(1.0, (progress.step + 1) / min(_WARM_UP, max(config.steps // 10, 1)))
    return config.learning_rate * rise * 0.5 * (1 + math.cos(math.pi * min(done(progress, config), 1.0)))


def done(progress: LanguageProgress, config: LanguageModelConfig) -> float:
    """Return the fraction of the run that is over, by steps or, if time is limited and further on, by time."""
    of_steps = progress.step / config.steps
    return max(of_steps, progress.seconds / config.seconds) if config.seconds else of_steps


def language_fingerprint(config: LanguageModelConfig) -> Fingerprint:
    """Return the fingerprint of a run: it depends on the contents of files, not on their paths."""
    found = {
        SETTINGS: digest_values(config.model_dump(exclude={"text", "dev", "model"})),
        "the text": digest_files(config.text),
    }
    return found | ({"the held-out text": digest_files([config.dev])} if config.dev else {})


class _LanguageRun:
    """A run in progress."""

    def __init__(
        self,
        config: LanguageModelConfig,
        listener: LanguageListener,
        folder: RunFolder,
        *,
        checkpoint: LanguageCheckpoint | None = None,
    ) -> None:
        self.config, self.listener, self.folder = config, listener, folder
        make_deterministic(config.seed)
        self.text = TextStream(config)
        self.fingerprint = language_fingerprint(config)
        if checkpoint is not None:
            check_unchanged(folder.path, checkpoint.fingerprint, self.fingerprint)
        self.learner = Learner(config, len(self.text.symbols))
        self.state = self.learner.start(config.batch_size)
        self.progress = LanguageProgress(loss=dict.fromkeys(config.directions, 0.0))
        self.best: Weights = {}
        if checkpoint is not None:
            self._restore(checkpoint)
        else:
            folder.begin(config.to_toml())
            self._save()  # what can be written now can be written later, and Ctrl-C loses nothing from here on
        folder.check_space(2 * sum(array.nbytes for array in _named_weights(self.learner).values()))

    def finish(self) -> Path:
        """Train to the end and write the model file."""
        from nertagger.training.language_model.model_writing import save_language_model

        with self.folder.writing(LOG_NAME):
            keep_records(self.folder.path / LOG_NAME, "step", self.progress.step)
        began = time.perf_counter() - self.progress.seconds
        with self.folder.stopping(), Interrupts() as interrupts:
            for window in islice(self.text.windows(), self.progress.step, self.config.steps):
                if done(self.progress, self.config) >= 1:
                    break
                self._step(window)
                self.progress.seconds = time.perf_counter() - began
                if self.progress.step % self.config.evaluate_every == 0 or done(self.progress, self.config) >= 1:
                    self._check()
                if interrupts.asked:
                    self._save()
                    raise KeyboardInterrupt
            with self.folder.writing_output():
                return save_language_model(self.config, self.text.symbols, self.best, self.progress)

    def _step(self, window: Window) -> None:
        state = self.learner.start(self.config.batch_size) if window.is_fresh else self.state
        rate = learning_rate(self.progress, self.config)
        losses, self.state = self.learner.train(window, state, learning_rate=rate)
        self.progress.step += 1
        for name, loss in losses.items():
            if not -_ROUNDING <= loss <= _EXPLODED:  # nor is NaN
                raise TrainingError(
                    f"the loss is {loss:g} at step {self.progress.step}, {name}: training has diverged; "
                    "lower learning_rate or clip_at and train anew"
                )
            self.progress.loss[name] += loss
        mean = float(np.mean(list(losses.values())))
        self.listener.on_step(self.progress.step, self.config.steps, mean / math.log(2))

    def _check(self) -> None:
        """Evaluate on the held-out text, keep the weights if they are the best, and write the checkpoint."""
        progress, config = self.progress, self.config
        losses = held_out_loss(self.learner, self.text.held_out, config)
        loss = float(np.mean(list(losses.values())))
        best = not progress.best_step or loss < progress.best_loss
        if best:
            progress.best_loss, progress.best_step, progress.held_out = loss, progress.step, losses
            self.best = _named_weights(self.learner)
        record = self._record(losses)
        with self.folder.writing(LOG_NAME):
            append_record(self.folder.path / LOG_NAME, record)
        progress.loss = dict.fromkeys(config.directions, 0.0)
        self._save()
        self.listener.on_check(record, best=best)

    def _record(self, losses: Mapping[str, float]) -> CheckRecord:
        progress, config = self.progress, self.config
        steps = (progress.step - 1) % config.evaluate_every + 1
        symbols = progress.step * config.batch_size * config.window
        return CheckRecord(
            step=progress.step,
            symbols=symbols,
            train_bits=bits({name: loss / steps for name, loss in progress.loss.items()}),
            held_out_bits=bits(dict(losses)),
            learning_rate=float(self.learner.optimizer.learning_rate),
            symbols_per_second=round(symbols / progress.seconds, 1),
            seconds=round(progress.seconds, 2),
        )

    def _save(self) -> None:
        variables = [to_numpy(variable) for variable in self.learner.variables]
        state = LanguageCheckpoint(self.progress, variables, dict(self.state), self.best, self.fingerprint)
        with self.folder.writing(FILE_NAME):
            state.save(self.folder.path)

    def _restore(self, checkpoint: LanguageCheckpoint) -> None:
        assign_variables(self.learner.variables, checkpoint.variables, folder=self.folder.path)
        self.progress, self.state, self.best = checkpoint.progress, checkpoint.state, checkpoint.best


def held_out_loss(learner: Learner, ids: np.ndarray, config: LanguageModelConfig) -> dict[str, float]:
    """Return the mean loss of each direction over a text, (N + 1,) ids, the first an end, in nats per symbol."""
    count = max(1, min(config.batch_size, len(ids) // _SHORTEST_STREAM))
    state: State = learner.start(count)
    sums, length = dict.fromkeys(config.directions, 0.0), 0
    for window in cut(ids, config, count=count):
        losses, state = learner.evaluate(window, state)
        steps = len(next(iter(window.inputs.values())))
        length += steps
        for name, loss in losses.items():
            sums[name] += loss * steps
    return {name: total / length for name, total in sums.items()}


def _named_weights(learner: Learner) -> Weights:
    """Return every weight by direction and name, such as ``forward/layer0/kernel``."""
    networks = learner.networks.items()
    return {tensor_name(name, key): array for name, network in networks for key, array in get_weights(network).items()}
