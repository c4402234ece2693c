"""Records as programs and people really write them: other units of offsets, other names, odd labels, joined files."""

from __future__ import annotations

import json
import logging

import pytest

from nertagger.corpus.detection import format_of_content
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from tests.small_corpus import labels_and_texts

ANN = [("PER", "Zoë Kern"), ("LOC", "Århus")]
TEXT = "\U0001f600 Zoë Kern saw Århus"
PIECES = [
    {"entity": "B-PER", "score": 0.9, "index": 1, "word": "Zo", "start": 2, "end": 4},
    {"entity": "I-PER", "score": 0.8, "index": 2, "word": "##ë", "start": 4, "end": 5},
    {"entity": "I-PER", "score": 0.7, "index": 3, "word": "Kern", "start": 6, "end": 10},
    {"entity": "B-LOC", "score": 0.6, "index": 5, "word": "Århus", "start": 15, "end": 20},
]


def entities(*ranges: tuple[int, int], **fields) -> dict:
    pairs = zip(ranges, ("PER", "LOC"), strict=True)
    return {"text": TEXT, "entities": [[start, end, label] for (start, end), label in pairs], **fields}


@pytest.mark.parametrize(
    ("record", "warning"),
    [
        (entities((2, 10), (15, 20)), ""),
        (entities((2.0, 10.0), (15.0, 20.0)), ""),
        (entities((3, 11), (16, 21)), "2 entities whose offsets count UTF-16 code units"),
        (entities((5, 14), (19, 25)), "2 entities whose offsets count bytes of UTF-8"),
        ({"text": TEXT, "entities": [{"start": 5, "end": 14, "text": "Zoë Kern", "label": "PER"},
                                     {"start": 19, "end": 25, "text": "Århus", "label": "LOC"}]},
         "2 entities whose offsets count bytes of UTF-8"),
        ({"text": TEXT, "entities": [[2, 10, "PER\u200b"], [15, 20, " LOC"]]}, "2 labels with white space"),
        ({"text": TEXT, "entities": PIECES}, "2 entities joined from the tagged pieces"),
        ({"text": TEXT, "label": {"PER": {"Zoë Kern": [[2, 9]]}, "LOC": {"Århus": [[15, 19]]}}}, ""),  # CLUENER
        ({"words": TEXT.split(), "ner_tags": ["O", "B-PER", "I-PER", "O", "B-LOC"]}, ""),
        ({"sentence": TEXT, "word_labels": "O,B-PER,I-PER,O,B-LOC"}, ""),
    ],
)  # fmt: skip
def test_entities_are_found_in_other_forms(load, caplog, record: dict, warning: str) -> None:
    with caplog.at_level(logging.WARNING):
        documents = load(json.dumps(record, ensure_ascii=False), "x.jsonl")
    assert labels_and_texts(documents) == ANN
    assert warning in caplog.text


@pytest.mark.parametrize("quoted", [{}, {"text": "Bo"}])
def test_line_ends_of_windows_may_count_as_one(load, caplog, quoted: dict) -> None:
    with caplog.at_level(logging.WARNING):
        record = {"text": "Hi\r\nto Bo", "entities": [{"start": 6, "end": 8, "label": "PER", **quoted}]}
        assert labels_and_texts(load(json.dumps(record), "x.jsonl")) == [("PER", "Bo")]
    assert r"1 entity whose offsets count \r\n as one character, converted" in caplog.text


def test_labels_of_brat_lose_invisible_edges(load, caplog, tmp_path) -> None:
    (tmp_path / "x.txt").write_text("Bo ran")
    assert labels_and_texts(load("T1\tPER\u200b 0 2\tBo\n", "x.ann")) == [("PER", "Bo")]
    assert "1 label with white space" in caplog.text


