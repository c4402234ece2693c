from __future__ import annotations

from nertagger.annotation.learning.check import Decided, check_decisions
from nertagger.annotation.learning.job import decided_sentences
from nertagger.annotation.store.decisions import Answer
from nertagger.runtime import load
from nertagger.text.document import Span

PARIS, MICHELLE = Span("LOC", 0, 1), Span("PER", 0, 1)


def decide(project, wrong: set[int]) -> list[Decided]:
    for sentence in project.texts.several(project.texts.numbers()):
        right = [PARIS] if sentence.words[0] == "Paris" else [MICHELLE]
        project.decisions.record(Answer(sentence.number, "ann", [] if sentence.number in wrong else right))
    return decided_sentences(project)


def check(project, lexicon_model, *, wrong: set[int], sample: set[int]):
    sizes = []

    def train(documents, fold):
        sizes.append(len(documents))
        return load(lexicon_model)

    found, point = check_decisions(decide(project, wrong), train, sample=sample)
    return sizes, found, point


def test_wrong_decisions_are_doubtful_and_right_ones_are_not(make_project, lexicon_model):
    project = make_project(*(f"{'Paris' if n % 2 else 'Michelle'} has {n} things." for n in range(20)))
    sizes, found, point = check(project, lexicon_model, wrong={3, 8}, sample=set(range(1, 11)))
    assert sizes == [16] * 5
    assert {one.sentence for one in found if one.doubt > 0.5} == {3, 8}
    assert {one.sentence for one in found if one.doubt == 0} == set(range(1, 21)) - {3, 8}
    assert point.sample == 10
    assert point.sentences == 16
    assert point.f1 == round(2 * 8 / (8 + 10), 4)
    assert point.low <= point.f1 <= point.high
    assert set(point.labels) == {"LOC", "PER"}
    project.checks.replace(found, point)
    assert [one.sentence for one in project.checks.doubtful()] == [3, 8]


def test_what_was_confirmed_or_changed_is_not_doubtful_any_more(make_project, lexicon_model):
    project = make_project(*(f"Paris has {n} things." for n in range(10)))
    _, found, point = check(project, lexicon_model, wrong={3, 8}, sample=set())
    assert point is None
    project.checks.replace(found, None)
    for number, spans in ((3, []), (8, [PARIS])):
        version = project.decisions.of_sentence(number)[0].number
        project.decisions.record(Answer(number, "ann", spans, version=version, origin="review"))
    assert project.checks.doubtful() == []
