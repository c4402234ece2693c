from __future__ import annotations

import itertools
import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nertagger
from nertagger.errors import DataError, ModelFileError
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger
from nertagger.text import Document, Entity, Sentence

TEXT = "Barack Obama went to Paris.\nHe met Michelle in New York!"
WORDS = ["Barack", "Obama", "met", "Michelle", "in", "New", "York"]


@pytest.fixture(scope="module")
def tagger(lexicon_model) -> Tagger:
    return nertagger.load(lexicon_model)


def test_the_bytes_of_a_model_file_are_loaded(tagger, lexicon_model):
    in_memory = nertagger.load(Path(lexicon_model).read_bytes())
    assert in_memory(TEXT) == tagger(TEXT)
    assert repr(in_memory).startswith("<Tagger (in memory): ")


def test_text_becomes_a_document_with_entities(tagger):
    document = tagger(TEXT)
    assert document.text == TEXT
    assert [entity[:4] for entity in document.entities] == [
        ("PER", 0, 12, "Barack Obama"),
        ("LOC", 21, 26, "Paris"),
        ("PER", 35, 43, "Michelle"),
        ("LOC", 47, 55, "New York"),
    ]
    assert document.sentences[0].tags == ("B-PER", "I-PER", "O", "O", "B-LOC", "O")


@pytest.mark.parametrize("text", ["", " \n\t ", "\ufeff", "\x00", "a" * 10_000])
def test_text_without_anything_to_find(tagger, text):
    document = tagger(text)
    assert document.text == text
    assert document.entities == ()


NAMES = ["Barack Obama", "Paris", "妈", "New York", "👩\u200d👩\u200d👧", "é\u0301"]


@given(st.text(max_size=60), st.lists(st.sampled_from(NAMES), max_size=5))
@settings(max_examples=150, deadline=None)
def test_offsets_are_those_of_the_text(tagger, text, names):
    given_text = text.join(f" {name} " for name in names) + text
    document = tagger(given_text)
    assert document.text == given_text
    assert all(given_text[entity.start : entity.end] == entity.text for entity in document.entities)
    assert [entity.start for entity in document.entities] == sorted(entity.start for entity in document.entities)


def test_tokens_get_iob2_tags(tagger):
    sentences = [WORDS, [], ["Paris"], ["nothing", "here"], ("New", "York")]
    assert tagger.tag_tokens(sentences) == [
        ["B-PER", "I-PER", "O", "B-PER", "O", "B-LOC", "I-LOC"],
        [],
        ["B-LOC"],
        ["O", "O"],
        ["B-LOC", "I-LOC"],
    ]
    assert tagger.tag_tokens([]) == []


def test_a_sentence_of_any_length_is_tagged_to_its_end(tagger):
    words = [*["he"] * 4_998, "Barack", "Obama"]
    (tags,) = tagger.tag_tokens([words])
    assert tags[-3:] == ["O", "B-PER", "I-PER"]


def test_a_long_sentence_needs_little_memory(tagger):
    words = [*["he", "Paris", "she", "Barack", "Obama"] * 3_200]
    tagger.tag_tokens([words[:9_000]])
    peaks = []
    for length in (8_000, 16_000):
        document = Document.from_sentence(Sentence.from_words(tuple(words[:length])))
        tracemalloc.start()
        ((_, details),) = tagger.tag_in_detail([document])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(details[0].predictions) == length * 2 // 5
    assert peaks[1] - peaks[0] < 600 * 8_000  # five words, their tags and two entities; neither sums nor windows


def test_n_best_labellings_and_posteriors(make_lexicon_model):
    """A single token is O or S and all transitions score 0: two labellings, with a softmax over their scores."""
    tagger = Tagger.load(make_lexicon_model({"Ann": "S-PER"}, certainty=2.0))
    sure = np.exp(2) / (np.exp(2) + 1)
    first, nothing = tagger.n_best([["Ann"], []], 5)
    assert [labelling.tags for labelling in first] == [("B-PER",), ("O",)]
    assert [labelling.probability for labelling in first] == pytest.approx([sure, 1 - sure])
    assert nothing == [((), 1.0)]
    posteriors, none = tagger.posteriors([["Ann"], []])
    assert posteriors == pytest.approx(np.array([[1 - sure, 0, 0, 0, sure]]))
    assert none.shape == (0, 5)


