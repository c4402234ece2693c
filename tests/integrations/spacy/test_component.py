"""The component in pipelines of spaCy, used as spaCy's own components are."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.tokens.underscore import Underscore
from spacy.training import Example

import nertagger
from nertagger.errors import DataError, ModelFileError
from nertagger.integrations.spacy import SpacyComponent
from nertagger.runtime import Tagger
from nertagger.text import Document

TEXTS = ["Barack Obama saw Paris. Michelle did not.", "", " \n ", "Nobody came.", "New York,\t New  York\n\nMichelle"]
FOUND = [
    [("Barack Obama", "PER"), ("Paris", "LOC"), ("Michelle", "PER")],
    [],
    [],
    [],
    [("New York", "LOC"), ("New  York", "LOC"), ("Michelle", "PER")],
]


@pytest.fixture
def make_pipeline(lexicon_model: Path) -> Callable[..., Language]:
    def make(language: str = "en", **config: object) -> Language:
        nlp = spacy.blank(language)
        nlp.add_pipe("nertagger", config={"model": str(lexicon_model), **config})
        return nlp

    return make


@pytest.fixture
def nlp(make_pipeline: Callable[..., Language]) -> Language:
    return make_pipeline()


def found(doc: Doc) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in doc.ents]


def test_entities_confidences_and_the_whole_result(nlp: Language, lexicon_model: Path) -> None:
    doc = nlp(TEXTS[0])
    expected = nertagger.load(lexicon_model)(TEXTS[0])
    assert found(doc) == FOUND[0]
    assert [span._.confidence for span in doc.ents] == [entity.confidence for entity in expected.entities]
    assert doc._.nertagger == expected
    assert doc[2:3]._.confidence is None
    assert spacy.blank("en")("Paris")._.nertagger is None


@pytest.mark.parametrize("batch_size", [1, 2, 1000])
def test_pipe_gives_what_calls_give(nlp: Language, batch_size: int) -> None:
    docs = list(nlp.pipe(TEXTS, batch_size=batch_size))
    assert [found(doc) for doc in docs] == FOUND
    for doc, text in zip(docs, TEXTS, strict=True):
        alone = nlp(text)
        assert doc._.nertagger == alone._.nertagger
        assert [token.ent_iob_ for token in doc] == [token.ent_iob_ for token in alone]
        assert doc.has_annotation("ENT_IOB", require_complete=True)


def test_pipe_reads_one_batch_ahead(nlp: Language) -> None:
    read: list[int] = []
    docs = nlp.pipe((read.append(n) or TEXTS[0] for n in range(9)), batch_size=3)
    next(docs)
    assert len(read) == 3


def test_pipe_with_contexts_and_processes(nlp: Language) -> None:
    pairs = list(nlp.pipe(zip(TEXTS, range(5), strict=True), as_tuples=True))
    assert [(found(doc), number) for doc, number in pairs] == [*zip(FOUND, range(5), strict=True)]
    docs = list(nlp.pipe(TEXTS, n_process=2, batch_size=2))
    assert [found(doc) for doc in docs] == FOUND
    for doc, (alone, _) in zip(docs, pairs, strict=True):
        assert doc._.nertagger == alone._.nertagger
        assert [span._.confidence for span in doc.ents] == [span._.confidence for span in alone.ents]


def test_entities_equal_those_of_tag_tokens(bundled: Path) -> None:
    """The English tagger's entities depend on the words around."""
    nlp = spacy.blank("en")
    nlp.add_pipe("nertagger")
    texts = [" ".join(sentence.words) for sentence in nertagger.read(bundled / "test.conll")[:180]]
    docs = list(nlp.pipe("\n\n".join(texts[first : first + 9]) for first in range(0, len(texts), 9)))
    assert len(docs) > 10
    tokens = [token for doc in docs for token in doc if not token.is_space]
    sentences = [sentence.words for doc in docs for sentence in doc._.nertagger.sentences]
    assert [token.text for token in tokens] == [word for words in sentences for word in words]
    tags = [tag for tags in nertagger.load("english").tag_tokens(sentences) for tag in tags]
    assert ["-".join(filter(None, (token.ent_iob_, token.ent_type_))) for token in tokens] == tags
    assert any(tag.startswith("I-") for tag in tags)


