"""spaCy's DocBin: entities, missing annotation, other content, and invalid files."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nertagger.corpus import read_documents, save_documents
from nertagger.errors import DataError
from nertagger.text import Document, Entity, Sentence
from nertagger.text.entities import document_entities

spacy = pytest.importorskip("spacy")
srsly = pytest.importorskip("srsly")

WORDS = ["Anna", "Kern", ".", "Lives", "in", "Oslo", "."]
DOCUMENT = Document.from_sentence(Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O")))


def make_doc(ents: list[str | None] | None = None, words: list[str] = WORDS, **options: Any) -> Any:
    return spacy.tokens.Doc(spacy.vocab.Vocab(), words=words, ents=ents, **options)


def add_spans(doc: Any, **groups: list[tuple[int, int, str]]) -> Any:
    for name, spans in groups.items():
        doc.spans[name] = [spacy.tokens.Span(doc, *span) for span in spans]
    return doc


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Document]]:
    """Return a function that reads a DocBin of Docs, or bytes, from a file that messages call x.spacy."""
    monkeypatch.chdir(tmp_path)

    def read(*docs: Any, data: bytes | None = None, **options: bool) -> list[Document]:
        packed = spacy.tokens.DocBin(docs=docs).to_bytes() if data is None else data
        Path("x.spacy").write_bytes(packed)
        return list(read_documents("x.spacy", **options))

    return read


def entities(document: Document) -> list[tuple[str, str]]:
    return [(entity.label, entity.text) for entity in document_entities(document)]


def test_sentences_that_an_entity_spans_are_joined(read, caplog) -> None:
    doc = make_doc(["O", "B-X", "I-X", "I-X", "O", "O", "O"], sent_starts=[True, False, False, True, *[False] * 3])
    [document] = read(doc)
    assert entities(document) == [("X", "Kern . Lives")]
    assert len(document.sentences) == 1
    kind = "entity across a sentence boundary, whose sentences were joined"
    assert caplog.messages == [f"x.spacy: 1 {kind}, first at x.spacy:1 (X 'Kern . Lives')"]
    save_documents("y.spacy", [document])
    assert entities(*read_documents("y.spacy")) == [("X", "Kern . Lives")]


def test_entities_that_end_with_a_sentence_join_nothing(read, caplog) -> None:
    doc = make_doc(["O", "B-X", "I-X", "B-X", "O", "O", "O"], sent_starts=[True, False, False, True, *[False] * 3])
    [document] = read(doc)
    assert entities(document) == [("X", "Kern ."), ("X", "Lives")]
    assert len(document.sentences) == 2
    assert caplog.messages == []


def test_missing_annotation_differs_from_no_entities(read, caplog) -> None:
    starts = [True, False, False, True, *[False] * 3]
    [document] = read(make_doc(["B-PER", "I-PER", "O", None, None, None, None], sent_starts=starts))
    assert [sentence.tags for sentence in document.sentences] == [("B-PER", "I-PER", "O"), None]
    assert caplog.messages == ["x.spacy: 1 sentence without annotation, first at x.spacy:1"]
    save_documents("y.spacy", [document])
    assert [s.tags for d in read_documents("y.spacy") for s in d.sentences] == [("B-PER", "I-PER", "O"), None]


def test_partly_annotated_sentences_are_counted(read, caplog) -> None:
    [document] = read(make_doc(["B-PER", "I-PER", "O", None, None, None, None]))
    assert [sentence.tags for sentence in document.sentences] == [None]
    kind = "partly annotated sentence read as not annotated"
    assert caplog.messages == [f"x.spacy: 1 {kind}, first at x.spacy:1 (1 entity in the first one)"]


def test_missing_annotation_is_no_matter_where_texts_are_to_be_tagged(read, caplog) -> None:
    docs = [make_doc(), make_doc(["B-PER", "I-PER", "O", None, None, None, None])]
    assert len(read(*docs, annotation=False)) == 2
    assert caplog.messages == []


def test_no_entities_differs_from_missing_annotation(read, caplog) -> None:
    [document] = read(make_doc(["O"] * 7))
    assert [sentence.tags for sentence in document.sentences] == [("O",) * 7]
    assert caplog.messages == []


def test_the_spans_of_a_single_group_are_entities(read, caplog) -> None:
    [document] = read(add_spans(make_doc(), sc=[(5, 6, "LOC"), (0, 2, "PER"), (0, 2, "PER")]))
    assert entities(document) == [("PER", "Anna Kern"), ("LOC", "Oslo")]
    kind = "spans of doc.spans['sc'] read as entities, as there are no others"
    assert caplog.messages == [f"x.spacy: 2 {kind}, first at x.spacy:1"]


def test_an_empty_single_group_means_no_entities(read) -> None:
    [document] = read(add_spans(make_doc(), sc=[]))
    assert [sentence.tags for sentence in document.sentences] == [("O",) * 7]


def test_spans_in_addition_to_entities_are_counted(read, caplog) -> None:
    [document] = read(add_spans(make_doc(["B-PER", "I-PER", *"OOOOO"]), sc=[(5, 6, "LOC")]))
    assert entities(document) == [("PER", "Anna Kern")]
    assert caplog.messages == ["x.spacy: 1 span of doc.spans['sc'] left out, first at x.spacy:1"]


def test_several_groups_of_spans_are_counted(read, caplog) -> None:
    [document] = read(add_spans(make_doc(), one=[(5, 6, "LOC")], two=[(0, 2, "PER"), (0, 1, "X")]))
    assert document.sentences[0].tags is None
    assert sorted(caplog.messages) == [
        "x.spacy: 1 sentence without annotation, first at x.spacy:1",
        "x.spacy: 1 span of doc.spans['one'] left out, first at x.spacy:1",
        "x.spacy: 2 spans of doc.spans['two'] left out, first at x.spacy:1",
    ]


def test_spans_that_overlap(read, caplog) -> None:
    doc = add_spans(make_doc(), sc=[(0, 2, "PER"), (1, 2, "X"), (5, 6, "LOC")])
    with pytest.raises(DataError, match=r"x\.spacy:1: spans PER 'Anna Kern' and X 'Kern' overlap"):
        read(doc)
    [document] = read(doc, lenient=True)
    assert entities(document) == [("PER", "Anna Kern"), ("LOC", "Oslo")]
    assert any("1 overlapping entity left out" in message for message in caplog.messages)


def test_other_content_is_counted(read, caplog) -> None:
    doc = make_doc(["O"] * 7)
    doc.set_ents([spacy.tokens.Span(doc, 0, 2, "PER", kb_id="Q1")])
    doc.cats = {"SPORT": 1.0}
    [document] = read(doc)
    assert entities(document) == [("PER", "Anna Kern")]
    assert sorted(caplog.messages) == [
        "x.spacy: 1 document category (doc.cats) left out, first at x.spacy:1",
        "x.spacy: 1 id of entities left out, first at x.spacy:1",
    ]


def test_entities_without_a_label_are_counted(read, caplog) -> None:
    doc = make_doc(["O"] * 7)
    doc.set_ents([], blocked=[spacy.tokens.Span(doc, 0, 2)], default="outside")
    [document] = read(doc)
    assert document.sentences[0].tags == ("O",) * 7
    assert caplog.messages == ["x.spacy: 2 entities without a label left out, first at x.spacy:1"]


def test_parsed_sentences(read) -> None:
    heads, deps = [1, 1, 1, 3, 3, 4, 3], ["x", "ROOT", "x", "ROOT", "x", "x", "x"]
    [document] = read(make_doc(["O"] * 7, heads=heads, deps=deps))
    assert [sentence.words for sentence in document.sentences] == [tuple(WORDS[:3]), tuple(WORDS[3:])]


def test_white_space_at_the_edges_of_entities(read, caplog) -> None:
    words = ["Anna", "\n", "Kern", " ", "x", "\t"]
    [document] = read(make_doc(["B-X", "I-X", "B-X", "I-X", "O", "B-X"], words=words))
    assert entities(document) == [("X", "Anna"), ("X", "Kern")]
    assert sorted(caplog.messages) == [
        "x.spacy: 1 entity of white space alone left out, first at x.spacy:1 (X)",
        "x.spacy: 2 entities trimmed of white space at the edges, first at x.spacy:1",
    ]


@pytest.mark.parametrize("label", ["a b", "a\tb", "a\nb", "B-X", "é🙂", "-", "x" * 300])
def test_labels_of_any_characters(tmp_path: Path, label: str) -> None:
    document = Document("May", (Sentence(("May",), (0,), (f"B-{label}",)),), (Entity(label, 0, 3, "May"),))
    save_documents(tmp_path / "x.spacy", [document])
    [again] = read_documents(tmp_path / "x.spacy")
    assert document_entities(again) == document.entities


MESSAGE = srsly.msgpack_loads(zlib.decompress(spacy.tokens.DocBin(docs=[make_doc(["B-X", *"OOOOOO"])]).to_bytes()))


def packed(**changed: Any) -> bytes:
    return zlib.compress(srsly.msgpack_dumps({**MESSAGE, **changed}))


def span_group(first: int, stop: int, label: int = 0) -> bytes:
    span = b"".join(n.to_bytes(8, "big", signed=n < 0) for n in (0, 0, label))
    span += b"".join(n.to_bytes(4, "big", signed=True) for n in (first, stop, 0, 0))
    return srsly.msgpack_dumps({srsly.msgpack_dumps({"name": "sc", "attrs": {}, "spans": [span]}): ["sc"]})


@pytest.mark.parametrize("data", [
    b"", b"x", zlib.compress(b""), zlib.compress(b"\xc1"), zlib.compress(srsly.msgpack_dumps([])),
    zlib.compress(srsly.msgpack_dumps({})), packed()[:-9], packed() + b"more",
    packed(attrs=[]), packed(attrs=["ORTH"]), packed(attrs=None), packed(attrs=[65]), packed(attrs=[[65]]),
    packed(strings="abc"), packed(strings=[1]), packed(strings=None), packed(tokens=b"123"), packed(tokens=[]),
    packed(lengths=b"\xff\xff\xff\xff"), packed(lengths=b"\x01\x00\x00\x00"), packed(lengths=b"1"),
    packed(spaces=b""), packed(flags=[1]), packed(flags={}), packed(span_groups=[]), packed(span_groups=[b"\xc1"]),
    packed(span_groups=[srsly.msgpack_dumps(["x"])]), packed(span_groups=[srsly.msgpack_dumps({b"x": ["y"]})]),
    packed(cats=[]),
    zlib.compress(b"\xdd\xff\xff\xff\xff"), zlib.compress(b"\xdf\xff\xff\xff\xff"), zlib.compress(b"\x91" * 100_000),
])  # fmt: skip
def test_other_data_raises_a_one_line_error(read, data: bytes) -> None:
    with pytest.raises(DataError, match=r"\Ax\.spacy: not a DocBin of spaCy: [^\n]+\Z"):
        read(data=data)


@pytest.mark.parametrize(("first", "stop"), [(-1, 2), (0, 8), (3, 3), (5, 2), (-(2**31), 2**31 - 1)])
def test_spans_outside_the_document(read, first: int, stop: int) -> None:
    tokens = np.frombuffer(MESSAGE["tokens"], dtype="uint64").reshape(7, -1).copy()
    tokens[:, MESSAGE["attrs"].index(spacy.attrs.IDS["ENT_IOB"])] = 0
    label = spacy.vocab.Vocab().strings.add("X")
    data = packed(tokens=tokens.tobytes(), span_groups=[span_group(first, stop, label)])
    with pytest.raises(DataError, match=r"x\.spacy:1: span X of tokens .* is not within the 7 tokens"):
        read(data=data)
    assert entities(*read(data=data, lenient=True)) == []


def test_damaged_documents_are_left_out_leniently(read, caplog) -> None:
    good, bad = make_doc(["B-X", *"OOOOOO"]), make_doc(["O"] * 7)
    message = srsly.msgpack_loads(zlib.decompress(spacy.tokens.DocBin(docs=[good, bad, good]).to_bytes()))
    tokens = np.frombuffer(message["tokens"], dtype="uint64").reshape(21, -1).copy()
    tokens[8, 0] = 12345  # a hash without a string
    data = zlib.compress(srsly.msgpack_dumps({**message, "tokens": tokens.tobytes()}))
    with pytest.raises(DataError, match=r"x\.spacy:2: not a document of spaCy: "):
        read(data=data)
    assert [entities(document) for document in read(data=data, lenient=True)] == [[("X", "Anna")]] * 2
    assert caplog.messages == ["x.spacy: 1 document left out that could not be read, first at x.spacy:2"]


BOMBS = {
    "zeros": lambda: bytes(80 << 20),
    "tables": lambda: b"\xdd\x00\x80\x00\x00" + b"\x80" * (1 << 23),
    "tables in a field": lambda: (
        srsly.msgpack_dumps(MESSAGE)[:1] + b"\xa4cats\xdd\x00\x80\x00\x00" + b"\x80" * (1 << 23)
    ),
    "one document of many tokens": lambda: srsly.msgpack_dumps(
        {**MESSAGE, "attrs": [65], "tokens": bytes(3_000_000 * 8), "spaces": bytes(3_000_000),
         "lengths": (3_000_000).to_bytes(4, "little")}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_decompression_bombs_are_rejected_quickly(read, name: str) -> None:
    data = zlib.compress(BOMBS[name](), 1)
    begun = time.process_time()
    with pytest.raises(DataError, match=r"x\.spacy: "):
        read(data=data)
    assert time.process_time() - begun < 5
