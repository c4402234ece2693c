"""One label for every occurrence of a name, in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Answer, Decision
from nertagger.annotation.store.names import Occurrence
from nertagger.text.document import Span


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """An occurrence of a name, and what is decided there.

    Attributes:
        occurrence: the place.
        decision: the annotator's answer for the sentence, if there is one.
        label: the label of exactly this range in the answer; empty if there is none.
    """

    occurrence: Occurrence
    decision: Decision | None
    label: str


def places_of(project: Project, text: str, *, annotator: str) -> list[NamedPlace]:
    """Return every occurrence of a name, with what the annotator has decided there."""
    answers = {one.sentence: one for one in project.decisions.current() if _is_answer_of(one, annotator)}
    return [
        NamedPlace(one, answers.get(one.sentence.number), _label_at(one, answers.get(one.sentence.number)))
        for one in project.names.occurrences(text)
    ]


def label_everywhere(project: Project, text: str, label: str, *, annotator: str, sentences: Collection[int]) -> int:
    """Label a name: as a proposal where nothing is decided, by new decisions in some of the answered sentences.

    Args:
        project: the project.
        text: the name.
        label: its label.
        annotator: who decides.
        sentences: the answered sentences to change; entities that overlap the name are replaced.

    Returns:
        the number of sentences changed.
    """
    by_sentence: dict[int, list[NamedPlace]] = {}
    for place in places_of(project, text, annotator=annotator):
        if place.decision is not None and place.decision.sentence in sentences:
            by_sentence.setdefault(place.decision.sentence, []).append(place)
    answers = [_changed(places, label) for places in by_sentence.values() if any(one.label != label for one in places)]
    project.names.add(text, label, annotator=annotator)
    project.decisions.record_all(answers)
    return len(answers)


def _changed(places: Iterable[NamedPlace], label: str) -> Answer:
    """Return the answer for a sentence with the name labelled at its places."""
    several = list(places)
    decision = several[0].decision
    assert decision is not None
    named = [Span(label, one.occurrence.first, one.occurrence.stop) for one in several]
    kept = [span for span in decision.spans if all(span.stop <= n.first or n.stop <= span.first for n in named)]
    return Answer(decision.sentence, decision.annotator, [*kept, *named], version=decision.number, origin="name")


def _is_answer_of(decision: Decision, annotator: str) -> bool:
    return decision.annotator == annotator and decision.kind == "answer"


def _label_at(occurrence: Occurrence, decision: Decision | None) -> str:
    spans = decision.spans if decision else []
    return next((s.label for s in spans if (s.first, s.stop) == (occurrence.first, occurrence.stop)), "")
