"""Header rows of tables, with common or requested names."""

from __future__ import annotations

import logging

import pytest

from nertagger.corpus.tables.header import find_column, is_header, named_columns
from nertagger.errors import DataError
from nertagger.text.entities import document_entities

ROWS = "Anna\tB-pers\tB-pers.ind\nKern\tI-pers\tI-pers.ind\nran\tO\tO\n"


def found(documents) -> list[tuple[str, str]]:
    return [(e.label, e.text) for document in documents for e in document_entities(document)]


@pytest.mark.parametrize("header", [
    "TOKEN\tNE-COARSE-LIT\tNE-FINE-LIT",
    "Token\tTag\tother",
    "# hipe2022:language = de\nTOKEN\tNE-COARSE\tNE-FINE",
    "TOKEN\tNE-COARSE\tNE-FINE\n# language = de\n# a comment of words",
    "\n\nword\tner\tpos",
    "\ufefftokens\tlabels\tmisc",
])  # fmt: skip
@pytest.mark.parametrize("name", ["x.tsv", "x.conll"])
def test_a_header_names_the_columns_of_a_table(load, header: str, name: str) -> None:
    documents = load(f"{header}\n{ROWS}", name=name)
    assert [document.text for document in documents] == ["Anna Kern ran"]
    assert found(documents) == [("pers", "Anna Kern")]


def test_a_header_separated_by_spaces_is_recognised(load) -> None:
    assert found(load(f"Word POS Tag\n{ROWS}".replace("\t", " ").replace(" B-pers ", " N "))) == [
        ("pers.ind", "Anna Kern")
    ]


@pytest.mark.parametrize("header", ["word tag", " word tag", '"word" "tag"', "word\ttag", '"word"\t"tag"', ""])
@pytest.mark.parametrize("first", [0, 1])
def test_row_numbers_of_r_and_pandas_are_not_words(load, header: str, first: int) -> None:
    separator, quote = "\t" if "\t" in header else " ", '"' if '"' in header else ""
    rows = [("Ann", "B-PER"), ("ran", "O"), ('"', "O"), ("Oslo", "B-LOC")]
    cells = [(str(number), word.replace('"', quote + '"'), tag) for number, (word, tag) in enumerate(rows, first)]
    lines = [separator.join(f"{quote}{cell}{quote}" for cell in row) for row in cells]
    [document] = load("\n".join([header, *lines] if header else lines), "x.txt")
    [sentence] = document.sentences
    assert (sentence.words, sentence.tags) == (("Ann", "ran", '"', "Oslo"), ("B-PER", "O", "O", "B-LOC"))


def test_quotes_around_every_cell_are_removed(load) -> None:
    documents = load('"Ann"\t"B-PER"\n"ran"\t"O"\n\n"New York"\t"B-LOC"\n', "x.tsv")
    assert [document.sentences[0].words for document in documents] == [("Ann", "ran"), ("New York",)]
    [document] = load('"\tO\n"Ann"\tB-PER\n"\tO\n', "x.tsv")
    assert document.sentences[0].words == ('"', '"Ann"', '"')


@pytest.mark.parametrize("sentence", ["SentenceID", "doc", "", "id", "Unnamed: 0"])
@pytest.mark.parametrize("tag", ["NER-Tag", "entity type", "Annotation", "x"])
def test_columns_of_csv_are_found_by_names_and_cells(load, caplog, sentence: str, tag: str) -> None:
    with caplog.at_level(logging.WARNING):
        documents = load(f"{sentence},Token,{tag}\n1,Anna,B-PER\n1,ran,O\n2,Bo,B-PER\n2,sat,O\n", "x.csv")
    assert [document.text for document in documents] == ["Anna ran", "Bo sat"]
    assert found(documents) == [("PER", "Anna"), ("PER", "Bo")]
    assert ("1 table whose column 0 tells the sentences apart" in caplog.text) == (sentence != "SentenceID")


def test_a_long_table_without_blank_lines_is_reported(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        load("word\ttag\n" + "Anna\tB-PER\n" * 1200, "x.tsv")
    assert "1 sentence of more than 1,000 words (are blank lines missing between sentences?)" in caplog.text


def test_a_repeated_header_is_not_a_token(load) -> None:
    text = f"Token\tTag\tx\n{ROWS}\n"
    assert [document.text for document in load(text * 2, name="x.tsv")] == ["Anna Kern ran"] * 2


def test_columns_can_be_requested_by_name(load) -> None:
    text = f"Wort\tGrob\tFein\n{ROWS}"
    assert found(load(text, word_column="Wort", tag_column="fein")) == [("pers.ind", "Anna Kern")]
    assert found(load(text.replace("\t", ";"), name="x.csv", word_column="Wort", tag_column="Grob"))
    with pytest.raises(DataError, match=r"x\.conll: there is no tag column 'Typ': the first row has Wort, Grob, Fein"):
        load(text, word_column="Wort", tag_column="Typ")
    with pytest.raises(DataError, match=r"x\.conll:1: got the tag 'Fein'.* if this row is a header, name both columns"):
        load(text)


def test_a_tsv_with_a_column_of_sentences_is_read_as_csv(load) -> None:
    first = 'Sentence: 1\tAnna\tN\tB-per\n\t""""\tX\tO\n\t"\tX\tO\n'
    text = f"Sentence #\tWord\tPOS\tTag\n{first}Sentence: 2\tOslo\tN\tB-geo\n"
    documents = load(text, name="x.tsv")
    assert [document.text for document in documents] == ['Anna " "', "Oslo"]


@pytest.mark.parametrize(("cells", "expected"), [
    ("Word Tag", True), ("token ner_tag", True), ("Sentence Word POS Tag", True), ("form pos", True),
    ("Word O", False), ("Token NN O", False), ("Anna B-PER", False), ("word", False), ("Tag POS", False),
])  # fmt: skip
def test_is_header(cells: str, expected: bool) -> None:
    assert is_header(cells.split()) is expected


def test_columns_by_number_and_name() -> None:
    assert find_column(["a", "B"], "b", 2, "tag") == 1
    assert find_column(["a", "B"], "-1", 2, "tag") == 1
    assert named_columns(["x", "Tag", "NER"], ("ner", "tag")) == [2, 1]
