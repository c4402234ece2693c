"""The recipe of the English tagger: what it makes of labels, what it leaves out, what it adds."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

import nertagger
from nertagger.text import Sentence, read_spans
from nertagger.text.schemes import TagScheme, count_repairs

RECIPE = Path(__file__).resolve().parents[2] / "data" / "recipes" / "english"
sys.path.insert(0, str(RECIPE))

from distillation import labelled, raw_sentences  # noqa: E402
from gmb import clean, vary_titles, without_honorifics  # noqa: E402
from leakage import ScoredText  # noqa: E402
from letter_case import vary_case  # noqa: E402
from merging import unused  # noqa: E402
from sources import SOURCES, read_source  # noqa: E402
from tables import COUNTRIES, TEMPLATES, Names, rows  # noqa: E402


def sentence(text: str) -> Sentence:
    """Return the sentence of words with tags behind slashes."""
    words, tags = zip(*(pair.rsplit("/", 1) if "/" in pair else (pair, "O") for pair in text.split()), strict=True)
    return Sentence.from_words(words, tags=tags)


def entities(found: Sentence) -> list[tuple[str, str]]:
    return [(span.label, " ".join(found.words[span.first : span.stop])) for span in read_spans(found.tags or ())]


@pytest.mark.parametrize(
    ("silver", "cleaned"),
    [
        ("Prime/B-PER Minister/I-PER Tony/I-PER Blair/I-PER", [("PER", "Tony Blair")]),
        ("Prime/B-PER Minister", []),
        ("the British/B-gpe in Niger/B-gpe", [("MISC", "British"), ("LOC", "Niger")]),
        ("Sunni/B-LOC leaders", [("MISC", "Sunni")]),
        ("since/B-DATE May/I-DATE 2003/I-DATE", [("DATE", "May 2003")]),
        ("two/B-DATE years", []),
        ("in the US/B-ORG", [("LOC", "US")]),
        ("the U.S./B-ORG Senate/I-ORG", [("LOC", "U.S."), ("ORG", "Senate")]),
    ],
)
def test_gmb_labels_are_made_like_those_of_other_corpora(silver: str, cleaned: list[tuple[str, str]]) -> None:
    assert entities(clean([sentence(silver)])[0]) == cleaned


def test_gmb_names_have_their_most_frequent_label() -> None:
    found = clean([sentence("Oslo/B-LOC"), sentence("Oslo/B-LOC"), sentence("Oslo/B-ORG")])
    assert [entities(one) for one in found] == [[("LOC", "Oslo")]] * 3


def test_titles_vary() -> None:
    texts = {one.words[0] for one in vary_titles([sentence("Mr. Kern/B-PER ran")] * 50, rng=random.Random(1))}
    assert {"Mr.", "Mr", "Mrs", "Dr"} <= texts


@pytest.mark.parametrize(
    ("text", "is_scored"),
    [
        ("The Mayor Of Oslo Met The Press On 5 May", True),
        ("the mayor of Oslo met the press on 7 May , again", True),
        ("the mayor of Berlin met nobody at all", False),
        ("Oslo", False),
    ],
)
def test_scored_sentences_and_near_copies_are_left_out(text: str, is_scored: bool) -> None:
    scored = ScoredText([["the", "mayor", "of", "Oslo", "met", "the", "press", "on", "6", "May", "."]])
    assert scored.has(sentence(text)) is is_scored


def test_honorifics_are_no_part_of_names() -> None:
    found = without_honorifics(
        [sentence("Dear Mr/B-PER Kern/I-PER ,"), sentence("Dr/B-PER"), sentence("Mrs/B-ORG Co/I-ORG")]
    )
    assert [entities(one) for one in found] == [[("PER", "Kern")], [], [("ORG", "Mrs Co")]]


def test_letter_case_varies_and_tags_stay() -> None:
    one = sentence("Anna/B-PER lives in Oslo/B-LOC")
    varied = vary_case([one] * 200, rng=random.Random(1))
    assert {" ".join(found.words) for found in varied} == {
        "Anna lives in Oslo",
        "anna lives in oslo",
        "ANNA LIVES IN OSLO",
        "Anna Lives in Oslo",
    }
    assert {found.tags for found in varied} == {one.tags}


def test_rows_of_tables_have_valid_tags_and_names_of_the_training_text() -> None:
    names = Names.of([sentence("Anna/B-PER Kern/I-PER of Oslo/B-LOC left Siemens/B-ORG")] * 2)
    assert (names.first, names.last, names.places, names.organizations) == (("Anna",), ("Kern",), ["Oslo"], ["Siemens"])
    drawn = list(rows(names, 300, rng=random.Random(1)))
    assert not any(count_repairs(row.tags or (), TagScheme.IOB2) for row in drawn)
    assert {label for row in drawn for label, _ in entities(row)} == {"PER", "LOC", "ORG", "DATE"}
    assert len(COUNTRIES) > 100
    assert len(TEMPLATES.split("\n")) > 40


def test_sources_are_read_with_the_labels_of_the_tagger(tmp_path: Path) -> None:
    (tmp_path / "train.conll").write_text("Borrower NNP O I-PER\npaid VBD O O\nAnna NNP O I-PER\n\n")
    (found,) = read_source(tmp_path, SOURCES["sec"], ("train.conll",))
    assert entities(found) == [("PER", "Anna")]


def test_labels_of_a_committee_replace_those_of_sentences() -> None:
    (found,) = labelled(nertagger.load("english"), [sentence("Barack/B-LOC Obama/I-LOC flew from Berlin to London .")])
    assert entities(found)[:2] == [("PER", "Barack Obama"), ("LOC", "Berlin")]


def test_raw_sentences_are_drawn_without_scored_and_short_ones(tmp_path: Path) -> None:
    (tmp_path / "raw.txt").write_text("Yes. The mayor of Oslo met us. The king of Spain met us.", encoding="utf-8")
    scored = ScoredText([["the", "mayor", "of", "Oslo", "met", "us", "."]])
    found = raw_sentences(tmp_path / "raw.txt", scored, count=3)
    assert [" ".join(one.words) for one in found] == ["The king of Spain met us ."]


def test_unused_sentences_are_those_of_gmb_outside_the_text() -> None:
    one, other = sentence("Anna ran"), sentence("Tom ran")
    assert unused({"gmb": [one, other], "sec": [sentence("We agree")]}, [one]) == [other]
