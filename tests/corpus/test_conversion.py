"""Conversion between formats: what is preserved, and what is reported as lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, product
from pathlib import Path

import pytest

from nertagger.corpus import FORMATS, read_documents, save_documents
from nertagger.corpus.conversion import convert
from nertagger.corpus.interface import Holds
from nertagger.printable import counted_kind
from nertagger.text import Document, Entity, Sentence, Span, read_spans
from nertagger.text.entities import document_entities

RICH = Document(
    "Ann\t ran.\nBye",
    (Sentence(("Ann", "ran."), (0, 5), ("B-PER", "O")), Sentence(("Bye",), (10,), ("O",))),
    (Entity("PER", 0, 3, "Ann", 0.5),),
    opens=True,
)
TABLED = Document.from_sentence(Sentence.from_words(("a\tb",), tags=("O",)))
BARE = Document.from_sentence(Sentence.from_words(("a",)))

SPACING = "texts whose words are not separated by single spaces"
SEVERAL = "texts of several sentences or lines kept as one"
CUT = "texts whose words or sentences differ from the tokenizer's"
BLANKS = "words with a tab or line end inside"
UNANNOTATED = "texts without annotation, as opposed to without entities"
LEFT_OUT = "texts without annotation, left out as others are annotated"
ENDS = "sentence boundaries inside a text"


@pytest.mark.parametrize(("name", "lost"), [
    ("conll", {SPACING: 1, SEVERAL: 1, "confidences": 1, LEFT_OUT: 1, BLANKS: 1}),
    ("conllu", {SEVERAL: 1, "confidences": 1, LEFT_OUT: 1, BLANKS: 1}),
    ("csv", {SPACING: 1, SEVERAL: 1, "confidences": 1, LEFT_OUT: 1, "beginnings of documents": 1}),
    ("jsonl", {CUT: 2, ENDS: 1, "beginnings of documents": 1}),
    ("prodigy", {ENDS: 1, "beginnings of documents": 1}),
])  # fmt: skip
def test_losses_are_counted(tmp_path: Path, caplog, name: str, lost: dict[str, int]) -> None:
    path = tmp_path / "x"
    assert convert([RICH, TABLED, BARE], path, format=name) == lost
    assert sorted(caplog.messages) == sorted(
        f"{path}: {counted_kind(n, kind)}, which {name} does not hold" for kind, n in lost.items()
    )


@pytest.mark.parametrize("order", [[BARE, RICH, BARE], [RICH, BARE, BARE], [BARE, BARE, RICH]])
def test_unannotated_texts_are_not_written_as_texts_without_entities(tmp_path: Path, order: list[Document]) -> None:
    path = tmp_path / "x.conll"
    assert convert(order, path, format="conll")[LEFT_OUT] == 2
    assert [s.words for document in read_documents(path) for s in document.sentences] == [("Ann", "ran."), ("Bye",)]


@pytest.mark.parametrize("most", [0, 1, 10])
def test_a_file_without_annotation_is_written_completely(tmp_path: Path, monkeypatch, most: int) -> None:
    monkeypatch.setattr("nertagger.corpus.conversion._MAX_HELD", most)
    path = tmp_path / "x.conll"
    assert convert([BARE] * 3, path, format="conll") == {UNANNOTATED: 3}
    assert len(list(read_documents(path))) == 3


def test_plain_sentences_lose_nothing_in_any_format(tmp_path: Path, caplog) -> None:
    plain = Document.from_sentence(Sentence.from_words(("Ann", "ran", "."), tags=("B-PER", "O", "O")))
    for name, entry in FORMATS.items():
        if entry.write:
            assert convert([plain], tmp_path / name, format=name) == {}
    assert caplog.messages == []


def test_joined_texts_are_counted(tmp_path: Path) -> None:
    parts = [Document.from_sentence(Sentence.from_words((word,), tags=("O",))) for word in ("a", "b", "c")]
    assert convert(parts, tmp_path / "x.ann", format="brat") == {"texts appended to another as parts of one text": 2}
    passages = [replace(part, source="x.txt", offset=place) for place, part in enumerate(parts)]
    assert convert(passages, tmp_path / "y.ann", format="brat") == {}


@pytest.mark.parametrize("name", ["jsonl", "jsonl-tokens", "conll", "brat", "csv", "parquet", "docbin"])
def test_unannotated_sentences_are_counted(tmp_path: Path, name: str) -> None:
    if name in LIBRARIES:
        pytest.importorskip(LIBRARIES[name])
    document = Document("Ann.\nBo.", (Sentence(("Ann.",), (0,), ("B-PER",)), Sentence(("Bo.",), (5,))))
    kind = "texts with unannotated sentences, as opposed to without entities"
    counts = convert([document], tmp_path / ("x.ann" if name == "brat" else "x"), format=name)
    assert counts.get(kind, 0) == (name not in LIBRARIES)


def test_words_with_a_carriage_return_are_counted(tmp_path: Path) -> None:
    document = Document.from_sentence(Sentence.from_words(("a\rb",), tags=("O",)))
    assert convert([document], tmp_path / "x", format="conll") == {BLANKS: 1}


CORPORA = [
    "wnut17/test.conll", "wikigold/wikigold.conll", "btc/a.conll", "uner_ewt/dev.iob2", "ncbi_disease/dev.tsv",
    "sec/test.conll", "germeval2014/dev.tsv", "gmb/dev.conll.gz",
]  # fmt: skip
NAMES = ["conll", "conllu", "csv", "jsonl", "jsonl-tokens", "doccano", "prodigy", "label-studio", "brat"]
LIBRARIES = {"parquet": "pyarrow", "docbin": "spacy"}


def passed_through(documents: list[Document], name: str, folder: Path) -> list[Document]:
    if name in LIBRARIES:
        pytest.importorskip(LIBRARIES[name])
    path = folder / ("x.ann" if name == "brat" else "x")
    save_documents(path, documents, format=name)
    return list(read_documents(path, format=name))


def characters(documents: list[Document]) -> list[tuple[str, str]]:
    return [(e.label, "".join(e.text.split())) for document in documents for e in document_entities(document)]


def spans(documents: list[Document]) -> list[list[Span]]:
    return [read_spans(sentence.tags or ()) for document in documents for sentence in document.sentences]


def check_round_trip(before: list[Document], after: list[Document], holds: Holds) -> None:
    """Check that everything that the format declares to hold is preserved."""
    assert characters(after) == characters(before)
    if Holds.TOKENS in holds:
        assert [w for d in after for s in d.sentences for w in s.words] == [
            w for d in before for s in d.sentences for w in s.words
        ]
        if Holds.SENTENCES in holds:
            assert spans(after) == spans(before)
    if Holds.TEXT in holds and Holds.PASSAGES in holds and len(before) == len(after):
        assert [d.text for d in after] == [d.text for d in before]
        assert [[e[:3] for e in document_entities(d)] for d in after] == [
            [e[:3] for e in document_entities(d)] for d in before
        ]
    if Holds.META in holds and len(before) == len(after):
        assert [d.meta for d in after] == [d.meta for d in before]
    if Holds.OPENINGS in holds:
        assert [d.opens for d in after] == [d.opens for d in before]


@pytest.mark.parametrize("name", [*NAMES, *LIBRARIES])
@pytest.mark.parametrize("path", ["train.conll", "right_context.conll"])
def test_formats_preserve_what_they_declare_for_a_corpus(bundled: Path, tmp_path: Path, path: str, name: str) -> None:
    before = [replace(d, opens=not n % 7) for n, d in enumerate(islice(read_documents(bundled / path), 100))]
    check_round_trip(before, passed_through(before, name, tmp_path), FORMATS[name].holds)


@pytest.mark.parametrize("path", CORPORA)
@pytest.mark.parametrize("name", [*NAMES, *LIBRARIES])
def test_formats_preserve_what_they_declare_for_real_corpora(
    shared_data: Path, tmp_path: Path, path: str, name: str
) -> None:
    before = list(islice(read_documents(shared_data / path, lenient=True), 100))
    check_round_trip(before, passed_through(before, name, tmp_path), FORMATS[name].holds)


@pytest.mark.parametrize(("first", "second"), list(product([*NAMES, *LIBRARIES], repeat=2)))
def test_entities_survive_every_pair_of_formats(tmp_path: Path, first: str, second: str) -> None:
    words = ("Mr.", "Obama", "'s", "U.S.", "Army", "(", "2", ")", "\U0001f642", "e\u0301t\u00e9")
    tags = ("O", "B-PER", "O", "B-ORG", "I-ORG", "O", "B-ORG", "O", "B-X", "B-X")
    gold = replace(RICH, entities=())  # with confidences, tasks of Label Studio would be predictions
    before = [Document.from_sentence(Sentence.from_words(words, tags=tags)), gold, replace(gold, opens=False)]
    after = passed_through(passed_through(before, first, tmp_path), second, tmp_path)
    assert characters(after) == characters(before)
