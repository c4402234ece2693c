from __future__ import annotations

import time

import pytest

from nertagger.annotation.learning.background import Background
from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Answer
from nertagger.text.document import Span
from tests.small_corpus import ONE_EPOCH


@pytest.fixture
def labelled(make_project) -> Project:
    """A project with 22 answers and settings of a small training."""
    project = make_project(*(f"Anna saw {city} again." for city in ["Oslo", "Rome"] * 13))
    (project.folder / "config.toml").write_text(ONE_EPOCH, encoding="utf-8")
    for number in project.texts.numbers()[:22]:
        project.decisions.record(Answer(number, "ann", [Span("PER", 0, 1), Span("LOC", 2, 3)]))
    return project


def wait(project: Project, background: Background) -> str:
    until = time.monotonic() + 300
    while project.trainings.last().state == "running" and time.monotonic() < until:
        time.sleep(0.1)
        background.poll()
    return project.trainings.last().state


def test_a_training_makes_a_model_that_proposes(labelled):
    background = Background(labelled)
    assert background.start_if_due()
    assert not background.start()
    assert wait(labelled, background) == "done"
    model = labelled.models.latest()
    assert (model.sentences, model.file) == (22, "model-1.ner")
    assert labelled.model_path(model.file).is_file()
    assert {one.sentence for one in labelled.models.undecided()} == {23, 24, 25, 26}
    assert not background.start_if_due()


def test_a_training_can_be_stopped_and_leaves_nothing_half_made(labelled):
    background = Background(labelled)
    background.start()
    assert background.stop()
    assert not background.stop()
    assert labelled.trainings.last().state == "stopped"
    assert labelled.models.latest() is None
    assert labelled.database.check() == "ok"


def test_a_training_that_cannot_be_done_says_why(project):
    background = Background(project)
    background.start()
    assert wait(project, background) == "failed"
    assert project.trainings.last().message == "got 0 answers, expected at least 20; label some more"


def test_a_training_whose_program_was_killed_is_started_again(labelled):
    labelled.trainings.begin("train", pid=2**22 + 1, decision=labelled.decisions.last())
    background = Background(labelled)
    assert labelled.trainings.last().state == "failed"
    background.resume()
    assert labelled.trainings.last().state == "running"
    background.stop()


def test_nothing_is_trained_before_there_are_enough_answers(project):
    project.decisions.record(Answer(1, "ann"))
    assert not Background(project).start_if_due()