def test_an_entity_that_cuts_a_word_is_kept_if_no_unit_explains_it(load) -> None:
    documents = load(json.dumps({"text": "Zoës x", "entities": [[0, 3, "PER"]]}), "x.jsonl")
    assert labels_and_texts(documents) == [("PER", "Zoë")]


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_byte_order_marks_of_joined_files_are_skipped(load, name: str) -> None:
    part = {"x.jsonl": '\ufeff{"text": "Bo ran", "entities": [[0, 2, "PER"]]}\n', "x.csv": "\ufeffWord,Tag\nBo,B-PER\n"}
    assert labels_and_texts(load(part[name] * 2, name)) == [("PER", "Bo")] * 2


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        ('{"text": null}', "x.jsonl", "x.jsonl:1: got null in the field 'text', expected tokens or text"),
        ('{"text": "a b", "entities": [[1, 2, "X"]]}', "x.jsonl", "x.jsonl:1: entity X 1-2 is only white space"),
        ('{"text": "Bo ran", "start": 0, "end": 2, "label": "PER"}', "x.jsonl",
         "x.jsonl:1: the row has start, end and label of one entity"),
        ("text,start,end,label\nBo ran,0,2,PER\n", "x.csv", "x.csv:2: the row has start, end and label of one entity"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_line(load, content: str, name: str, problem: str) -> None:
    with pytest.raises(DataError) as caught:
        load(content, name)
    assert str(caught.value).startswith(problem)


def test_tags_in_an_unknown_field_are_counted(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        load('{"text": "Bo ran", "mine": ["B-PER", "O"]}', "x.jsonl")
    assert "1 row whose column 'mine' looks like tags and is not read" in caplog.text


def test_the_separator_line_of_excel_is_no_header(load) -> None:
    assert labels_and_texts(load("sep=;\nSentence #;Word;Tag\n1;Bo;B-PER\n", "x.csv")) == [("PER", "Bo")]


def test_the_lists_of_a_sentence_and_its_tags_are_read_from_csv(load) -> None:
    assert labels_and_texts(load('sentence,word_labels\nBo saw Oslo,"B-PER,O,B-LOC"\n', "x.csv")) == [
        ("PER", "Bo"),
        ("LOC", "Oslo"),
    ]


@pytest.mark.parametrize("head", [b"%PDF-1.4 ", b"{\\rtf1 Bo}", b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0", b"PK\x03\x04"])
@pytest.mark.parametrize("name", ["x.txt", "x.csv", "x.conll"])
def test_documents_and_images_are_no_text(load, name: str, head: bytes) -> None:
    with pytest.raises(DataError, match=r"is an? .*, expected text; .*save the document as text"):
        load(head + b"\xff" * 99, name)


def test_markup_that_is_read_as_words_is_counted(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        load('<?xml version="1.0"?>\n<doc>Bo ran</doc>\n', "x.xml")
        load("I met <b>Bo</b>\n", "y.txt")
        load("I <3 Oslo, a < b\n<@bo> hi\n", "z.txt")
    assert caplog.text.count("1 text with XML or HTML markup, which is read as words, annotation too") == 2


@pytest.mark.parametrize("name", ["x.txt", "x"])
def test_text_in_utf_16_without_a_mark_is_refused(load, name: str) -> None:
    with pytest.raises(DataError, match=r"1: got zero bytes throughout, as in UTF-16 .*; name the encoding"):
        load("Bo ran to Oslo".encode("utf-16-le"), name)
    with pytest.raises(DataError, match="zero bytes throughout"):
        format_of_content(["B\0o\0 \0r\0a\0n\0"], Source(name))  # which `tag` asks, with or without pieces
    assert load("Bo ran to Oslo".encode("utf-16-le"), name, encoding="utf-16-le")[0].text == "Bo ran to Oslo"


def test_encoded_mails_that_are_read_as_text_are_counted(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        load("From: bo@x.org\nContent-Transfer-Encoding: Quoted-Printable\n\nZ=C3=BCrich\n", "x.eml")
        load("From: bo@x.org\nContent-Transfer-Encoding: 8bit\n\nOslo\n", "y.eml")
    assert caplog.text.count("1 mail in Quoted-Printable, which is read as it is") == 1
