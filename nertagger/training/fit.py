"""The training run: epochs, dev scores, the best weights, learning from the dev split, stopping and going on."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import FrameType

import keras
import numpy as np

from nertagger.config import Config, read_config
from nertagger.errors import TrainingError
from nertagger.evaluation import Scores
from nertagger.features import Batch, WordVectors
from nertagger.files import atomic_write, make_folder
from nertagger.network.tagger import TaggerNetwork
from nertagger.runtime import Tagger
from nertagger.text.schemes import legal_transitions
from nertagger.training.checkpoint import Checkpoint, Progress
from nertagger.training.dataset import Dataset, load_dataset, with_dev
from nertagger.training.judge import Judge
from nertagger.training.package import model_members, save_model
from nertagger.training.reports import EpochRecord, Listener, LoggingListener, RunLog
from nertagger.training.schedule import Schedule, refit_rate
from nertagger.training.seeds import epoch_generator, make_deterministic
from nertagger.training.steps import AfterStep, make_optimizer, run_epoch
from nertagger.training.weights import WeightAverage, Weights, get_weights, set_weights, to_numpy

logger = logging.getLogger(__name__)


def train(
    config: Config | str | Path,
    *,
    listener: Listener | None = None,
    vectors_ahead: Callable[[], WordVectors] | None = None,
) -> Tagger:
    """Train a tagger and write its model file; what a run with the same seed and data does again, to the byte.

    Args:
        config: the run, or the TOML file that says it; ``output.model`` is the file to write, ``output.run`` the folder
            of log and checkpoint.
        listener: told of the progress; None sends a line an epoch to `logging`.
        vectors_ahead: gives the word vectors that `config` names, where they are being read already.

    Raises:
        NerTaggerError: if the data cannot be read, there is nothing to learn from, or the loss diverges.
        KeyboardInterrupt: after Ctrl-C, once the checkpoint is written from which `resume` goes on.
    """
    resolved = config if isinstance(config, Config) else read_config(config)
    return _Run(resolved, listener or LoggingListener(), vectors_ahead=vectors_ahead).finish()


def resume(folder: str | Path, *, listener: Listener | None = None) -> Tagger:
    """Go on with a run that was stopped, as if it had not been: the same weights come out.

    Args:
        folder: the run's folder, which holds its configuration and checkpoint.
        listener: as for `train`.

    Raises:
        TrainingError: if there is no checkpoint, or the data are not those that the run began with.
    """
    folder = Path(folder)
    if not (folder / "config.toml").is_file():
        raise TrainingError(f"{folder}: has no config.toml, expected the folder of a run, such as model.run")
    config = read_config(folder / "config.toml")
    return _Run(config, listener or LoggingListener(), Checkpoint.load(folder)).finish()


def run_folder(config: Config) -> Path:
    """The folder of a run's log, events and checkpoint."""
    return Path(config.output.run) if config.output.run else Path(config.output.model).with_suffix(".run")


def build_network(config: Config, dataset: Dataset) -> TaggerNetwork:
    """The network for this data with its weights at their start, compiled."""
    language = dataset.language if config.features.fine_tune else None
    tuned = None if language is None else (language.config, len(language.symbols))
    legal = legal_transitions(dataset.tags)
    network = TaggerNetwork(config, sizes=dataset.sizes, legal=legal, language=tuned, name="tagger")
    network.compile(optimizer=make_optimizer(config.training), jit_compile=False)  # XLA is slower on these loops
    batch = dataset.encoded.batch([0])
    network({**batch.words, **batch.context, "index": batch.index, "lengths": batch.lengths})
    if language is not None:
        begin = {f"context/{name}": array for name, array in language.weights.items()}
        set_weights(network, {**get_weights(network), **begin})
    network.optimizer.build(network.trainable_variables)
    return network


