"""A tagger's training run: epochs with dev scores, then epochs that train on the dev split too, then the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from nertagger.config import Config
from nertagger.evaluation import Scores, evaluate_tagger
from nertagger.features import Batch, WordVectors
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import MetricsKey
from nertagger.modelfile.writer import write_model
from nertagger.progress.records import EpochRecord
from nertagger.runtime import Tagger
from nertagger.training.committee import conclude
from nertagger.training.data import load_dataset, with_dev
from nertagger.training.dataset import Dataset
from nertagger.training.loop.checkpoint import Checkpoint, Member
from nertagger.training.loop.checkpoint_file import FILE_NAME
from nertagger.training.loop.fingerprint import check_equal, check_unchanged, fingerprint
from nertagger.training.loop.interrupts import Interrupts
from nertagger.training.loop.json_log import LOG_NAME
from nertagger.training.loop.reports import Listener, RunLog
from nertagger.training.loop.run_folder import RunFolder
from nertagger.training.loop.schedule import Schedule
from nertagger.training.loop.seeds import epoch_generator, make_deterministic
from nertagger.training.loop.steps import AfterStep, run_epoch
from nertagger.training.loop.weights import Weights
from nertagger.training.loop.workers import ALONE, Workers
from nertagger.training.model_writing import model_members, model_size
from nertagger.training.selection.dev_scorer import DevScorer
from nertagger.training.split_checks import check_test
from nertagger.training.splits import Passed, read_test
from nertagger.training.state import RunState


class TaggerRun:
    """A run in progress: data, network and folder, from the first step or from a checkpoint.

    Args:
        config: the run.
        listener: receives the progress.
        folder: the folder of the run, which holds its lock.
        passed: the documents of splits that are in memory.
        checkpoint: the checkpoint to continue from; None to start.
        vectors_ahead: returns the word vectors that `config` names, if they are being read already.
        workers: the processes that train together.
    """

    def __init__(
        self,
        config: Config,
        listener: Listener,
        folder: RunFolder,
        *,
        passed: Passed | None = None,
        checkpoint: Checkpoint | None = None,
        vectors_ahead: Callable[[], WordVectors] | None = None,
        workers: Workers = ALONE,
    ) -> None:
        self.listener, self.folder, self.workers = listener, folder, workers
        make_deterministic(config.training.seed)
        listener.on_stage("reading the data")
        self.dataset = load_dataset(
            config, passed, on_note=listener.on_note, on_vectors=listener.on_vectors, vectors_ahead=vectors_ahead
        )
        self.config = config = self.dataset.config
        self.data = self.dataset  # what the network in progress is trained on at present
        self.fingerprint = fingerprint(self.dataset, processes=workers.count)
        check_equal(self.fingerprint, workers)
        if checkpoint is not None:
            check_unchanged(folder.path, checkpoint.fingerprint, self.fingerprint)
        self.test = read_test(config, passed or {})  # before hours are spent, and for `finish` alone
        check_test(self.dataset.train, self.dataset.dev, self.test, refit=config.training.refit != 0)
        listener.on_stage("building the network")
        members = checkpoint.members if checkpoint is not None else []
        self.state = RunState(config, self.dataset, schedule=self._schedule(), members=members, workers=workers)
        self.scorer = DevScorer(config, self.dataset, workers=workers)
        self.interrupts = Interrupts()
        if checkpoint is not None:
            self.state.restore(checkpoint, folder.path)
        else:
            folder.begin(config.to_toml())
            self._save()  # a folder that can be written now can be written later, and Ctrl-C loses nothing from here on
        if workers.is_first:
            folder.check_space(config.training.members * model_size(self.dataset, self.state.average.weights))

    @property
    def _number(self) -> int:
        """The number of the epoch in progress, counted over all networks of a committee."""
        return self.state.epochs_before + self.state.progress.epoch

    @cached_property
    def _both(self) -> Dataset:
        """The training and dev splits together, to train on."""
        return with_dev(self.dataset)

    def finish(self) -> Tagger:
        """Train to the end, write the model file if one is named, and return the tagger."""
        config, count = self.config, self.config.training.members
        with self.folder.stopping(), self.folder.writing(LOG_NAME):
            log = RunLog(self.folder.path, from_epoch=self._number)
        with self.folder.stopping(), closing(log), self.interrupts:
            members = [*self.state.members, self._train_network(log)]
            while len(members) < count:
                members = [*members, self._train_next(members, log)]
            if count > 1:
                self.listener.on_stage("scoring the committee")
            seed = config.training.seed
            weights, metrics = conclude(members, self.scorer, seed=seed, report=self.listener.on_search)
            model = self._members_of_model(weights, {**metrics, MetricsKey.REFIT: self.state.progress.schedule.refit})
            if not config.output.model:
                return Tagger(ModelFile.in_memory(model))
            with self.folder.writing_output():
                write_model(config.output.model, model)
        return Tagger.load(config.output.model)

    def _train_next(self, members: Sequence[Member], log: RunLog) -> Member:
        """Train the network that follows the first members of a committee."""
        seconds = self.state.progress.seconds
        self.state = RunState(
            self.config, self.dataset, schedule=self._schedule(), members=members, workers=self.workers
        )
        self.state.progress.seconds = seconds
        self._save()
        return self._train_network(log)

    def _train_network(self, log: RunLog) -> Member:
        """Train the network in progress to the end."""
        state, progress, config = self.state, self.state.progress, self.config.training
        if config.members > 1:
            self.listener.on_note(f"network {len(state.members) + 1} of {config.members} of the committee")
        self.listener.on_begin(state.epochs_before + progress.schedule.epochs + progress.schedule.refit)
        self.data = self.dataset
        while not progress.schedule.is_over(progress.scored_epochs, config):
            self._scored_epoch(log)
        found = self.scorer.score(state.best, by_label=True, report=self.listener.on_search)
        if progress.schedule.refit:
            final = self._refit(found.biases, log)
        else:
            final = self.scorer.biased(state.best, found.biases)
        scores, epoch = found.scores.to_dict(), progress.schedule.best_epoch
        return Member(state.best, final, found.biases, scores, epoch, progress.scored_epochs)

    def _members_of_model(self, weights: Weights, metrics: dict[str, Any]) -> dict[str, bytes]:
        """Return the members of the model file, with the scores on the test split, if there is one."""
        self.listener.on_stage("writing the model")
        members = model_members(self.config, self.data, weights, metrics)
        if not self.test:
            return members
        self.listener.on_stage("scoring the model on test")
        scores = evaluate_tagger(Tagger(ModelFile.in_memory(members)), self.test)  # as `nertagger evaluate` does
        metrics[MetricsKey.TEST] = scores.to_dict()
        return model_members(self.config, self.data, weights, metrics)

    def _scored_epoch(self, log: RunLog) -> None:
        """Train an epoch on the training split, and score the weights on the dev split."""
        state, progress = self.state, self.state.progress
        state.network.optimizer.learning_rate = progress.schedule.learning_rate
        began = time.perf_counter()
        speed = self._train_epoch()
        self.listener.on_stage(f"epoch {self._number}  scoring the dev split")
        scores = self.scorer.score(state.average.weights).scores
        progress.seconds += time.perf_counter() - began
        best = state.keep_if_best(scores.micro.f1)
        self._close_epoch(log, self._record(speed, scores), best=best)

    def _refit(self, biases: dict[str, float], log: RunLog) -> Weights:
        """Return the weights after epochs that train on the dev split too, with a falling learning rate.

        Once the dev split has chosen the epoch and the biases it is worth more as text to train on: it is often closer
        to the text to be tagged than the training split is. These epochs are not scored: their number is a setting, and
        the dev scores are those from before. They continue from the last epoch,
        not from the best one: more text and smaller steps correct what it has overfitted.
        """
        state, progress = self.state, self.state.progress
        self.data = self._both
        if not progress.refit:
            progress.refit = 1
            state.restart_from(self.scorer.biased(state.average.weights, biases))
        while progress.refit <= progress.schedule.refit:
            began = time.perf_counter()
            speed = self._train_epoch()
            progress.seconds += time.perf_counter() - began
            progress.refit += 1
            self._close_epoch(log, self._record(speed))
        return state.average.weights

    def _train_epoch(self) -> float:
        """Train the rest of the epoch in progress; return the tokens per second.

        Raises:
            KeyboardInterrupt: after Ctrl-C, once the checkpoint is written.
        """
        progress, data = self.state.progress, self.data.encoded
        members = self._members(epoch_generator(self.state.seed, progress.epoch))
        steps, before = self._steps(members), progress.step
        began = time.perf_counter()
        if before < steps:  # else the run was stopped right before the epoch's end
            run_epoch(
                self.state.network,
                lambda: self._batches(before),
                steps=steps - before,
                example=data.batch([0]),
                after=self._after_step(before, steps),
                are_parts=self.workers.count > 1,
            )
        seconds = time.perf_counter() - began
        if any(self.workers.sum(self.interrupts.asked)):
            progress.seconds += seconds
            self._save()
            raise KeyboardInterrupt
        return float(data.lengths[members].sum()) * (progress.step - before) / steps / seconds

    def _schedule(self) -> Schedule:
        """Return the schedule of a network."""
        config, steps = self.config.training, self._steps_of_first(self.dataset)
        refit_steps = self._steps_of_first(self._both) if config.refit == "auto" else steps
        return Schedule.begin(config, steps=steps, refit_steps=refit_steps)

    def _steps_of_first(self, data: Dataset) -> int:
        """Return the number of batches in the first epoch on this data."""
        return self._steps(data.encoded.sample(np.random.default_rng(0), skip_empty=self.config.training.skip_empty))

    def _steps(self, members: np.ndarray) -> int:
        """Return the number of batches in an epoch of these sentences."""
        return -(-len(members) // self._batch_size)

    @property
    def _batch_size(self) -> int:
        """The number of sentences in a batch, of all processes together."""
        return self.config.training.batch_size * self.workers.count

    def _members(self, rng: np.random.Generator) -> np.ndarray:
        """Return the indices of the sentences of the epoch in progress, in random order."""
        return self.data.encoded.sample(rng, skip_empty=self.config.training.skip_empty)

    def _batches(self, done: int) -> Iterator[Batch]:
        config = self.config.training
        rng = epoch_generator(self.state.seed, self.state.progress.epoch)
        batches = self.data.encoded.batches(
            self._batch_size,
            rng,
            members=self._members(rng),
            lower_case=config.lower_case,
            part=(self.workers.rank, self.workers.count),
        )
        return islice(batches, done, None)

    def _after_step(self, before: int, steps: int) -> AfterStep:
        progress, config = self.state.progress, self.config.training

        def set_rate() -> None:
            if progress.refit and progress.step < steps:  # after the last step, the log reports the rate of that step
                done = progress.refit - 1 + progress.step / steps
                self.state.network.optimizer.learning_rate = progress.schedule.refit_rate(config, done)

        def report(done: int, loss: float) -> bool:
            self.state.average.update(self.state.network)
            progress.step, progress.loss = before + done, progress.loss + loss
            set_rate()
            self.listener.on_step(self._number, progress.step, steps, progress.loss / progress.step)
            return self.interrupts.asked

        set_rate()
        return AfterStep(report, place=f"epoch {self._number}", workers=self.workers)

    def _record(self, tokens_per_second: float, scores: Scores | None = None) -> EpochRecord:
        """Return the record of the epoch that is over, with its dev scores if there are any."""
        progress = self.state.progress
        record: EpochRecord = {
            "epoch": self._number,
            "loss": progress.loss / max(progress.step, 1),
            "learning_rate": float(self.state.network.optimizer.learning_rate),
            "tokens_per_second": round(tokens_per_second, 1),
            "seconds": round(progress.seconds, 2),
        }
        if scores is not None:
            record["dev_f1"] = scores.micro.f1
            record["dev_precision"], record["dev_recall"] = scores.micro.precision, scores.micro.recall
            record["best_dev_f1"] = progress.schedule.best_f1
        return record

    def _close_epoch(self, log: RunLog, record: EpochRecord, *, best: bool = False) -> None:
        with self.folder.writing(LOG_NAME):  # before the checkpoint: resuming removes lines that are too new
            log.write(record)
        progress = self.state.progress
        progress.epoch, progress.step, progress.loss = progress.epoch + 1, 0, 0.0
        self._save()
        self.listener.on_epoch(record, best=best)

    def _save(self) -> None:
        with self.folder.writing(FILE_NAME):
            self.state.save(self.folder.path, self.fingerprint)
