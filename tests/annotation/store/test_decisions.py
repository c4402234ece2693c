from __future__ import annotations

import sqlite3

import pytest

from nertagger.annotation.store.database import ProjectError
from nertagger.annotation.store.decisions import Answer, ConflictError
from nertagger.text.document import Span

PER, LOC = Span("PER", 0, 1), Span("LOC", 4, 5)


def test_a_decision_holds_until_the_next_one_of_the_same_annotator(project):
    first = project.decisions.record(Answer(1, "ann", [PER]))
    project.decisions.record(Answer(1, "ann", [LOC, PER], version=first))
    (holds,) = project.decisions.of_sentence(1)
    assert holds.spans == [PER, LOC]
    assert len(project.decisions.history(1)) == 2


def test_another_window_never_overwrites_silently(project):
    version = project.decisions.record(Answer(1, "ann", [PER]))
    with pytest.raises(ConflictError) as caught:
        project.decisions.record(Answer(1, "ann", []))
    assert caught.value.version == version
    assert project.decisions.of_sentence(1)[0].spans == [PER]


def test_annotators_have_decisions_of_their_own(project):
    project.decisions.record(Answer(1, "ann", [PER]))
    project.decisions.record(Answer(1, "bob", [LOC]))
    assert {one.annotator: one.spans for one in project.decisions.of_sentence(1)} == {"ann": [PER], "bob": [LOC]}
    assert project.decisions.annotators() == {"ann": 1, "bob": 1}


def test_undo_goes_back_one_decision_at_a_time(project):
    first = project.decisions.record(Answer(1, "ann", [PER]))
    project.decisions.record(Answer(1, "ann", [LOC], version=first))
    project.decisions.record(Answer(2, "bob"))
    assert project.decisions.undo("ann") == 1
    assert [one.spans for one in project.decisions.of_sentence(1)] == [[PER]]
    assert project.decisions.undo("ann") == 1
    assert project.decisions.of_sentence(1) == []
    assert project.decisions.undo("ann") is None
    assert [one.kind for one in project.decisions.history(1)] == ["answer", "answer", "undo", "undo"]
    assert project.decisions.counts() == {"sentences": 4, "answered": 1, "skipped": 0, "left": 3}


def test_a_skip_is_a_decision_but_not_an_answer(project):
    project.decisions.record(Answer(1, "ann", kind="skip"))
    assert project.decisions.gold() == []
    assert project.decisions.counts() == {"sentences": 4, "answered": 0, "skipped": 1, "left": 3}


@pytest.mark.parametrize("spans", [[Span("PER", 0, 7)], [Span("PER", 1, 1)], [Span("PER", 0, 2), Span("LOC", 1, 3)]])
def test_entities_are_ranges_of_the_sentence_that_do_not_overlap(project, spans):
    with pytest.raises(ProjectError, match="expected ranges of its 6 tokens"):
        project.decisions.record(Answer(1, "ann", spans))
    assert project.decisions.last() == 0


def test_a_sentence_that_does_not_exist_is_refused(project):
    with pytest.raises(ProjectError, match="no sentence 99"):
        project.decisions.record(Answer(99, "ann"))


def test_several_decisions_are_all_recorded_or_none(project):
    with pytest.raises(ConflictError):
        project.decisions.record_all([Answer(1, "ann"), Answer(2, "ann", version=5)])
    assert project.decisions.counts()["answered"] == 0


def test_history_cannot_be_undone_twice(project):
    number = project.decisions.record(Answer(1, "ann"))
    project.decisions.undo("ann")
    with pytest.raises(sqlite3.IntegrityError), project.database.write() as connection:
        connection.execute(
            "INSERT INTO decisions (sentence_id, annotator, kind, entities, origin, undoes, at)"
            " VALUES (1, 'ann', 'undo', '[]', 'label', ?, '')",
            (number,),
        )
