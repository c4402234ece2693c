"""A training as it runs in its own process: train on all answers, predict what is left, check the decisions."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from nertagger.annotation.learning.check import FOLDS, Decided, check_decisions
from nertagger.annotation.learning.progress import ProgressReport
from nertagger.annotation.project import Project
from nertagger.annotation.ranking.queue import random_sample
from nertagger.annotation.ranking.uncertainty import predict
from nertagger.annotation.store.database import ProjectError
from nertagger.config import Config
from nertagger.errors import NerTaggerError
from nertagger.printable import counted
from nertagger.processes import end_with
from nertagger.runtime import Tagger
from nertagger.text.document import Document

LEAST_ANSWERS = 20
"""A model is trained on at least this many answers."""
_LEAST_CHECKED = 50  # decisions, for a check
_GROWTH = 1.25  # of the decisions between checks
_PREDICTED = 4000  # sentences at most: the next ones to ask for are chosen among them
_NICENESS = 10
_FEW, _SMALL_BATCH, _STEPS, _LEAST_EPOCHS, _REFIT = 400, 8, 80, 10, 5  # of trainings on few sentences


def run(alive: Connection, folder: str, number: int, kind: str) -> None:
    """Run a training that the project knows by its number; the entry of its process.

    Args:
        alive: a pipe whose other end is held for as long as the training is wanted.
        folder: the folder of the project.
        number: the training.
        kind: ``train``, or ``predict`` to predict with the latest model only.
    """
    end_with(alive)
    logging.getLogger("nertagger").setLevel(logging.ERROR)  # there is nobody to read warnings of a training
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    project = Project.open(folder)
    report = ProgressReport(partial(project.trainings.progress, number))
    try:
        tagger = _train(project, number, report) if kind == "train" else _latest(project)
        _predict(project, tagger, report)
        if kind == "train":
            _check(project, report)
    except NerTaggerError as error:
        project.trainings.end(number, "failed", str(error))
    except Exception as error:
        project.trainings.end(number, "failed", f"{type(error).__name__}: {error}")
        raise
    else:
        project.trainings.end(number, "done")


def _train(project: Project, number: int, report: ProgressReport) -> Tagger:
    """Train on all answers, and make the result the latest model of the project."""
    began = time.perf_counter()
    decided = decided_sentences(project)
    check_enough(len(decided))
    report.part("training", 0, 1)
    tagger = train_on([one.document() for one in decided], training_config(project, len(decided)), report)
    project.model_folder.mkdir(exist_ok=True)
    name = f"model-{number}.ner"
    tagger.save(project.model_path(name))
    project.models.add(name, sentences=len(decided), seconds=time.perf_counter() - began)
    return tagger


def check_enough(answers: int) -> None:
    """Raise ProjectError if a model cannot be trained on so few answers."""
    if answers < LEAST_ANSWERS:
        raise ProjectError(f"got {counted(answers, 'answer')}, expected at least {LEAST_ANSWERS}; label some more")


def _latest(project: Project) -> Tagger:
    model = project.models.latest()
    if model is None:
        raise NerTaggerError("there is no model yet")
    return project.load_model(model)


def _predict(project: Project, tagger: Tagger, report: ProgressReport) -> None:
    """Predict undecided sentences, at most those that come first in the random order."""
    model = project.models.latest()
    with project.database.read() as connection:
        rows = connection.execute(
            "SELECT id FROM sentences WHERE id NOT IN (SELECT sentence_id FROM current) ORDER BY random_key LIMIT ?",
            (_PREDICTED,),
        ).fetchall()
    numbers = [row["id"] for row in rows]
    done = 0
    for batch in predict(tagger, project.texts.several(numbers)):
        project.models.predict(model.number if model else None, batch)
        done += len(batch)
        report.stage("predicting", done / len(numbers))


def _check(project: Project, report: ProgressReport) -> None:
    """Check all decisions if there are many more of them than at the last check."""
    decided = decided_sentences(project)
    curve = project.checks.curve()
    before = curve[-1].sentences * FOLDS / (FOLDS - 1) if curve else 0.0
    if len(decided) < max(_LEAST_CHECKED, _GROWTH * before):
        return
    config = training_config(project, len(decided))

    def train(documents: Sequence[Document], fold: int) -> Tagger:
        report.part(f"checking, fold {fold + 1} of {FOLDS}", fold, FOLDS)
        return train_on(documents, config, report)

    project.checks.replace(*check_decisions(decided, train, sample=random_sample(project)))


def decided_sentences(project: Project) -> list[Decided]:
    """Return the sentences of a project that have an answer."""
    decisions = project.decisions.gold()
    sentences = project.texts.several([one.sentence for one in decisions])
    return list(map(Decided, sentences, decisions))


def training_config(project: Project, sentences: int) -> Config:
    """Return the settings of a training: those of ``config.toml`` in the folder of the project, or the defaults.

    Of few sentences the defaults would make one or two steps per epoch, and most of the time would go into scoring the
    epochs: smaller batches reach the same F1 in a tenth of it.
    """
    file: Path = project.folder / "config.toml"
    config = Config.from_file(file) if file.is_file() else Config().updated(_small(sentences))
    return config.updated({"data.train": [], "data.dev": [], "data.test": [], "output.model": "", "output.run": ""})


def _small(sentences: int) -> dict[str, int]:
    if sentences >= _FEW:
        return {}
    epochs = max(_LEAST_EPOCHS, _STEPS * _SMALL_BATCH // sentences)
    return {"training.batch_size": _SMALL_BATCH, "training.epochs": epochs, "training.refit": _REFIT}


def train_on(documents: Sequence[Document], config: Config, report: ProgressReport) -> Tagger:
    """Return a tagger trained on documents in memory."""
    from nertagger import training

    return training.train(config, train=documents, listener=report)
