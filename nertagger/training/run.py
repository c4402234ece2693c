"""The training run: epochs, dev scores, the best weights, learning from the dev split, stopping and going on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import keras
import numpy as np

from nertagger.companions import checked_run_folder, tagger_run_folder
from nertagger.config import Config
from nertagger.decoding.transitions import legal_transitions
from nertagger.errors import TrainingError
from nertagger.evaluation import Scores
from nertagger.features import Batch, WordVectors
from nertagger.files import check_output
from nertagger.modelfile.schema import Layer, MetricsKey, NetworkGraph, tensor_name
from nertagger.modelfile.writer import write_model
from nertagger.network.tagger import TaggerNetwork
from nertagger.runtime import Tagger
from nertagger.training.data import Dataset, load_dataset, read_test, with_dev
from nertagger.training.loop.checkpoint import COMMAND, Checkpoint, Progress
from nertagger.training.loop.checkpoint_file import FILE_NAME
from nertagger.training.loop.fingerprint import check_unchanged, fingerprint
from nertagger.training.loop.interrupts import Interrupts
from nertagger.training.loop.json_log import LOG_NAME
from nertagger.training.loop.reports import EpochRecord, Listener, RunLog, listening
from nertagger.training.loop.run_folder import CONFIG_NAME, RunFolder
from nertagger.training.loop.schedule import Schedule, refit_rate
from nertagger.training.loop.seeds import epoch_generator, make_deterministic
from nertagger.training.loop.steps import AfterStep, make_optimizer, run_epoch
from nertagger.training.loop.weights import WeightAverage, Weights, get_weights, set_weights, to_numpy
from nertagger.training.model_writing import model_members, model_size
from nertagger.training.selection.dev_scorer import Judge
from nertagger.training.split_checks import check_test
from nertagger.training.testing import score_members

logger = logging.getLogger(__name__)


def train(
    config: Config | str | Path,
    *,
    listener: Listener | None = None,
    vectors_ahead: Callable[[], WordVectors] | None = None,
    is_kept: bool = True,
    verbose: bool | None = None,
) -> Tagger:
    """Train a tagger and write its model file; what a run with the same seed and data does again, to the byte.

    Args:
        config: the run, or the TOML file that says it; ``output.model`` is the file to write, ``output.run`` the folder
            of log and checkpoint.
        listener: told of the progress, in place of what `verbose` asks for.
        vectors_ahead: gives the word vectors that `config` names, where they are being read already.
        is_kept: whether the run's folder is there afterwards, so that messages may say how to go on with the run.
        verbose: whether to show progress on standard error, with bars in a terminal or notebook; False sends one line
            per epoch to `logging` instead, None shows progress in a terminal or notebook alone.

    Raises:
        NerTaggerError: if the data cannot be read, the model cannot be written, there is nothing to learn from, another
            run is at work in the folder, or the loss diverges.
        Stopped: after Ctrl-C, once the checkpoint is written from which `resume` goes on; a KeyboardInterrupt.
    """
    resolved = config if isinstance(config, Config) else Config.from_file(config)
    check_output(resolved.output.model)
    folder = RunFolder(run_folder(resolved), resolved.output.model, _inputs(resolved), COMMAND, is_kept=is_kept)
    with folder.held(), listening(listener, verbose) as told:
        return _Run(resolved, told, folder, vectors_ahead=vectors_ahead).finish()


def resume(
    folder: str | Path, *, out: str | None = None, listener: Listener | None = None, verbose: bool | None = None
) -> Tagger:
    """Go on with a run that was stopped, as if it had not been: the same weights come out.

    Args:
        folder: the run's folder, which holds its configuration and checkpoint, and where these are written again.
        out: the model file to write; None for that of the configuration.
        listener, verbose: as for `train`.

    Raises:
        TrainingError: if there is no checkpoint, or settings or data are not those that the run began with.
    """
    path = Path(folder)
    if not (path / CONFIG_NAME).is_file():
        raise TrainingError(f"{path}: has no {CONFIG_NAME}, expected the folder of a run, such as model.run")
    checkpoint = Checkpoint.load(path)  # says of a run of another kind that it is, before its configuration is read
    config = Config.from_file(path / CONFIG_NAME)
    if out is not None:
        config = config.model_copy(update={"output": config.output.model_copy(update={"model": out})})
    run = RunFolder(path, config.output.model, _inputs(config), COMMAND, renamed=out is not None)
    with run.held(), listening(listener, verbose) as told:
        return _Run(config, told, run, checkpoint=checkpoint).finish()


def run_folder(config: Config) -> Path:
    """The folder of a run's log, events and checkpoint.

    Raises:
        TrainingError: if it holds a run of another kind.
    """
    folder = Path(config.output.run) if config.output.run else tagger_run_folder(config.output.model)
    return checked_run_folder(folder, "tagger")


def _inputs(config: Config) -> list[str]:
    """The files that a run reads."""
    single = (config.words.vectors, config.features.language_model)
    return [*config.data.train, *config.data.dev, *config.data.test, *filter(None, single)]


def build_network(config: Config, dataset: Dataset) -> TaggerNetwork:
    """The network for this data with its weights at their start, compiled."""
    language = dataset.language if config.features.fine_tune else None
    tuned = None if language is None else (language.config, len(language.symbols))
    legal = legal_transitions(dataset.tags)
    network = TaggerNetwork(config, sizes=dataset.sizes, legal=legal, language=tuned, name="tagger")
    network.compile(optimizer=make_optimizer(config.training), jit_compile=False)  # XLA is slower on these loops
    batch = dataset.encoded.batch([0])
    network({**batch.words, **batch.context, "index": batch.index, NetworkGraph.LENGTHS: batch.lengths})
    if language is not None:
        begin = {tensor_name(Layer.CONTEXT, name): array for name, array in language.weights.items()}
        set_weights(network, {**get_weights(network), **begin})
    network.optimizer.build(network.trainable_variables)
    return network


class _Run:
    """A run in progress."""

    def __init__(
        self,
        config: Config,
        listener: Listener,
        folder: RunFolder,
        *,
        checkpoint: Checkpoint | None = None,
        vectors_ahead: Callable[[], WordVectors] | None = None,
    ) -> None:
        self.config, self.listener, self.folder = config, listener, folder
        make_deterministic(config.training.seed)
        listener.on_stage("reading the data")
        self.dataset = load_dataset(config, on_vectors=listener.on_vectors, vectors_ahead=vectors_ahead)
        self.fingerprint = fingerprint(config, self.dataset)
        if checkpoint is not None:
            check_unchanged(folder.path, checkpoint.fingerprint, self.fingerprint)
        self.test = read_test(config)  # before hours are spent, and for `finish` alone
        check_test(self.dataset.train, self.dataset.dev, self.test)
        listener.on_stage("building the network")
        self.network = build_network(config, self.dataset)
        self.judge = Judge(config, self.dataset)
        first = self.dataset.encoded.sample(np.random.default_rng(0), skip_empty=config.training.skip_empty)
        self.progress = Progress(Schedule.begin(config.training, steps=self._steps(first)))
        self.average = WeightAverage(config.training.average, get_weights(self.network))
        self.best: Weights = {}
        self.interrupts = Interrupts()
        if checkpoint is not None:
            self._restore(checkpoint)
        else:
            folder.begin(config.to_toml())
            self._save()  # what can be written now can be written later, and Ctrl-C loses nothing from here on
        folder.check_space(model_size(self.dataset, self.average.weights))

    def finish(self) -> Tagger:
        """Train to the end and write the model file."""
        config, progress = self.config, self.progress
        with self.folder.stopping(), self.folder.writing(LOG_NAME):
            log = RunLog(self.folder.path, from_epoch=progress.epoch)
        with self.folder.stopping(), closing(log), self.interrupts:
            self.listener.on_begin(progress.schedule.epochs + config.training.refit)
            while not progress.schedule.is_over(progress.judged, config.training):
                self._judged_epoch(log)
            verdict = self.judge.score(self.best, by_label=True, report=self.listener.on_search)
            if config.training.refit:
                weights = self._refit(verdict.biases, log)
            else:
                weights = self.judge.biased(self.best, verdict.biases)
            metrics = {
                MetricsKey.EPOCH: progress.schedule.best_epoch,
                MetricsKey.EPOCHS: progress.judged,
                MetricsKey.DEV: verdict.scores.to_dict(),
                MetricsKey.ENTITY_BIAS: verdict.biases,
                MetricsKey.REFIT: config.training.refit,
            }
            members = self._members_of_model(weights, metrics)
            with self.folder.writing_output():
                write_model(config.output.model, members)
        return Tagger.load(config.output.model)

    def _members_of_model(self, weights: Weights, metrics: dict[str, Any]) -> dict[str, bytes]:
        """The members of the model file; its metrics get the scores on the test split, if there is one."""
        self.listener.on_stage("writing the model")
        members = model_members(self.config, self.dataset, weights, metrics)
        if not self.test:
            return members
        self.listener.on_stage("scoring the model on test")
        metrics[MetricsKey.TEST] = score_members(members, self.test).to_dict()
        return model_members(self.config, self.dataset, weights, metrics)

    def _judged_epoch(self, log: RunLog) -> None:
        """An epoch on the training split, and the dev scores of the weights after it."""
        progress = self.progress
        self.network.optimizer.learning_rate = progress.schedule.learning_rate
        began = time.perf_counter()
        speed = self._learn()
        self.listener.on_stage(f"epoch {progress.epoch}  scoring the dev split")
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
        if self.interrupts.asked:
            progress.seconds += seconds
            self._save()
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
            return self.interrupts.asked

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
        with self.folder.writing(LOG_NAME):  # before the checkpoint: going on removes lines that are too new
            log.write(record)
        progress = self.progress
        progress.epoch, progress.step, progress.loss = progress.epoch + 1, 0, 0.0
        self._save()
        self.listener.on_epoch(record, best=best)

    def _variables(self) -> list[keras.Variable]:
        return [*self.network.variables, *self.network.optimizer.variables]

    def _save(self) -> None:
        variables, average = [to_numpy(variable) for variable in self._variables()], self.average
        state = Checkpoint(self.progress, variables, average.weights, average.step, self.best, self.fingerprint)
        with self.folder.writing(FILE_NAME):
            state.save(self.folder.path)

    def _restore(self, checkpoint: Checkpoint) -> None:
        variables = self._variables()
        if [v.shape for v in checkpoint.variables] != [tuple(v.shape) for v in variables]:
            raise TrainingError(f"{self.folder.path}: is of another version of nertagger; train anew")
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self.progress, self.best = checkpoint.progress, checkpoint.best
        self.average = WeightAverage(self.config.training.average, checkpoint.average, step=checkpoint.average_steps)
