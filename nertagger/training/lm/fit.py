"""The run of a language model: steps, looks at the held-out text, the best weights, stopping and going on."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import numpy as np

from nertagger.errors import TrainingError
from nertagger.files import atomic_write
from nertagger.lm_config import LanguageModelConfig, parse_lm_config
from nertagger.training.interrupts import Interrupts
from nertagger.training.lm.checkpoint import LanguageCheckpoint, LanguageProgress
from nertagger.training.lm.reports import (
    CheckRecord,
    LanguageListener,
    LoggingLanguageListener,
    append_record,
    bits,
    drop_records_after,
)
from nertagger.training.lm.step import Learner, State
from nertagger.training.lm.stream import TextStream, Window, cut
from nertagger.training.seeds import make_deterministic
from nertagger.training.weights import Weights, get_weights, to_numpy

_WARM_UP = 100  # steps in which the step size rises, or a tenth of the run
_ROUNDING = 1e-2  # nats a symbol
_EXPLODED = 50.0  # nats a symbol; a network that knows nothing has the logarithm of the number of symbols
_LEAST_LANE = 1000  # symbols of a lane of held-out text: what a lane's beginning lacks is soon made up for


def train_lm(config: LanguageModelConfig, *, listener: LanguageListener | None = None) -> Path:
    """Train a language model and write its file; returns its path.

    Raises:
        NerTaggerError: if the text cannot be read, is too short, or the loss diverges.
        KeyboardInterrupt: after Ctrl-C, once the checkpoint is written from which `resume_lm` goes on.
    """
    return _LanguageRun(config, listener or LoggingLanguageListener()).finish()


def resume_lm(folder: str | Path, *, listener: LanguageListener | None = None) -> Path:
    """Go on with a run that was stopped, as if it had not been: the same file comes out.

    Raises:
        TrainingError: if there is no checkpoint, or the text is not what the run began with.
    """
    folder = Path(folder)
    path = folder / "config.toml"
    if not path.is_file():
        raise TrainingError(f"{folder}: has no config.toml, expected the folder of a run, such as model.run")
    config = parse_lm_config(path.read_text(encoding="utf-8"), source=str(path))
    return _LanguageRun(config, listener or LoggingLanguageListener(), LanguageCheckpoint.load(folder)).finish()


def run_folder(config: LanguageModelConfig) -> Path:
    """The folder of a run's log and checkpoint."""
    return Path(config.model).with_suffix(".run")