class _Run:
    """A run in progress."""

    def __init__(
        self,
        config: Config,
        listener: Listener,
        checkpoint: Checkpoint | None = None,
        *,
        vectors_ahead: Callable[[], WordVectors] | None = None,
    ) -> None:
        self.config, self.listener = config, listener
        self.folder = run_folder(config)
        make_folder(self.folder)
        make_deterministic(config.training.seed)
        self.dataset = load_dataset(config, on_vectors=listener.on_vectors, vectors_ahead=vectors_ahead)
        self.network = build_network(config, self.dataset)
        self.judge = Judge(config, self.dataset)
        first = self.dataset.encoded.sample(np.random.default_rng(0), skip_empty=config.training.skip_empty)
        self.progress = Progress(Schedule.begin(config.training, steps=self._steps(first)))
        self.average = WeightAverage(config.training.average, get_weights(self.network))
        self.best: Weights = {}
        self._stop_asked = False
        if checkpoint is not None:
            self._restore(checkpoint)
        else:
            with atomic_write(self.folder / "config.toml") as stream:
                stream.write(config.to_toml().encode())

    def finish(self) -> Tagger:
        """Train to the end and write the model file."""
        config, progress = self.config, self.progress
        log = RunLog(self.folder, from_epoch=progress.epoch)
        try:
            with self._stopping_cleanly():
                while not progress.schedule.is_over(progress.judged, config.training):
                    self._judged_epoch(log)
                verdict = self.judge.score(self.best, by_label=True, report=self.listener.on_search)
                if config.training.refit:
                    weights = self._refit(verdict.biases, log)
                else:
                    weights = self.judge.biased(self.best, verdict.biases)
        finally:
            log.close()
        metrics = {
            "epoch": progress.schedule.best_epoch,
            "epochs": progress.judged,
            "dev": verdict.scores.to_dict(),
            "entity_bias": verdict.biases,
            "refit": config.training.refit,
        }
        save_model(config.output.model, model_members(config, self.dataset, weights, metrics))
        return Tagger.load(config.output.model)

    def _judged_epoch(self, log: RunLog) -> None:
        """An epoch on the training split, and the dev scores of the weights after it."""
        progress = self.progress
        self.network.optimizer.learning_rate = progress.schedule.learning_rate
        began = time.perf_counter()
        speed = self._learn()
        scores = self.judge.score(self.average.weights).scores
        progress.seconds += time.perf_counter() - began
        best = self._epoch_scored(scores)
        self._close_epoch(log, self._record(speed, scores), best=best)

    def _refit(self, biases: dict[str, float], log: RunLog) -> Weights:
        """The weights after learning on, from the dev split too, with steps that become ever smaller.

        Once the dev split has judged it is worth more as text to learn from: it is often closer to the text to be
        tagged than the training split is, and there is never too much of it. Nothing judges these epochs: how many
        there are is a setting, and the dev scores are those from before. They go on from the last epoch, not from the
        best: what it learned since that is no loss once more text and smaller steps have set it right.
        """
        progress = self.progress
        self.dataset = with_dev(self.dataset)
        if not progress.refit:
            progress.refit = 1
            start = self.judge.biased(self.average.weights, biases)
            set_weights(self.network, start)
            self.average = WeightAverage(self.config.training.average, start, step=self.average.step)
        while progress.refit <= self.config.training.refit:
            began = time.perf_counter()
            speed = self._learn()
            progress.seconds += time.perf_counter() - began
            progress.refit += 1
            self._close_epoch(log, self._record(speed))
        return self.average.weights

    def _learn(self) -> float:
        """What is left of the epoch in progress; returns the tokens a second.

        Raises:
            KeyboardInterrupt: after Ctrl-C, once the checkpoint is written.
        """
        progress, data, config = self.progress, self.dataset.encoded, self.config.training
        members = self._members(epoch_generator(config.seed, progress.epoch))
        steps, before = self._steps(members), progress.step
        began = time.perf_counter()
        if before < steps:  # else the run was stopped right before the epoch's end
            run_epoch(
                self.network,
                lambda: self._batches(before),
                steps=steps - before,
                example=data.batch([0]),
                after=self._after_step(before, steps),
            )
        seconds = time.perf_counter() - began
        if self._stop_asked:
            progress.seconds += seconds
            self._checkpoint().save(self.folder)
            raise KeyboardInterrupt
        return float(data.lengths[members].sum()) * (progress.step - before) / steps / seconds

    def _steps(self, members: np.ndarray) -> int:
        """How many batches the sentences of an epoch are."""
        return -(-len(members) // self.config.training.batch_size)

    def _members(self, generator: np.random.Generator) -> np.ndarray:
        """The numbers of the sentences of the epoch in progress, in random order."""
        return self.dataset.encoded.sample(generator, skip_empty=self.config.training.skip_empty)

    def _batches(self, done: int) -> Iterator[Batch]:
        config = self.config.training
        generator = epoch_generator(config.seed, self.progress.epoch)
        batches = self.dataset.encoded.batches(
            config.batch_size, generator, members=self._members(generator), lower_case=config.lower_case
        )
        return islice(batches, done, None)

    def _after_step(self, before: int, steps: int) -> AfterStep:
        progress, config = self.progress, self.config.training

        def set_rate() -> None:
            if progress.refit and progress.step < steps:  # behind the last step, the log tells of that step's
                done = progress.refit - 1 + progress.step / steps
                self.network.optimizer.learning_rate = refit_rate(config, done)

        def report(done: int, loss: float) -> bool:
            self.average.update(self.network)
            progress.step, progress.loss = before + done, progress.loss + loss
            set_rate()
            self.listener.on_step(progress.epoch, progress.step, steps, progress.loss / progress.step)
            return self._stop_asked

        set_rate()
        return AfterStep(report, place=f"epoch {progress.epoch}")

    def _epoch_scored(self, scores: Scores) -> bool:
        progress = self.progress
        best = progress.schedule.epoch_done(progress.epoch, scores.micro.f1, self.config.training)
        if best:
            self.best = {name: array.copy() for name, array in self.average.weights.items()}
        return best

    def _record(self, tokens_per_second: float, scores: Scores | None = None) -> EpochRecord:
        """The record of the epoch that is over; `scores` are those of the dev split, where it has judged."""
        progress = self.progress
        record: EpochRecord = {
            "epoch": progress.epoch,
            "loss": progress.loss / max(progress.step, 1),
            "learning_rate": float(self.network.optimizer.learning_rate),
            "tokens_per_second": round(tokens_per_second, 1),
            "seconds": round(progress.seconds, 2),
        }
        if scores is not None:
            record["dev_f1"] = scores.micro.f1
            record["dev_precision"], record["dev_recall"] = scores.micro.precision, scores.micro.recall
            record["best_dev_f1"] = progress.schedule.best_f1
        return record

    def _close_epoch(self, log: RunLog, record: EpochRecord, *, best: bool = False) -> None:
        log.write(record)  # before the checkpoint: going on removes lines that are too new, and cannot add any
        progress = self.progress
        progress.epoch, progress.step, progress.loss = progress.epoch + 1, 0, 0.0
        self._checkpoint().save(self.folder)
        self.listener.on_epoch(record, best=best)

    def _variables(self) -> list[keras.Variable]:
        return [*self.network.variables, *self.network.optimizer.variables]

    def _checkpoint(self) -> Checkpoint:
        variables = [to_numpy(variable) for variable in self._variables()]
        return Checkpoint(self.progress, variables, self.average.weights, self.average.step, self.best)

    def _restore(self, checkpoint: Checkpoint) -> None:
        variables = self._variables()
        if [v.shape for v in checkpoint.variables] != [tuple(v.shape) for v in variables]:
            raise TrainingError(f"{self.folder}: the data have changed since this run began; train anew")
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self.progress, self.best = checkpoint.progress, checkpoint.best
        self.average = WeightAverage(self.config.training.average, checkpoint.average, step=checkpoint.average_steps)

    @contextmanager
    def _stopping_cleanly(self) -> Iterator[None]:
        """The first Ctrl-C ends the step in progress, the second one stops at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def ask(number: int, frame: FrameType | None) -> None:
            if self._stop_asked:
                raise KeyboardInterrupt
            self._stop_asked = True

        before = signal.signal(signal.SIGINT, ask)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
