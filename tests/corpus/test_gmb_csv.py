"""The GMB's CSV layout: encodings, quotes, words that pandas takes for missing values, faulty rows."""

from __future__ import annotations

import io

import pytest

from nertagger.corpus import BLANK_TOKEN, write_documents
from nertagger.errors import DataError
from nertagger.text import Document, Sentence

HEADER = "Sentence #,Word,POS,Tag\r\n"


def rows(documents: list[Document]) -> list[list[tuple[str, str]]]:
    sentences = [document.sentences[0] for document in documents]
    return [list(zip(sentence.words, sentence.tags or (), strict=True)) for sentence in sentences]


@pytest.mark.parametrize("text", [
    HEADER + "Sentence: 1,None,NN,B-geo\r\n,NA,NN,O\r\nSentence: 2,nan,NN,O\r\n",
    HEADER + "Sentence: 1,None,NN,B-geo\r\n,NA,NN,O\r\nSentence: 2,nan,NN,O",
    HEADER + "1,None,NN,B-geo\n1,NA,NN,O\n2,nan,NN,O\n",
    "\ufeffword,tag\nNone,B-geo\nNA,O\n\nnan,O\n",
    "tag,sentence_id,token\nB-geo,a,None\nO,a,NA\n,,\nO,b,nan\n",
])  # fmt: skip
def test_read_csv_layouts(load, text: str) -> None:
    assert rows(load(text, name="x.csv")) == [[("None", "B-geo"), ("NA", "O")], [("nan", "O")]]


def test_read_csv_quotes_and_places(load) -> None:
    text = HEADER + 'Sentence: 1,"""",``,O\r\n,"10,000",CD,B-tim\r\nSentence: 2,a,x,O\r\n'
    documents = load(text, name="x.csv")
    assert rows(documents) == [[('"', "O"), ("10,000", "B-tim")], [("a", "O")]]
    assert [document.sentences[0].source for document in documents] == ["x.csv:2", "x.csv:4"]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("cp1252", None), ("cp1252", "cp1252"), ("utf-8", None), ("utf-16", None), ("cp1250", "cp1250")],
)
def test_read_csv_in_any_encoding(load, caplog, encoding: str, named: str | None) -> None:
    text = HEADER + "Sentence: 1,“caf…,NN,O\r\n"
    [document] = load(text.encode(encoding), name="x.csv", encoding=named)
    assert document.text == "“caf…"
    assert len(caplog.messages) == (encoding == "cp1252" and named is None)


@pytest.mark.parametrize(("text", "message"), [
    (HEADER + "1,a,x,O\n,10,000,CD,O\n", "x.csv:3: row ',10,000,CD,O' has 5 columns, expected 4 as in the header"),
    (HEADER + "1,a,x,y,O\n", "x.csv:2: row '1,a,x,y,O' has 5 columns, expected 4 .*quote cells that hold ','"),
    (HEADER + "1,a,x,O\n,b,x\n", "x.csv:3: row ',b,x' has 3 columns(?!.*lenient)"),
    (HEADER + "1,a,x,O\n,b,x,\n", "x.csv:3: got no tag for a word beside others with tags"),
    (HEADER + "1,a,x,PER\n", "x.csv:2: got the tag 'PER'"),
    (HEADER + '1,a,x,O\n,"b,x\n,c,x,O\n', "x.csv:3: row ',\"b,x' has 3 columns"),
    ("a,b\n1,2\n", "x.csv:1: no column is called word"),
    ("a,b,c\nAnn,x,B-PER\n", "x.csv:1: no column is called word .*name the word column or give its number"),
    ("Word,Tag\n" + "a,O\n" * 1001, "x.csv:1: no column names the sentences"),
])  # fmt: skip
def test_read_csv_says_what_is_wrong(load, text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"^{message}"):
        load(text, name="x.csv")


def test_read_csv_lenient_repairs_and_counts(load, caplog: pytest.LogCaptureFixture) -> None:
    text = HEADER + "1,a,x,O\n,10,000,CD,B-tim\n,b,x\n, ,x,O\n"
    [document] = load(text, name="x.csv", lenient=True)
    assert rows([document]) == [[("a", "O"), ("10,000", "B-tim"), ("b", "O"), (BLANK_TOKEN, "O")]]
    assert sorted(caplog.messages) == [
        "x.csv: 1 blank tokens read as '\ufffd', first at x.csv:5",
        "x.csv: 1 missing tags filled in, first at x.csv:4",
        "x.csv: 2 ragged rows repaired, first at x.csv:3",
    ]


@pytest.mark.parametrize("text", ["", "\n", HEADER])
def test_read_csv_without_rows_is_empty(load, text: str) -> None:
    assert load(text, name="x.csv") == []


def test_read_csv_columns_by_number(load) -> None:
    text = "Sentence #,w,x,y\n1,a,O,B-X\n"
    assert rows(load(text, name="x.csv", word_column=1, tag_column=-1)) == [[("a", "B-X")]]
    with pytest.raises(DataError, match=r"x\.csv:1: there is no word column 9: the rows have 4"):
        load(text, name="x.csv", word_column=9)


def test_write_csv() -> None:
    stream = io.StringIO()
    sentences = [Sentence.from_words(('"', "a,b"), tags=("O", "B-X")), Sentence.from_words(("None",), tags=("O",))]
    write_documents(stream, map(Document.from_sentence, sentences), format="csv")
    assert stream.getvalue() == 'Sentence #,Word,Tag\nSentence: 1,"""",O\n,"a,b",B-X\nSentence: 2,None,O\n'