def test_a_long_sentence_has_labellings_of_probability_zero(make_lexicon_model):
    tagger = Tagger.load(make_lexicon_model({"Ann": "S-PER"}, certainty=0.1))
    (labellings,) = tagger.n_best([["Ann"] * 3_000], 3)
    assert [len(labelling.tags) for labelling in labellings] == [3_000] * 3
    assert labellings[0].probability == 0  # underflows


@pytest.mark.parametrize("output", ["crf", "softmax"])
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from([*WORDS, "Ann", "Lee"]), max_size=7), max_size=6))
def test_labellings_posteriors_and_entities_agree(make_lexicon_model, output, sentences):
    lexicon = {"Barack": "B-PER", "Obama": "E-PER", "Ann": "I-PER", "Lee": "S-LOC", "York": "S-PER"}
    tagger = Tagger.load(make_lexicon_model(lexicon, certainty=1.5, output=output))
    best = tagger.n_best(sentences, 4)
    if output == "crf":  # with the softmax many tags are equally good here
        assert [list(labellings[0].tags) for labellings in best] == tagger.tag_tokens(sentences)
    for words, labellings, posteriors in zip(sentences, best, tagger.posteriors(sentences), strict=True):
        probabilities = [labelling.probability for labelling in labellings]
        assert probabilities == sorted(probabilities, reverse=True)
        assert sum(probabilities) <= 1 + 1e-9
        assert posteriors.sum(axis=1) == pytest.approx(np.ones(len(words)))
        for t in range(len(words)):
            outside = sum(labelling.probability for labelling in labellings if labelling.tags[t] == "O")
            assert posteriors[t, 0] >= outside - 1e-6


def test_details_are_those_of_the_document(tagger):
    document = tagger(TEXT)
    ((again, details),) = tagger.tag_in_detail([document], n_best=2, posteriors=True)
    assert again == document
    assert [len(one.labellings) for one in details] == [2, 2]
    for sentence, one in zip(again.sentences, details, strict=True):
        assert one.labellings[0].tags == sentence.tags
        assert one.posteriors.shape == (len(sentence), len(tagger.tags))
    ((_, bare),) = tagger.tag_in_detail([document])
    assert {(one.labellings, one.posteriors) for one in bare} == {(None, None)}


def test_labels_and_emissions(tagger):
    assert tagger.labels == ("PER", "LOC")
    assert tagger.tags[0] == "O"
    emissions = tagger.emissions([["Paris", "is"], [], ["Michelle"]])
    assert [scores.shape for scores in emissions] == [(2, 9), (0, 9), (1, 9)]
    assert tagger.tags[emissions[0][0].argmax()] == "S-LOC"


def test_confidence_is_the_posterior_of_the_crf(make_lexicon_model):
    """A single token is O or S and all transitions score 0: the posterior is a softmax over two scores."""
    tagger = Tagger.load(make_lexicon_model({"Ann": "S-PER"}, certainty=2.0))
    (entity,) = tagger("Ann").entities
    assert entity.confidence == pytest.approx(np.exp(2) / (np.exp(2) + 1))


@pytest.mark.parametrize("output", ["crf", "softmax"])
def test_confidence_of_several_tokens(make_lexicon_model, output):
    tagger = Tagger.load(make_lexicon_model({"Ann": "B-PER", "Lee": "E-PER"}, certainty=1.0, output=output))
    (entity,) = tagger("Ann Lee").entities
    scores = np.array([[0, 1, 0, 0, 0], [0, 0, 0, 1, 0]])  # of O B I E S
    if output == "softmax":
        expected = (np.e / (np.e + 4)) ** 2
    else:
        legal = [(0, 0), (0, 4), (4, 0), (4, 4), (1, 3)]
        totals = {path: np.exp(scores[0, path[0]] + scores[1, path[1]]) for path in legal}
        expected = totals[1, 3] / sum(totals.values())
    assert entity.confidence == pytest.approx(expected)