def learning_rate(progress: LanguageProgress, config: LanguageModelConfig) -> float:
    """The next step's size: a short rise, then half a cosine down to nothing (Loshchilov and Hutter 2017)."""
    rise = min(1.0, (progress.step + 1) / min(_WARM_UP, max(config.steps // 10, 1)))
    return config.learning_rate * rise * 0.5 * (1 + math.cos(math.pi * min(done(progress, config), 1.0)))


def done(progress: LanguageProgress, config: LanguageModelConfig) -> float:
    """Which part of the run is over: of its steps, or of its time where that has a limit and is the greater part."""
    of_steps = progress.step / config.steps
    return max(of_steps, progress.seconds / config.seconds) if config.seconds else of_steps


class _LanguageRun:
    """A run in progress."""

    def __init__(
        self, config: LanguageModelConfig, listener: LanguageListener, checkpoint: LanguageCheckpoint | None = None
    ) -> None:
        self.config, self.listener = config, listener
        self.folder = run_folder(config)
        self.folder.mkdir(parents=True, exist_ok=True)
        make_deterministic(config.seed)
        self.text = TextStream(config)
        self.learner = Learner(config, len(self.text.symbols))
        self.state = self.learner.start(config.lanes)
        self.progress = LanguageProgress(loss=dict.fromkeys(config.directions, 0.0))
        self.best: Weights = {}
        if checkpoint is not None:
            self._restore(checkpoint)
        else:
            with atomic_write(self.folder / "config.toml") as stream:
                stream.write(config.to_toml().encode())
        drop_records_after(self.folder, self.progress.step)

    def finish(self) -> Path:
        """Train to the end and write the model file."""
        from nertagger.training.lm.package import save_language_model

        began = time.perf_counter() - self.progress.seconds
        with Interrupts() as interrupts:
            for window in islice(self.text.windows(), self.progress.step, self.config.steps):
                if done(self.progress, self.config) >= 1:
                    break
                self._step(window)
                self.progress.seconds = time.perf_counter() - began
                if self.progress.step % self.config.check_every == 0 or done(self.progress, self.config) >= 1:
                    self._check()
                if interrupts.asked:
                    self._checkpoint().save(self.folder)
                    raise KeyboardInterrupt
        return save_language_model(self.config, self.text.symbols, self.best, self.progress)

    def _step(self, window: Window) -> None:
        state = self.learner.start(self.config.lanes) if window.is_fresh else self.state
        rate = learning_rate(self.progress, self.config)
        losses, self.state = self.learner.learn(window, state, learning_rate=rate)
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
        """Look at the held-out text, keep the weights if they are the best, and write the checkpoint."""
        progress, config = self.progress, self.config
        losses = held_out_loss(self.learner, self.text.held_out, config)
        loss = float(np.mean(list(losses.values())))
        best = not progress.best_step or loss < progress.best_loss
        if best:
            progress.best_loss, progress.best_step, progress.held_out = loss, progress.step, losses
            self.best = _named_weights(self.learner)
        record = self._record(losses)
        append_record(self.folder, record)
        progress.loss = dict.fromkeys(config.directions, 0.0)
        self._checkpoint().save(self.folder)
        self.listener.on_check(record, best=best)

    def _record(self, losses: Mapping[str, float]) -> CheckRecord:
        progress, config = self.progress, self.config
        steps = (progress.step - 1) % config.check_every + 1
        symbols = progress.step * config.lanes * config.window
        return CheckRecord(
            step=progress.step,
            symbols=symbols,
            train_bits=bits({name: loss / steps for name, loss in progress.loss.items()}),
            held_out_bits=bits(dict(losses)),
            learning_rate=float(self.learner.optimizer.learning_rate),
            symbols_per_second=round(symbols / progress.seconds, 1),
            seconds=round(progress.seconds, 2),
        )

    def _checkpoint(self) -> LanguageCheckpoint:
        variables = [to_numpy(variable) for variable in self.learner.variables]
        return LanguageCheckpoint(self.progress, variables, dict(self.state), self.best)

    def _restore(self, checkpoint: LanguageCheckpoint) -> None:
        variables = self.learner.variables
        if [v.shape for v in checkpoint.variables] != [tuple(v.shape) for v in variables]:
            raise TrainingError(f"{self.folder}: the text has changed since this run began; train anew")
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self.progress, self.state, self.best = checkpoint.progress, checkpoint.state, checkpoint.best


def held_out_loss(learner: Learner, ids: np.ndarray, config: LanguageModelConfig) -> dict[str, float]:
    """The mean loss of each direction over a text, in nats a symbol; (N + 1,) ids, the first an end."""
    count = max(1, min(config.lanes, len(ids) // _LEAST_LANE))
    state: State = learner.start(count)
    sums, length = dict.fromkeys(config.directions, 0.0), 0
    for window in cut(ids, config, count=count):
        losses, state = learner.judge(window, state)
        steps = len(next(iter(window.inputs.values())))
        length += steps
        for name, loss in losses.items():
            sums[name] += loss * steps
    return {name: total / length for name, total in sums.items()}


def _named_weights(learner: Learner) -> Weights:
    """Every weight by direction and name, such as ``forward/layer0/kernel``."""
    networks = learner.networks.items()
    return {f"{name}/{key}": array for name, network in networks for key, array in get_weights(network).items()}
