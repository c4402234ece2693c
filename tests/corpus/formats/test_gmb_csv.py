"""The GMB's CSV layout: encodings, quotes, words that pandas reads as missing values, malformed rows."""

from __future__ import annotations

import io
import os
import threading
from itertools import count, islice
from pathlib import Path

import pytest

from nertagger.corpus import BLANK_TOKEN, read_documents, write_documents
from nertagger.corpus.formats.gmb_csv import read_csv
from nertagger.corpus.source import Source
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


@pytest.mark.parametrize("text", [
    HEADER.replace(",", ";") + "1;None;NN;B-geo\n;NA;NN;O\n2;nan;NN;O\n",
    HEADER.replace(",", "\t") + "1\tNone\tNN\tB-geo\n\tNA\tNN\tO\n2\tnan\tNN\tO\n",
    "word|tag\nNone|B-geo\nNA|O\n\nnan|O\n",
    "Sentence #, Word, Tag\n1, None, B-geo\n, NA, O\n2, nan, O\n",
    ",sentence_id,pos,word,ner\n0,1,NN,None,B-geo\n1,1,NN,NA,O\n2,2,NN,nan,O\n",
    "Word,Tag\nNone,B-geo\nNA,\n\nnan,\n",
    "Word,POS,NER,Tag\nNone,x,B-geo,NN\nNA,x,O,NN\n\nnan,x,O,NN\n",
    "None,B-geo\nNA,O\n\nnan,O\n",
    "Word,Named entity,Other\nNone,B-geo,x\nNA,O,y\n\nnan,O,z\n",
    "# a table of words\nWord,Tag\nNone,B-geo\nNA,O\n\nnan,O\n",
    "Word,Tag\nNone,B-geo\nNA,O\n\nWord,Tag\nnan,O\n",
    '"Word","Tag"\n"None","B-geo"\n"NA","O"\n\n"nan","O"\n',
])  # fmt: skip
def test_read_csv_of_other_programs(load, text: str) -> None:
    assert rows(load(text, name="x.csv")) == [[("None", "B-geo"), ("NA", "O")], [("nan", "O")]]


@pytest.mark.parametrize("name", ["x.tsv", "x.conll", "x.csv", "x"])
def test_csv_is_detected_under_any_name(load, name: str) -> None:
    expected = [[("Ann", "B-X"), ("ran", "O")], [("Bo", "B-X")]]
    assert rows(load("Word,Tag\nAnn,B-X\nran,O\n\nBo,B-X\n", name=name)) == expected
    assert rows(load("Ann;B-X\nran;O\n\nBo;B-X\n", name=name)) == expected


def test_read_csv_with_unescaped_quotes_loses_no_row(load, caplog) -> None:
    text = HEADER + '1,He,PRP,O\r\n,",``,O\r\n,Ann,NNP,B-per\r\n,",\'\',O\r\n,"10,000",CD,O\r\n2,5",X,O\r\n'
    one, two = load(text, name="x.csv")
    assert rows([one]) == [[("He", "O"), ('"', "O"), ("Ann", "B-per"), ('"', "O"), ("10,000", "O")]]
    assert (two.text, two.sentences[0].source) == ('5"', "x.csv:7")
    assert caplog.messages == ["x.csv: 2 rows whose quotation marks were read literally, first at x.csv:3"]


def test_read_csv_without_a_header_loses_no_row(load) -> None:
    text = "Ann,NN,B-per\nran,VB,O\n\nBo,NN,B-per\n"
    assert rows(load(text, name="x.csv", word_column=0, tag_column=2)) == [
        [("Ann", "B-per"), ("ran", "O")],
        [("Bo", "B-per")],
    ]


def test_read_csv_counts_a_table_of_one_sentence(load, caplog) -> None:
    assert rows(load("Word,Tag\nAnn,B-per\nran,O\n", name="x.csv")) == [[("Ann", "B-per"), ("ran", "O")]]
    [message] = caplog.messages
    assert message.startswith("x.csv: 1 table without a column of sentences or empty rows read as one sentence")


def test_read_csv_from_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    text = (HEADER + "1,caf\xe9,NN,B-geo\r\n2,ran,VB,O\r\n").encode("cp1252")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(text,))
    writer.start()
    documents = list(read_documents(tmp_path / "pipe", format="csv"))
    writer.join()
    assert rows(documents) == [[("caf\xe9", "B-geo")], [("ran", "O")]]


def test_read_csv_streams() -> None:
    def endless():
        yield HEADER
        for number in count(1):
            yield f"{number},a,x,O\r\n"

    assert [document.text for document in islice(read_csv(endless(), Source("x")), 2000)] == ["a"] * 2000


def test_read_csv_quotes_and_line_numbers(load) -> None:
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
    (HEADER + "1,a,x,O\n,b,x,\n", "x.csv:3: got no tag for a word although others have tags"),
    (HEADER + "1,a,x,PER\n", "x.csv:2: got the tag 'PER'"),
    (HEADER + '1,a,x,O\n,"b,x\n,c,x,O\n', "x.csv:3: row ',\"b,x' has 3 columns"),
    ("a,b\n1,2\n", "x.csv:1: no column is called word"),
    ("Word,b\n1,2\n", "x.csv:1: no column is called ner or .*name the tag column or give its number"),
    ("a,b,c\nAnn,x,B-PER\n", "x.csv:1: no column is called word .*name the word column or give its number"),
    ("Word,Tag\n" + "a,O\n" * 1001, "x.csv:1: no column names the sentences"),
])  # fmt: skip
def test_read_csv_raises_for_malformed_rows(load, text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"^{message}"):
        load(text, name="x.csv")


def test_read_csv_lenient_repairs_and_counts(load, caplog: pytest.LogCaptureFixture) -> None:
    text = HEADER + "1,a,x,O\n,10,000,CD,B-tim\n,b,x\n, ,x,O\n"
    [document] = load(text, name="x.csv", lenient=True)
    assert rows([document]) == [[("a", "O"), ("10,000", "B-tim"), ("b", "O"), (BLANK_TOKEN, "O")]]
    assert sorted(caplog.messages) == [
        "x.csv: 1 blank token read as '\ufffd', first at x.csv:5",
        "x.csv: 1 missing tag filled in, first at x.csv:4",
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


def test_rows_in_another_order_are_counted(tmp_path: Path, caplog) -> None:
    def read(text: str) -> None:
        (tmp_path / "x.csv").write_text(text)
        list(read_documents(tmp_path / "x.csv"))

    read("Sentence #,Word,Tag\n1,Ann,B-PER\n2,Oslo,B-LOC\n1,Kern,I-PER\n1,ran,O\n2,is,O\n")
    assert "1 sentence continuing an entity under the name of an earlier sentence" in caplog.text
    caplog.clear()
    read("Sentence #,Word,Tag\n1,Ann,I-PER\n2,Oslo,I-LOC\n1,Bo,B-PER\n")  # numbered anew
    read("Word,Tag\nAnn,I-PER\n,\nOslo,I-LOC\n")
    assert "continue" not in caplog.text