def test_illegal_softmax_tags_are_read_by_the_rules_of_conlleval(make_lexicon_model):
    tagger = Tagger.load(make_lexicon_model({"Ann": "I-PER", "Lee": "I-PER", "Oslo": "E-LOC"}, output="softmax"))
    assert tagger.tag_tokens([["Ann", "Lee", "ran", "Oslo"]]) == [["B-PER", "I-PER", "O", "B-LOC"]]


def test_a_crf_predicts_only_legal_tags(make_lexicon_model):
    tagger = Tagger.load(make_lexicon_model({"Ann": "I-PER", "Lee": "I-PER"}, certainty=1.0))
    assert tagger.tag_tokens([["Ann", "ran"]]) == [["O", "O"]]


def test_entities_of_low_confidence_can_be_left_out(tagger):
    document = tagger(TEXT)
    bound = sorted(entity.confidence for entity in document.entities)[2]
    (again,) = tagger.tag_documents([document], min_confidence=bound)
    assert [entity.text for entity in again.entities] == ["Barack Obama", "New York"]
    assert again.sentences[0].tags == ("B-PER", "I-PER", "O", "O", "O", "O")


def test_documents_keep_their_fields_and_lose_old_tags(tagger):
    sentence = Sentence(("Paris", "Hilton"), (3, 10), ("B-PER", "I-PER"), "a.conll:7")
    document = Document("in Paris, Hilton", (sentence,), (Entity("PER", 3, 16, "x"),), source="a", offset=9, opens=True)
    (tagged,) = tagger.tag_documents([document])
    assert tagged.entities == (Entity("LOC", 3, 8, "Paris", tagged.entities[0].confidence),)
    assert tagged.sentences == (Sentence(("Paris", "Hilton"), (3, 10), ("B-LOC", "O"), "a.conll:7"),)
    assert (tagged.source, tagged.offset, tagged.opens) == ("a", 9, True)


def test_pipe_keeps_order_and_yields_before_the_end(tagger):
    endless = (f"Paris is number {i}. " * (1 + i % 40) for i in itertools.count())
    for i, document in zip(range(500), tagger.pipe(endless), strict=False):
        assert document.text.startswith(f"Paris is number {i}.")
        assert len(document.entities) == 1 + i % 40


@pytest.mark.parametrize("text", ["Paris. " * 50, "Paris", ""])
def test_the_look_ahead_is_bounded(tagger, monkeypatch, text):
    monkeypatch.setattr("nertagger.runtime.batching._WINDOW_TOKENS", 1_000)
    monkeypatch.setattr("nertagger.runtime.batching._WINDOW_ITEMS", 30)
    read: list[str] = []
    texts = (read.append(text) or text for _ in range(200))
    for given_back, _ in enumerate(tagger.pipe(texts)):
        assert len(read) - given_back <= 2 * (10 if len(text) > 5 else 30)
    assert len(read) == given_back + 1 == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tags": []}, "tags"),
        ({"tags": "O"}, "tags"),
        ({"tags": ["B-X", "O"]}, "O first"),
        ({"tags": ["O", "B-X", "B-X"]}, "distinct"),
        ({"tags": ["O", "L-X"]}, "'L-X'"),
        ({"tags": ["O", "B-"]}, "'B-'"),
        ({"tags": ["O", 7]}, "7"),
        ({"tags": ["O", "S-PER"]}, r"crf/transitions is float32 of shape \(9, 9\), expected .* \(2, 2\)"),
        ({"output": "perceptron"}, "'perceptron', expected crf or softmax"),
        ({"output": ["crf"]}, "expected crf or softmax"),
        ({"words": 3}, "does not describe features"),
        ({"characters": ["a"]}, "does not describe features"),
    ],
)
def test_an_invalid_vocabulary(tmp_path, good_members, changes, message):
    vocabulary = json.loads(good_members["vocabulary.json"]) | changes
    path = tmp_path / "m.ner"
    write_model(path, good_members | {"vocabulary.json": json.dumps(vocabulary).encode()})
    with pytest.raises(ModelFileError, match=message) as caught:
        Tagger.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_crf_scores_that_are_missing_or_not_finite(tmp_path, good_members, model_parts):
    path = tmp_path / "m.ner"
    zeros = np.zeros((9, 9), np.float32)
    bad = model_parts.crf_weights(zeros, np.full(9, np.nan), zeros[0])
    for weights, name in (({}, "crf/transitions is missing"), (bad, "crf/start is .* expected finite")):
        content = model_parts.members_of({}, weights, b"", b"")["weights.safetensors"]
        write_model(path, good_members | {"weights.safetensors": content})
        with pytest.raises(ModelFileError, match=name):
            Tagger.load(path)


