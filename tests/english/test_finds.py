"""The English tagger on sentences whose entities are obvious."""

from __future__ import annotations

import pytest

import nertagger
from nertagger.english.files import FOLDER
from nertagger.runtime import Tagger

pytestmark = pytest.mark.skipif(not (FOLDER / "tagger.ner").exists(), reason="the package has no tagger yet")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return nertagger.load("english")


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (
            "Anna Kern moved from Oslo to Berlin to work for Siemens in May 2024.",
            {("PER", "Anna Kern"), ("LOC", "Oslo"), ("LOC", "Berlin"), ("ORG", "Siemens"), ("DATE", "May 2024")},
        ),
        ("anna kern lives in berlin.", {("PER", "anna kern"), ("LOC", "berlin")}),
        ("GERMANY AND FRANCE SIGN TREATY IN PARIS", {("LOC", "GERMANY"), ("LOC", "FRANCE"), ("LOC", "PARIS")}),
        ("Svetlana Petrova ( Russia ) 1:04.35", {("PER", "Svetlana Petrova"), ("LOC", "Russia")}),
        ("Tell us what you think, may I ask?", set()),
        ("Israeli soldiers crossed the border.", {("MISC", "Israeli")}),
        ("Mr Smith met Mrs Jones.", {("PER", "Smith"), ("PER", "Jones")}),
    ],
)
def test_the_obvious_is_found(tagger: Tagger, text: str, entities: set[tuple[str, str]]):
    assert {(entity.label, entity.text) for entity in tagger(text).entities} == entities


def test_confidence_tells_sure_from_unsure(tagger: Tagger):
    sure, unsure = (tagger(text).entities[0] for text in ("She lives in London.", "Zorbl announced its results."))
    assert sure.confidence is not None
    assert unsure.confidence is not None
    assert sure.confidence > 0.9 > unsure.confidence
