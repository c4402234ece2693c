"""The run of an encoder: its stages one after the other, stopping and resuming, and the file."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from nertagger.companions import checked_run_folder, encoder_run_folder
from nertagger.config import EncoderConfig
from nertagger.errors import TrainingError
from nertagger.files import STANDARD_STREAM, atomic_write_text, check_output
from nertagger.modelfile.writer import write_model
from nertagger.progress.records import EncoderRecord
from nertagger.training.loop.checkpoint_file import FILE_NAME, assign_variables
from nertagger.training.loop.fingerprint import SETTINGS, Fingerprint, check_unchanged, digest_files, digest_values
from nertagger.training.loop.interrupts import Interrupts
from nertagger.training.loop.json_log import LOG_NAME, append_record, keep_records
from nertagger.training.loop.run_folder import CONFIG_NAME, RunFolder
from nertagger.training.loop.seeds import make_deterministic
from nertagger.training.loop.weights import Weights, to_numpy
from nertagger.training.pretraining.checkpoint import COMMAND, EncoderCheckpoint, EncoderProgress
from nertagger.training.pretraining.data import PretrainingData, input_files, load_data, open_start, settled
from nertagger.training.pretraining.encoder_writing import encoder_members
from nertagger.training.pretraining.learner import Learner
from nertagger.training.pretraining.masking import MaskedText
from nertagger.training.pretraining.reports import EncoderListener, LoggingEncoderListener
from nertagger.training.pretraining.stages import AnnotatedStage, MaskedStage, Stage

_READ_EVERY = 8  # steps after which losses are read from the device: reading waits for it
_ROUNDING = 1e-2  # nats: a negative log-likelihood is below zero only by rounding in float32
_EXPLODED = 1e3  # nats


def pretrain(
    config: EncoderConfig, *, removed: str | Path | None = None, listener: EncoderListener | None = None
) -> Path:
    """Train an encoder and write its file; returns its path.

    Args:
        config: the run.
        removed: a file to write the sentences to that were left out, one per line, after where they were and whether
            they are exact or near copies.
        listener: receives the progress.

    Raises:
        NerTaggerError: if the data cannot be read, the file cannot be written, another run is at work in the folder, or
            the loss diverges.
        Stopped: after Ctrl-C, once the checkpoint is written from which `resume_pretraining` continues.
    """
    check_output(config.output.encoder, folder_is_made=True)
    config = settled(config)
    folder = RunFolder(run_folder(config), config.output.encoder, _inputs(config), COMMAND)
    with folder.held():
        run = _EncoderRun(config, listener or LoggingEncoderListener(), folder, removed=removed)
        return run.finish()


def resume_pretraining(
    folder: str | Path,
    *,
    out: str | None = None,
    removed: str | Path | None = None,
    listener: EncoderListener | None = None,
) -> Path:
    """Resume a run that was stopped; the result is the same file as without the stop.

    Args:
        folder: the run's folder, which holds its settings and checkpoint, and where these are written again.
        out: the file to write; None for that of the settings.
        removed, listener: as for `pretrain`.

    Raises:
        TrainingError: if there is no checkpoint, or settings or data are not what the run began with.
    """
    path = Path(folder)
    if not (path / CONFIG_NAME).is_file():
        raise TrainingError(f"{path}: has no {CONFIG_NAME}, expected the folder of a run, such as encoder.enc.run")
    checkpoint = EncoderCheckpoint.load(path)  # names the kind of another kind of run, before its settings are read
    config = EncoderConfig.from_stored((path / CONFIG_NAME).read_text(encoding="utf-8"), source=str(path / CONFIG_NAME))
    config = config if out is None else config.updated({"output.encoder": out})
    run_of = RunFolder(path, config.output.encoder, _inputs(config), COMMAND, renamed=out is not None)
    with run_of.held():
        told = listener or LoggingEncoderListener()
        return _EncoderRun(config, told, run_of, removed=removed, checkpoint=checkpoint).finish()


def run_folder(config: EncoderConfig) -> Path:
    """Return the folder of a run's text, log and checkpoint.

    Raises:
        TrainingError: if it holds a run of another kind.
    """
    return checked_run_folder(encoder_run_folder(config.output.encoder), "encoder")


def _inputs(config: EncoderConfig) -> list[str]:
    """Return the files that a run reads.

    Raises:
        TrainingError: if one can be read only once.
    """
    paths = [path for group in input_files(config).values() for path in group]
    for path in paths:
        if path == STANDARD_STREAM or (os.path.exists(path) and not os.path.isfile(path)):
            raise TrainingError(f"{path}: is no file, and the data are read more than once; save it in a file")
    return paths


class _EncoderRun:
    """A run in progress."""

    def __init__(
        self,
        config: EncoderConfig,
        listener: EncoderListener,
        folder: RunFolder,
        *,
        removed: str | Path | None,
        checkpoint: EncoderCheckpoint | None = None,
    ) -> None:
        self.config, self.listener, self.folder = config, listener, folder
        make_deterministic(config.training.seed)
        digests = {name: digest_files(paths) for name, paths in input_files(config).items()}
        if config.data.start:
            digests["the encoder to start from"] = open_start(config).digest
        settings = config.model_dump(exclude={"data": {*_PATHS}, "output": True})
        self.fingerprint: Fingerprint = {SETTINGS: digest_values(settings), **digests}
        if checkpoint is not None:
            check_unchanged(folder.path, checkpoint.fingerprint, self.fingerprint)
        self.data = load_data(config, folder.path, digests, listener)
        if removed is not None:
            with atomic_write_text(removed) as stream:
                stream.write("".join(f"{line}\n" for line in self.data.removed))
        listener.on_stage("building the network")
        self.stages = open_stages(config, self.data)
        self.progress = EncoderProgress() if checkpoint is None else checkpoint.progress
        self.weights = self.data.weights
        self.learner = self._learner()
        if checkpoint is not None:
            assign_variables(self.learner.variables, checkpoint.variables, folder=folder.path)
        else:
            folder.begin(config.to_toml())
            self._save()  # what can be written now can be written later, and Ctrl-C loses nothing from here on
        folder.check_space(sum(array.nbytes for array in self.learner.weights.values()))

    def finish(self) -> Path:
        """Train to the end and write the file."""
        with self.folder.writing(LOG_NAME):
            keep_records(self.folder.path / LOG_NAME, "step", self._steps_before() + self.progress.step)
        with self.folder.stopping(), Interrupts() as interrupts:
            while True:
                self._train(self.stages[self.progress.stage], interrupts)
                self.weights = self.learner.weights
                if self.progress.stage + 1 == len(self.stages):
                    break
                heads = self.learner.head_weights
                self.progress.next_stage()
                self.learner = self._learner(heads)
                self._save()
            self.listener.on_stage("writing the encoder")
            path = Path(self.config.output.encoder)
            with self.folder.writing_output():
                write_model(path, encoder_members(self.config, self.data, self.weights, self.progress.records))
                return path

    def _learner(self, heads: dict[str, Weights] | None = None) -> Learner:
        """Return the learner of the stage in progress, with the weights so far."""
        stage = self.stages[self.progress.stage]
        learner = Learner(stage.network(), stage.heads(), average=stage.average, clip_at=self.config.training.clip_at)
        learner.start(self.weights, heads or {})
        return learner

    def _train(self, stage: Stage, interrupts: Interrupts) -> None:
        """Do the rest of the steps of a stage.

        Raises:
            KeyboardInterrupt: after Ctrl-C, once the checkpoint is written.
        """
        progress = self.progress
        clock = time.perf_counter() - progress.seconds
        waiting: list[Any] = []
        for task in stage.tasks(progress.step):
            rates = stage.rates(progress.step)
            waiting.append(self.learner.train(task.head, task.inputs, step=progress.step, rates=rates))
            progress.step, progress.tokens = progress.step + 1, progress.tokens + task.tokens
            is_recorded = progress.step % stage.evaluate_every == 0 or progress.step == stage.steps
            if is_recorded or interrupts.asked or len(waiting) == _READ_EVERY:
                self._read(stage, waiting)
                progress.seconds = time.perf_counter() - clock
                self._report(stage)
            if is_recorded:
                self._record(stage)
                clock = time.perf_counter() - progress.seconds
            if interrupts.asked:
                self._save()
                raise KeyboardInterrupt

    def _read(self, stage: Stage, waiting: list[Any]) -> None:
        """Read the losses that are waiting on the device; raise TrainingError if training has diverged."""
        losses = [float(ops.convert_to_numpy(loss)) for loss in waiting]
        for loss in losses:
            if not -_ROUNDING <= loss <= _EXPLODED:  # nor is NaN
                raise TrainingError(
                    f"the loss is {loss:g} near step {self.progress.step} of {stage.name}: training has diverged; "
                    "lower the learning rate of the stage or training.clip_at and train anew"
                )
        self.progress.loss += sum(losses)
        self.progress.losses += len(losses)
        waiting.clear()

    def _report(self, stage: Stage) -> None:
        progress = self.progress
        loss, speed = progress.loss / progress.losses, progress.tokens / progress.seconds
        self.listener.on_step(stage.name, progress.step, stage.steps, loss=loss, tokens_per_second=speed)

    def _record(self, stage: Stage) -> None:
        """Evaluate on the sentences held out, and write log and checkpoint."""
        progress = self.progress
        record = EncoderRecord(
            stage=stage.name,
            step=self._steps_before() + progress.step,
            stage_step=progress.step,
            stage_steps=stage.steps,
            tokens=progress.tokens,
            loss=progress.loss / progress.losses,
            learning_rate=stage.rates(progress.step - 1).head,
            tokens_per_second=round(progress.tokens / progress.seconds, 1),
            seconds=round(progress.seconds, 2),
        )
        losses = self.learner.held_out_losses(stage.name, stage.held_out())
        if losses:
            record["held_out_loss"] = float(np.mean(losses))
        with self.folder.writing(LOG_NAME):
            append_record(self.folder.path / LOG_NAME, record)
        progress.records[stage.name] = record
        progress.loss, progress.losses = 0.0, 0
        self._save()
        self.listener.on_record(record)

    def _steps_before(self) -> int:
        """Return the number of steps of the stages that are over."""
        return sum(stage.steps for stage in self.stages[: self.progress.stage])

    def _save(self) -> None:
        variables = [to_numpy(variable) for variable in self.learner.variables]
        with self.folder.writing(FILE_NAME):
            EncoderCheckpoint(self.progress, variables, self.fingerprint).save(self.folder.path)


_PATHS = ("text", "annotated", "vectors", "exclude", "start")


def open_stages(config: EncoderConfig, data: PretrainingData) -> list[Stage]:
    """Return the stages of a run, at least one."""
    text = None if data.text is None else MaskedText(config, data.text, data.features, data.vectors)
    stages: list[Stage] = []
    if text is not None and config.masked.passes:
        stages.append(MaskedStage(config, data, text))
    if data.corpora:
        stages.append(AnnotatedStage(config, data, text))
    return stages