@pytest.mark.parametrize(("act", "message"), [
    (lambda tagger: tagger(None), "got None, expected a text; several texts are for pipe"),
    (lambda tagger: tagger(["Ann ran"]), "got a list, expected a text"),
    (lambda tagger: tagger.tag_tokens(["Ann", "ran"]), "sentence 1: got the text 'Ann', expected a list of words"),
    (lambda tagger: tagger.tag_tokens("Ann ran"), "got the text 'Ann ran', expected a list of sentences"),
    (lambda tagger: tagger.tag_tokens([["Ann", None]]), "sentence 1, word 2: got None"),
    (lambda tagger: tagger.n_best(["Ann"], 2), "sentence 1: got the text 'Ann'"),
    (lambda tagger: tagger.n_best([["Ann"]], 0), "n: got 0, expected a whole number from 1"),
    (lambda tagger: tagger.posteriors(["Ann"]), "sentence 1: got the text 'Ann'"),
    (lambda tagger: tagger.emissions(["Ann"]), "sentence 1: got the text 'Ann'"),
    (lambda tagger: tagger.pipe("Ann ran"), "got the text 'Ann ran', expected a list of texts"),
    (lambda tagger: list(tagger.pipe(["Ann", float("nan")])), "text 2: got nan, expected a text"),
    (lambda tagger: list(tagger.tag_documents(["Ann"])), "document 1: got the text 'Ann', expected a Document"),
    (lambda tagger: list(tagger.tag_documents(tagger("Ann"))), "got a Document, expected a list of documents"),
    (lambda tagger: list(tagger.tag_documents([], min_confidence=2)), "min_confidence: got 2, expected a number"),
    (lambda tagger: list(tagger.tag_in_detail([], n_best=-1)), "n_best: got -1, expected a whole number from 0"),
    (lambda tagger: Tagger.load(tagger.model.path, threads=0), "threads: got 0, expected a whole number from 1"),
])  # fmt: skip
def test_invalid_arguments_are_rejected(tagger, act, message):
    with pytest.raises(DataError) as raised:
        act(tagger)
    assert str(raised.value).startswith(message)


def test_repr(tagger):
    size = sum(map(len, tagger.model.members.values())) / 1e6
    labels = f"{len(tagger.labels)} labels ({', '.join(tagger.labels)})"
    assert repr(tagger) == f"<Tagger {tagger.model.path.name}: {labels}, {size:.1f} MB>"


def test_entities_of_low_confidence_are_left_out(make_lexicon_model):
    tagger = Tagger.load(make_lexicon_model({"Ann": "S-PER"}, certainty=2.0))
    for least, found in ((0.5, 1), (0.99, 0)):
        [document] = tagger.pipe(["Ann"], min_confidence=least)
        assert document == tagger("Ann", min_confidence=least)
        assert len(document.entities) == found


def test_a_text_of_numpy_is_a_plain_text_in_the_document(tagger):
    assert type(tagger(np.str_(TEXT)).text) is str
    with pytest.raises(DataError, match=r"^got None, expected a text"):
        tagger.segment(None)


@pytest.mark.parametrize("wrong", [None, "", 3, ["a.ner"]])
def test_what_is_not_a_path_is_refused(wrong):
    with pytest.raises(ModelFileError, match=r"^got .*, expected the path of a model file, or its bytes$"):
        nertagger.load(wrong)