def test_sentences_of_the_doc_are_used_if_it_has_some(nlp: Language) -> None:
    text = "Barack Obama\n\nsaw Paris. Michelle did not."
    assert [s.words for s in nlp(text)._.nertagger.sentences] == [
        ("Barack", "Obama"), ("saw", "Paris", "."), ("Michelle", "did", "not", ".")]  # fmt: skip
    doc = nlp.make_doc(text)
    for token in doc:
        token.is_sent_start = token.i in (0, 2)  # the second is the line break
    assert [s.words for s in nlp(doc)._.nertagger.sentences] == [
        ("Barack", "Obama"), ("saw", "Paris", ".", "Michelle", "did", "not", ".")]  # fmt: skip
    nlp.add_pipe("sentencizer", first=True)
    assert [len(s) for s in nlp(text)._.nertagger.sentences] == [5, 4]


def test_a_sentence_end_inside_an_entity_divides_it(nlp: Language) -> None:
    doc = nlp.make_doc("Barack Obama")
    doc[1].is_sent_start = True
    assert ("Barack Obama", "PER") not in found(nlp(doc))


RULES = [{"label": "TEAM", "pattern": "York Nets", "id": "nets"}, {"label": "CITY", "pattern": "Paris"}]


@pytest.mark.parametrize(
    ("before", "overwrite", "expected"),
    [
        (True, False, [("York Nets", "TEAM", "nets"), ("Paris", "CITY", ""), ("Michelle", "PER", "")]),
        (True, True, [("New York", "LOC", ""), ("Paris", "LOC", ""), ("Michelle", "PER", "")]),
        (False, False, [("New York", "LOC", ""), ("Paris", "LOC", ""), ("Michelle", "PER", "")]),
    ],
)
def test_entities_that_are_set_already_win_unless_overwritten(
    make_pipeline: Callable[..., Language], before: bool, overwrite: bool, expected: list[tuple[str, str, str]]
) -> None:
    nlp = make_pipeline(overwrite_ents=overwrite)
    ruler = nlp.add_pipe("entity_ruler", **{"before" if before else "after": "nertagger"})
    ruler.add_patterns(RULES)
    doc = nlp("New York Nets Paris Michelle")
    assert [(span.text, span.label_, span.ent_id_) for span in doc.ents] == expected
    assert [(entity.text, entity.label) for entity in doc._.nertagger.entities] == [
        ("New York", "LOC"), ("Paris", "LOC"), ("Michelle", "PER")]  # fmt: skip


def test_tokens_that_must_not_be_in_an_entity_are_in_none(nlp: Language) -> None:
    doc = nlp.make_doc("Paris and New York and Paris")
    doc.set_ents([], blocked=[doc[3:4]], missing=[doc[5:6]], default="outside")
    assert [(span.start, span.label_) for span in nlp(doc).ents] == [(0, "LOC"), (5, "LOC")]
    assert doc[3].ent_iob_ == "B"
    assert doc[3].ent_type_ == ""


def test_low_confidence_is_left_out(make_pipeline: Callable[..., Language], nlp: Language) -> None:
    sure = [span._.confidence for span in nlp(TEXTS[0]).ents]
    assert min(sure) < max(sure)
    doc = make_pipeline(confidence=max(sure))(TEXTS[0])
    assert len(doc.ents) == len(doc._.nertagger.entities) == sure.count(max(sure))
    assert not make_pipeline(confidence=1.0)(TEXTS[0]).ents


def test_span_group_with_scores(make_pipeline: Callable[..., Language]) -> None:
    nlp = make_pipeline(spans_key="sc", annotate_ents=False)
    doc = nlp(TEXTS[0])
    assert not doc.ents
    assert not doc.has_annotation("ENT_IOB")
    assert [(span.text, span.label_) for span in doc.spans["sc"]] == FOUND[0]
    confidences = [span._.confidence for span in doc.spans["sc"]]
    np.testing.assert_allclose(doc.spans["sc"].attrs["scores"], confidences)
    [again] = DocBin(docs=[doc]).get_docs(nlp.vocab)
    np.testing.assert_allclose(again.spans["sc"].attrs["scores"], confidences)


