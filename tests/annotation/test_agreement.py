from __future__ import annotations

import pytest
from sklearn.metrics import cohen_kappa_score

from nertagger.annotation.agreement import agreements, cohens_kappa
from nertagger.annotation.store.decisions import Answer
from nertagger.text.document import Span


def test_agreement_of_two_annotators(project):
    for who, spans in (
        ("ann", [Span("PER", 0, 1), Span("LOC", 4, 5)]),
        ("bob", [Span("PER", 0, 1), Span("LOC", 3, 5)]),
    ):
        project.decisions.record(Answer(1, who, spans))
        project.decisions.record(Answer(2, who, [Span("LOC", 0, 1)]))
    project.decisions.record(Answer(3, "bob"))
    (found,) = agreements(project)
    assert (found.annotators, found.sentences, found.differ) == (("ann", "bob"), 2, [1])
    assert found.f1 == pytest.approx(2 / 3)
    ann = ["PER", "O", "O", "O", "LOC", "O", "LOC", "O", "O", "O"]
    bob = ["PER", "O", "O", "LOC", "LOC", "O", "LOC", "O", "O", "O"]
    assert found.kappa == pytest.approx(cohen_kappa_score(ann, bob))


def test_those_who_share_no_sentence_have_no_agreement(project):
    project.decisions.record(Answer(1, "ann"))
    project.decisions.record(Answer(2, "bob"))
    assert agreements(project) == []


def test_full_agreement_on_a_single_category_is_one():
    assert cohens_kappa({("O", "O"): 10}) == 1.0
