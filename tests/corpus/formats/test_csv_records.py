"""Tables whose rows are texts: Label Studio's CSV, and cells with lists as written by other tools."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nertagger.errors import DataError
from nertagger.text import Entity
from nertagger.text.entities import document_entities

TEXT = "Anna Kern lives in Oslo"
PER, LOC = Entity("PER", 0, 9, "Anna Kern"), Entity("LOC", 19, 23, "Oslo")
REGIONS = [{"start": 0, "end": 9, "text": "Anna Kern", "labels": ["PER"]},
           {"start": 19, "end": 23, "text": "Oslo", "labels": ["LOC"]}]  # fmt: skip
TAGS = ["B-PER", "I-PER", "O", "O", "B-LOC"]


def quoted(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("content", [
    f"annotation_id,annotator,id,label,lead_time,text\n1,1,7,{quoted(REGIONS)},2.5,{TEXT}\n",
    f"id,body,who\n7,{TEXT},{quoted(REGIONS)}\n",
    f"text,entities\n{TEXT},{quoted([[0, 9, 'PER'], [19, 23, 'LOC']])}\n",
    f"text,entities\n{TEXT},{quoted(repr([(0, 9, 'PER'), (19, 23, 'LOC')]))}\n",
    f"text;entities\n{TEXT};{quoted(REGIONS)}\n",
    f"id\tText\tLabel\n1\t{TEXT}\t{quoted(REGIONS)}\n",
    f"tokens,ner_tags\n{quoted(TEXT.split())},{quoted(TAGS)}\n",
    f"tokens,ner_tags\n{quoted(repr(TEXT.split()))},{quoted(repr(TAGS))}\n",
    f"tokens,ner_tags\n{quoted(str(np.array(TEXT.split())))},{quoted(str(np.array(TAGS)))}\n",
    f"tokens,ner_tags\n{quoted(str(np.array(TEXT.split())).replace(' ', chr(10), 2))},{quoted(str(np.array(TAGS)))}\n",
    f"Sentence #,Sentence,POS,Tag\nSentence: 1,{TEXT},['N'],{quoted(repr(TAGS))}\n",
    f"text,labels\n{TEXT},{' '.join(TAGS)}\n",
])  # fmt: skip
def test_entities_in_cells(load, content: str) -> None:
    [document] = load(content, name="x.csv")
    assert document_entities(document) == (PER, LOC)


def test_other_cells_become_meta(load) -> None:
    documents = load('id,text,label\n7,"a\nb",\n\n8,"c ""d""",good\n', name="x.csv")
    assert [document.text for document in documents] == ["a\nb", 'c "d"']
    assert [document.meta for document in documents] == [{"id": "7"}, {"id": "8", "label": "good"}]
    assert [document.sentences[0].source for document in documents] == ["x.csv:2", "x.csv:5"]
    assert all(document.sentences[0].tags is None for document in documents)


@pytest.mark.parametrize(("content", "message"), [
    ("text,entities\na,\"[{'start': 0\"\n", "x.csv:2: the cell of entities is not a list: neither JSON nor Python"),
    ("tokens,tags\n\"['a' 'b', 'c']\",['O']\n", "x.csv:2: the cell of tokens is not a list: not a list in Python"),
    ("text,entities\na,[[0,1,PER]]\n", "x.csv:2: row has 4 cells, expected 2 as in the header"),
    ("text,entities\na b,c\n", "x.csv:2: got entities that are a JSON str, expected a list"),
    ("id,text\n1,a\n2\n", "x.csv:3: row has 1 cell, expected 2 as in the header"),
    ("text,entities\nab,\"[[0, 5, \"\"X\"\"]]\"\n", "x.csv:2: entity X 0-5 is not within the text's 2 characters"),
    ("text,entities\nab,\"[[true, 5, \"\"X\"\"]]\"\n", "x.csv:2: got the entity"),
    ('id,text\n1,a\n2,"b\nc', "x.csv:4: row has 1 cell, expected 2 as in the header"),
    ("text,id,id\na,1,2\n", "x.csv:1: two columns have the same name, got text, id, id; rename one"),
])  # fmt: skip
def test_malformed_rows_raise(load, content: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        load(content, name="x.csv")
    assert str(caught.value).startswith(message)


def test_malformed_rows_are_left_out_leniently(load, caplog) -> None:
    content = "id,text,entities\n1,ab,\n2\n3,ab,[[0\n4,ab cd," + quoted([[0, 9, "X"], [3, 5, "Y"]]) + "\n"
    documents = load(content, name="x.csv", lenient=True)
    assert [document.meta for document in documents] == [{"id": "1"}, {"id": "4"}]
    assert documents[1].entities == (Entity("Y", 3, 5, "cd"),)
    assert caplog.messages == [
        "x.csv: 2 rows left out that could not be read, first at x.csv:3",
        "x.csv: 1 entity left out that could not be read, first at x.csv:5",
    ]


def test_unescaped_quotes_are_read_literally(load, caplog) -> None:
    documents = load('id,text\n1,"a "b" c"\n2,"d\n', name="x.csv")
    assert [document.text for document in documents] == ['"a "b" c"', '"d']
    assert caplog.messages == ["x.csv: 2 rows whose quotation marks were read literally, first at x.csv:2"]


@pytest.mark.parametrize("name", ["x.tsv", "x.csv", "x.txt"])
def test_tables_separated_by_tabs(load, name: str) -> None:
    [document] = load(f"\nid\ttext\tlabel\n7\t{TEXT}\t{quoted(REGIONS)}\n", name=name)
    assert (document.entities, document.meta) == ((PER, LOC), {"id": "7"})


@pytest.mark.parametrize("form", ["{}", '"{}"'])
def test_long_cells_are_read(load, form: str) -> None:
    [document] = load(f"id,text\n1,{form.format('word ' * 40_000)}\n", name="x.csv")
    assert len(document.text) == 200_000


def test_tables_of_tokens_are_not_read_as_texts(load) -> None:
    [document] = load("sentence_id,words,tag\n0,Anna,B-PER\n0,ran,O\n", name="x.csv")
    assert document.sentences[0].words == ("Anna", "ran")


def test_a_cell_of_several_lines_is_whole_where_its_first_line_looks_complete(load):
    documents = load('id,text\n1,"Ann\nran, and\nsat"\n2,Bo "x\n', name="x.csv", format="csv")
    assert [document.text for document in documents] == ["Ann\nran, and\nsat", 'Bo "x']