@pytest.mark.parametrize("how", ["disk", "bytes", "pickle"])
def test_a_pipeline_holds_its_model(make_lexicon_model: Callable[..., Path], tmp_path: Path, how: str) -> None:
    path = make_lexicon_model({"Oslo": "S-LOC"})
    nlp = spacy.blank("en")
    nlp.add_pipe("nertagger", config={"model": str(path), "confidence": 0.25})
    if how == "disk":
        nlp.to_disk(tmp_path / "pipeline")
        path.unlink()
        again = spacy.load(tmp_path / "pipeline")
        assert again.meta["labels"]["nertagger"] == ["LOC"]
    elif how == "bytes":
        data = nlp.to_bytes()
        path.unlink()
        again = spacy.blank("en").from_config(nlp.config).from_bytes(data)
    else:
        again = pickle.loads(pickle.dumps(nlp))
        path.unlink()
    assert found(again("Oslo")) == [("Oslo", "LOC")]
    assert again.get_pipe("nertagger").confidence == 0.25
    assert again.get_pipe("nertagger").to_bytes() == nlp.get_pipe("nertagger").to_bytes()


def test_docs_are_saved_with_their_results(nlp: Language, tmp_path: Path) -> None:
    doc = nlp(TEXTS[0])
    [stored] = DocBin(store_user_data=True, docs=[doc]).get_docs(nlp.vocab)
    for again in (Doc(nlp.vocab).from_bytes(doc.to_bytes()), stored, pickle.loads(pickle.dumps(doc)), doc.copy()):
        assert again._.nertagger == doc._.nertagger
        assert [span._.confidence for span in again.ents] == [span._.confidence for span in doc.ents]
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    assert isinstance(doc._.nertagger, Document)
    assert doc.ents[0]._.confidence is not None


def test_pickle_in_another_process(nlp: Language, tmp_path: Path) -> None:
    (tmp_path / "nlp.pickle").write_bytes(pickle.dumps(nlp))
    code = "import pickle, sys; doc = pickle.load(open(sys.argv[1], 'rb'))('Paris'); "
    code += "print(doc.ents[0]._.confidence == doc._.nertagger.entities[0].confidence)"
    command = [sys.executable, "-c", code, str(tmp_path / "nlp.pickle")]
    assert subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout == "True\n"


def test_renamed_component(nlp: Language) -> None:
    nlp.rename_pipe("nertagger", "places")
    doc = nlp(TEXTS[0])
    assert found(doc) == FOUND[0]
    assert len(doc._.places.entities) == 3


def test_two_components_of_different_names(nlp: Language, make_lexicon_model: Callable[..., Path]) -> None:
    other = make_lexicon_model({"Oslo": "S-CITY", "Paris": "S-CITY"})
    nlp.add_pipe("nertagger", name="cities", config={"model": str(other)})
    doc = nlp("Michelle left Paris for Oslo")
    assert found(doc) == [("Michelle", "PER"), ("Paris", "LOC"), ("Oslo", "CITY")]
    assert [entity.text for entity in doc._.cities.entities] == ["Paris", "Oslo"]
    assert [entity.text for entity in doc._.nertagger.entities] == ["Michelle", "Paris"]
    with nlp.select_pipes(disable="nertagger"):
        assert found(nlp("Michelle left Paris")) == [("Paris", "CITY")]


