from __future__ import annotations

from nertagger.annotation.naming import label_everywhere, places_of
from nertagger.annotation.store.decisions import Answer
from nertagger.text.document import Span


def test_a_name_is_found_as_whole_tokens(make_project):
    project = make_project("York is old. New York is not. Yorkshire, York-based. In New York, New York!")
    found = [(one.sentence.number, one.first, one.stop) for one in project.names.occurrences("New York")]
    assert found == [(2, 0, 2), (4, 1, 3), (4, 4, 6)]


def test_a_name_is_proposed_where_nothing_is_decided(project):
    label_everywhere(project, "Oslo", "LOC", annotator="ann", sentences=())
    assert project.names.propose(project.texts.get(1)) == [Span("LOC", 4, 5)]
    assert project.names.propose(project.texts.get(1), [Span("PER", 3, 5)]) == []
    assert project.decisions.counts()["answered"] == 0


def test_chosen_answers_are_changed_and_can_be_undone(project):
    project.decisions.record(Answer(1, "ann", [Span("PER", 0, 1), Span("PER", 3, 5)]))
    project.decisions.record(Answer(2, "ann", []))
    places = places_of(project, "Oslo", annotator="ann")
    assert [(place.decision.sentence, place.label) for place in places] == [(1, ""), (2, "")]
    assert label_everywhere(project, "Oslo", "LOC", annotator="ann", sentences={1}) == 1
    assert project.decisions.of_sentence(1)[0].spans == [Span("PER", 0, 1), Span("LOC", 4, 5)]
    assert project.decisions.of_sentence(2)[0].spans == []
    project.decisions.undo("ann")
    assert project.decisions.of_sentence(1)[0].spans == [Span("PER", 0, 1), Span("PER", 3, 5)]


def test_answers_of_others_are_never_changed(project):
    project.decisions.record(Answer(1, "bob", []))
    assert label_everywhere(project, "Oslo", "LOC", annotator="ann", sentences={1}) == 0
