"""Every kind of line end in every line-based format."""

from __future__ import annotations

import pytest

from nertagger.corpus.line_ends import split_lines
from nertagger.text.entities import document_entities

TEXTS = {
    "x.conll": "Ann\tB-PER\nBo\tI-PER\nran\tO\n\nOslo\tB-LOC\n",
    "x.conllu": "# text = Ann Bo ran\n1\tAnn\tB-PER\n2\tBo\tI-PER\n3\tran\tO\n\n1\tOslo\tB-LOC\n",
    "x.tsv": "TOKEN\tTAG\nAnn\tB-PER\nBo\tI-PER\nran\tO\n\nOslo\tB-LOC\n",
    "x.csv": "Sentence #,Word,Tag\n1,Ann,B-PER\n,Bo,I-PER\n,ran,O\n2,Oslo,B-LOC\n",
    "x.jsonl": '{"text": "Ann Bo ran", "label": [[0, 6, "PER"]]}\n{"text": "Oslo", "label": [[0, 4, "LOC"]]}\n',
}


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_line_end_is_read(load, name: str, end: str) -> None:
    documents = load(TEXTS[name].replace("\n", end), name=name)
    assert [document.text for document in documents] == ["Ann Bo ran", "Oslo"]
    assert [e[:3] for d in documents for e in document_entities(d)] == [("PER", 0, 6), ("LOC", 0, 4)]


@pytest.mark.parametrize("name", TEXTS)
def test_mixed_line_ends_lose_nothing(load, name: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)
    for number in range(1, len(lines)):
        if lines[number] == "\n":
            continue  # CR followed by LF is a single line end
        head = "".join(lines[:number]).replace("\n", "\r")
        documents = load(head + "".join(lines[number:]), name=name)
        assert [document.text for document in documents] == ["Ann Bo ran", "Oslo"]


def test_lines_of_words(load) -> None:
    assert [d.text for d in load("Ann ran\rBo\r\rsat\r\n", name="x.txt", format="lines")] == [
        "Ann ran",
        "Bo",
        "",
        "sat",
    ]


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_offsets_of_running_text_count_the_characters_of_the_file(load, end: str) -> None:
    text = f"Ann ran.{end}{end}Bo sat in Oslo.{end}"
    documents = load(text, name="x.txt", format="text")
    assert "".join(document.text for document in documents) == text
    for document in documents:
        assert text[document.offset :].startswith(document.text)
    assert [len(document.sentences) for document in documents if document.sentences][-1] >= 1


def test_errors_count_lines_as_editors_do(load) -> None:
    with pytest.raises(Exception, match=r"x\.conll:3: row 'Bo' has 1 column"):
        load("Ann\tB-PER\rran\tO\rBo\rsat\tO\r")


@pytest.mark.parametrize(("text", "lines"), [
    ("a\rb\r\n", ["a\r", "b\r\n"]),
    ("a\r\r\n", ["a\r\r\n"]),
    ("a\rb\r\r\n", ["a\r", "b\r", "\r\n"]),
    ("a\r\rb", ["a\r", "\r", "b"]),
    ("\ra\n", ["\r", "a\n"]),
    ("\r\n", ["\r\n"]),
])  # fmt: skip
def test_split_lines(text: str, lines: list[str]) -> None:
    assert list(split_lines([text])) == lines