@pytest.fixture
def _own_extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extension attributes that a test registers are gone after it."""
    for kind in ("doc_extensions", "span_extensions"):
        monkeypatch.setattr(Underscore, kind, dict(getattr(Underscore, kind)))


@pytest.mark.usefixtures("_own_extensions")
def test_attributes_that_are_registered_already(
    make_pipeline: Callable[..., Language], caplog: pytest.LogCaptureFixture
) -> None:
    Span.set_extension("confidence", default=0.5, force=True)
    Doc.set_extension("nertagger", default=None, force=True)
    doc = make_pipeline()(TEXTS[0])
    assert doc[2:3]._.confidence == 0.5
    assert doc.ents[0]._.confidence == doc._.nertagger.entities[0].confidence
    assert not caplog.records
    Span.set_extension("confidence", getter=len, force=True)
    Doc.set_extension("nertagger", method=len, force=True)
    doc = make_pipeline()(TEXTS[0])
    assert found(doc) == FOUND[0]
    assert doc.ents[0]._.confidence == 2
    assert doc._.nertagger() == len(doc)
    assert [record.message for record in caplog.records] == [
        "span._.confidence is computed by something else; confidences are in doc._.nertagger alone",
        "doc._.nertagger is an attribute of something else: whole results are not shown there; name the component "
        "otherwise: nlp.add_pipe(..., name='NAME')",
    ]


def test_scores_and_analysis(nlp: Language) -> None:
    gold = spacy.blank("en")("Michelle saw Paris and Oslo")
    gold.ents = [Span(gold, 0, 1, "PER"), Span(gold, 2, 3, "ORG"), Span(gold, 4, 5, "LOC")]
    scores = nlp.evaluate([Example(nlp.make_doc(gold.text), gold)])
    assert (scores["ents_p"], scores["ents_r"]) == (1 / 2, 1 / 3)
    assert scores["ents_per_type"]["PER"]["f"] == 1.0
    analysis = nlp.analyze_pipes()
    assert analysis["problems"] == {"nertagger": []}
    assert "doc.ents" in analysis["summary"]["nertagger"]["assigns"]
    assert nlp.pipe_labels["nertagger"] == ["PER", "LOC"]


def test_other_languages_and_tokenizers(make_pipeline: Callable[..., Language]) -> None:
    assert found(make_pipeline("zh")("妈来了")) == [("妈", "PER")]
    assert found(make_pipeline("xx")("Paris 妈")) == [("Paris", "LOC"), ("妈", "PER")]
    nlp = make_pipeline("de")
    doc = Doc(nlp.vocab, words=["New", "\t ", "York", " ", "Paris"], spaces=[True, False, False, True, False])
    assert [(span.start, span.end) for span in nlp(doc).ents] == [(0, 3), (4, 5)]


def test_displacy_shows_the_entities(nlp: Language) -> None:
    html = displacy.render(nlp(TEXTS[0]), style="ent", jupyter=False)
    assert "Barack Obama" in html
    assert html.count("<mark") == 3


def test_errors_of_a_batch_go_to_the_handler(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = Tagger.tag_documents

    def fail(self, documents, **options):
        documents = list(documents)
        if any("did not" in document.text for document in documents):
            raise MemoryError("no")
        return tag(self, documents, **options)

    monkeypatch.setattr(Tagger, "tag_documents", fail)
    with pytest.raises(MemoryError):
        list(nlp.pipe(TEXTS))
    failed: list[str] = []
    nlp.set_error_handler(lambda name, component, docs, error: failed.extend(doc.text for doc in docs))
    assert [doc.text for doc in nlp.pipe(TEXTS, batch_size=1)] == TEXTS[1:]
    assert failed == TEXTS[:1]


def test_errors_of_the_stream_are_raised_after_the_docs_before(nlp: Language) -> None:
    def texts() -> Iterator[str]:
        yield from TEXTS
        raise KeyError("the database")

    nlp.set_error_handler(lambda *parts: None)
    docs: list[Doc] = []
    with pytest.raises(KeyError, match="the database"):
        docs += nlp.pipe(texts(), batch_size=2)
    assert [found(doc) for doc in docs] == FOUND


def test_mistakes(lexicon_model: Path, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    with pytest.raises(DataError, match=r"confidence: got 2\.0, expected a number from 0 to 1"):
        nlp.add_pipe("nertagger", config={"confidence": 2.0})
    nlp.add_pipe("nertagger", config={"model": str(tmp_path / "no.ner")})
    for use in (lambda: nlp("Paris"), nlp.initialize, lambda: nlp.to_disk(tmp_path / "pipeline"), nlp.to_bytes):
        with pytest.raises(ModelFileError, match=r"no\.ner: there is no such file"):
            use()
    with pytest.raises(ModelFileError, match=r"nertagger/model\.ner: there is no such file"):
        SpacyComponent(lexicon_model).from_disk(tmp_path / "nertagger")


def test_the_entry_point_loads_no_tagger() -> None:
    """SpaCy imports it for every pipeline, also for those without this component."""
    code = "import sys, nertagger.integrations.spacy\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "nertagger.runtime" not in done.stdout.split()
