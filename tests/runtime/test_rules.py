"""A tagger with rules: every way of tagging, pickling, evaluation and records."""

from __future__ import annotations

import json
import pickle

import pytest

import nertagger
from nertagger import Rules
from nertagger.corpus import read_documents, save_documents
from nertagger.corpus.conversion import convert
from nertagger.errors import DataError
from nertagger.runtime import Tagger
from nertagger.text import Sentence

TEXT = "Barack Obama met Acme Corp in New York. Acme fired Michelle."
NAMES = {"Acme Corp": "ORG", "Obama met": "LOC", "Acme": "ORG"}


@pytest.fixture(scope="module")
def tagger(lexicon_model) -> Tagger:
    return nertagger.load(lexicon_model)


def summary(document) -> list[tuple[str, str, str | None]]:
    return [(entity.label, entity.text, entity.rule) for entity in document.entities]


def test_rules_that_win_leave_no_half_entity(tagger):
    ruled = tagger.with_rules(Rules(gazetteers=NAMES))
    document = ruled(TEXT)
    assert summary(document) == [
        ("LOC", "Obama met", "gazetteer"),
        ("ORG", "Acme Corp", "gazetteer"),
        ("LOC", "New York", None),
        ("ORG", "Acme", "gazetteer"),
        ("PER", "Michelle", None),
    ]
    assert [entity.confidence for entity in document.entities if entity.rule] == [1.0] * 3
    assert next(ruled.pipe([TEXT])) == document
    words = [sentence.words for sentence in document.sentences]
    assert [tuple(tags) for tags in ruled.tag_tokens(words)] == [sentence.tags for sentence in document.sentences]
    assert [found[0].tags for found in ruled.n_best(words, 2)] == [sentence.tags for sentence in document.sentences]


def test_rules_that_yield_fill_gaps(tagger):
    document = tagger.with_rules(Rules(gazetteers=NAMES, precedence="last"))(TEXT)
    assert summary(document) == [
        ("PER", "Barack Obama", None),
        ("ORG", "Acme Corp", "gazetteer"),
        ("LOC", "New York", None),
        ("ORG", "Acme", "gazetteer"),
        ("PER", "Michelle", None),
    ]


def test_the_tagger_itself_is_unchanged_and_rules_can_be_taken_away(tagger):
    before = tagger(TEXT)
    ruled = tagger.with_rules(Rules(gazetteers=NAMES))
    assert tagger(TEXT) == before == ruled.with_rules(None)(TEXT)
    assert tagger.rules is None
    assert ruled.labels == ("PER", "LOC", "ORG")
    assert tagger.labels == ruled.with_rules(None).labels == ("PER", "LOC")
    assert len(ruled.rules) == 3
    assert tagger.with_rules(Rules())(TEXT) == before


def test_a_pickle_has_the_rules(tagger):
    ruled = tagger.with_rules(Rules(gazetteers=NAMES))
    assert pickle.loads(pickle.dumps(ruled))(TEXT) == ruled(TEXT)


def test_rules_are_evaluated_with_the_model(tagger):
    gold = [Sentence.from_words(("Acme", "met", "Michelle"), tags=("B-ORG", "O", "B-PER"))]
    ruled = tagger.with_rules(Rules(gazetteers=NAMES))
    assert nertagger.evaluate_tagger(ruled, gold).micro.f1 == 1.0


def test_the_rule_is_written_to_json_lines_and_read_again(tagger, tmp_path):
    ruled = tagger.with_rules(Rules(patterns=[{"label": "ORG", "pattern": [{"LOWER": "acme"}], "id": "acme"}]))
    document = ruled(TEXT)
    (first, *_), path = document.to_dict()["entities"][1:], tmp_path / "tagged.jsonl"
    assert first == {"label": "ORG", "start": 17, "end": 21, "text": "Acme", "confidence": 1.0, "rule": "acme"}
    path.write_text(json.dumps(document.to_dict()) + "\n")
    (again,) = read_documents(path)
    assert summary(again) == summary(document)
    assert repr(again.entities[1]) == "Entity('ORG', 17, 21, 'Acme', confidence=1, rule='acme')"


def test_empty_texts_have_no_entities(tagger):
    ruled = tagger.with_rules(Rules(gazetteers=NAMES))
    assert ruled("").entities == ()
    assert ruled.tag_tokens([[], ["Acme"]]) == [[], ["B-ORG"]]


def test_rules_of_another_kind_are_refused(tagger):
    with pytest.raises(DataError, match=r"got the text 'names\.tsv', expected Rules"):
        tagger.with_rules("names.tsv")


def test_a_conversion_says_that_rules_are_lost(tagger, tmp_path, caplog):
    save_documents(tmp_path / "a.jsonl", [tagger.with_rules(Rules(gazetteers=NAMES))(TEXT)])
    convert(read_documents(tmp_path / "a.jsonl"), tmp_path / "b.jsonl", format="jsonl")
    assert "names of the rules" not in caplog.text
    convert(read_documents(tmp_path / "b.jsonl"), tmp_path / "c.json", format="label-studio")
    assert "3 names of the rules that found entities, which label-studio does not hold" in caplog.text
