"""Tables whose columns, separators and comments are found in unusual places."""

from __future__ import annotations

import logging

import pytest

from nertagger.corpus.tables.tag_columns import find_feature
from nertagger.errors import DataError

ANN = [("PER", "Anna Kern"), ("LOC", "Oslo")]
ROWS = (("Anna", "B-PER"), ("Kern", "I-PER"), ("visited", "O"), ("Oslo", "B-LOC"))
TABLE = "".join(f"{word} NN {tag}\n" for word, tag in ROWS) + "\n"


def found(documents) -> list[tuple[str, str]]:
    return [(label, text) for one in documents for label, text in labelled(one)]


def labelled(document) -> list[tuple[str, str]]:
    from nertagger.text.entities import document_entities

    return [(entity.label, entity.text) for entity in document_entities(document)]


def misc(*cells: str) -> str:
    rows = zip(ROWS, cells, strict=True)
    return "".join(f"{n}\t{word}\t_\tX\tX\t_\t0\troot\t_\t{cell}\n" for n, ((word, _), cell) in enumerate(rows, 1))


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{tag}\t{word}\n" for word, tag in ROWS),  # MIT's movies and restaurants
        "".join(f"\t{word}\t{tag}\n" for word, tag in ROWS),  # an empty first column
        "".join(f"{word}\u00a0{tag}\n" for word, tag in ROWS),
        "".join(f"{word}\u3000{tag}\n" for word, tag in ROWS),
        "".join(f"{word}\t{tag}\u200b\n" for word, tag in ROWS),
        "".join(f"{word}\t{tag}\u00a0\n" for word, tag in ROWS),
        "".join(f"{word}\t{tag}\n" for word, tag in ROWS).replace("-", "\u2011"),
        misc("start_char=0|ner=B-PER", "ner=I-PER", "ner=O", "ner=B-LOC|SpaceAfter=No"),  # Stanza
        misc("NER=B-PER", "NER=I-PER", "_", "SpaceAfter=No|NER=B-LOC"),
        "# of the archive, all rights reserved\n# by our own hand\n" + TABLE,
        "#begin document of mine\n" + TABLE + "#end document\n",
        " -DOCSTART- -X- O\n\n" + TABLE,
        "\ufeff\ufeff" + TABLE,
        "".join(f"{tag}\t0\t4\t{word}\tNN\tB-NP\n" for word, tag in ROWS),  # nersuite's
        "".join(f"en:{word}\t{tag}\n" for word, tag in ROWS),  # WikiANN
        "## a-1_train\tAnna Kern <Oslo:LOC>\n" + "".join(f"{word}\t{tag}\n" for word, tag in ROWS),  # KLUE
    ],
)
def test_read_conll_finds_words_and_tags(load, text: str) -> None:
    documents = load(text)
    assert found(documents) == ANN
    assert [one.text for one in documents] == ["Anna Kern visited Oslo"]


@pytest.mark.parametrize("word", ["Text", "Data", "sentence", "body", "html", "tokens", "#"])
@pytest.mark.parametrize(("row", "tag", "names"), [
    ("{}\t{}\n", "B-LOC", ["x.conll", "x.csv", "x.txt"]),
    ("{}\t{}\n", "LOC", ["x.conll", "x.txt"]),
    ("{}\tNN\t{}\n", "B-LOC", ["x.conll", "x.txt"]),
    ("{},{}\n", "B-LOC", ["x.conll", "x.csv", "x.txt"]),
])  # fmt: skip
def test_a_first_word_that_may_name_a_column_of_texts_is_a_word(load, word: str, row: str, tag: str, names) -> None:
    pairs = [(word, "O"), ("Oslo", tag), ("was", "O"), ("there", "O")]
    for name in names:
        documents = load("".join(row.format(*pair) for pair in pairs), name)
        assert [one.text for one in documents] == [f"{word} Oslo was there"]
        assert found(documents) == [("LOC", "Oslo")]


def test_what_all_words_have_is_removed_and_counted(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        assert found(load("奥0\tB-LOC\n斯1\tI-LOC\n在0\tO\n\n")) == [("LOC", "奥 斯")]
        load("en:a\tO\nen:\tO\nde:b\tB-X\n")
    assert caplog.text.count("1 table with a digit after each character, which is removed") == 1
    assert "before each word" not in caplog.text


def test_sentences_of_hipe_end_at_a_mark_in_the_last_column(load, caplog) -> None:
    rows = ("TOKEN\tNE-COARSE-LIT\tNE-NESTED\tMISC\n# document_id = a\nAnna\tB-pers\tO\t_\n"
            ".\tO\tO\tNoSpaceAfter|EndOfSentence\nKern\tB-pers\tB-loc\t_\n")  # fmt: skip
    with caplog.at_level(logging.WARNING):
        documents = load(rows, "x.tsv")
    assert [(one.text, one.sentences[0].source) for one in documents] == [("Anna .", "x.tsv:3"), ("Kern", "x.tsv:5")]
    assert "1 table whose column 2 has tags too, which are not read" not in caplog.text  # no label in common
    load(rows.replace("B-loc", "B-pers"), "x.tsv")
    assert "1 table whose column 2 has tags too, which are not read" in caplog.text


@pytest.mark.parametrize("blank", ["\u00a0\n", "\ufeff\n", "\x0c\n", "\u200b \n", "\0\n"])
def test_lines_of_invisible_characters_end_sentences(load, blank: str) -> None:
    rows = TABLE.rstrip("\n") + "\n"
    assert [labelled(one) for one in load(rows + blank + "\ufeff" + rows)] == [ANN, ANN]


def test_invisible_words_with_tags_are_tokens(load) -> None:
    [document] = load("Ann\tB-PER\n\u00a0\tO\n")
    assert document.sentences[0].words == ("Ann", "\u00a0")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("B-PER B-PER\nO O\n" * 5, "got tags alone in column 0, expected words"),
        ("Ann B-PER\u0085ran O\u0085Bo B-PER\u0085", "got lines that end in U+0085, expected line feeds"),
        ("Ann\tB-PER|B-TITLE\nran\tO\n", "got the tag 'B-PER|B-TITLE'"),
        ("0.0\t1.5\tAnn ran\n1.5\t2.5\tx\n2.5\t3\ty\n", "got numbers alone in column 0, expected words"),
        ("1\tAnn ran to Oslo\n2\tShe ran to Rome\n", "got cells of several words in column 1"),
        ("Ann ran to Oslo\tgood\nShe ran to Rome\tbad\n", "got cells of several words in column 0"),
    ],
)
def test_read_conll_refuses_what_it_would_misread(load, text: str, problem: str) -> None:
    with pytest.raises(DataError) as caught:
        load(text)
    assert str(caught.value).startswith(f"x.conll:1: {problem}")


def test_lenient_reading_keeps_the_first_of_nested_tags(load) -> None:
    assert found(load("Ann\tB-PER|B-TITLE\nBo\tI-PER;O\nran\tO|B-X\nOslo\tB-LOC\n", lenient=True)) == [
        ("PER", "Ann Bo"),
        ("LOC", "Oslo"),
    ]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("Ann NN VP\nran VB NP\n", "1 table of 3 columns of which only the words are read"),
        ("Ann\t1\nran\t0\n", "1 table of 2 columns of which only the words are read"),
        ("Ann B-PER B-PER\nran O O\n", "1 table whose column 1 has tags too, which are not read"),
        ("1\tAnn\tB-PER\tB-PER\n2\tran\tO\tO\n", "1 table whose column 3 has tags too, which are not read"),
        ("# x y z\nAnn B-PER\n", "1 row with # and without a tag before a sentence, read as comments"),
    ],
)
def test_columns_that_are_not_read_are_counted(load, caplog, text: str, warning: str) -> None:
    with caplog.at_level(logging.WARNING):
        load(text)
    assert warning in caplog.text
    caplog.clear()
    load(text, annotation=False)
    assert "tables" not in caplog.text


def test_chunks_are_no_other_tags(load, caplog) -> None:
    load("Ann NNP B-NP B-PER\nran VB B-VP O\n")
    assert not caplog.text


def test_find_feature_takes_no_feature_that_is_no_tag() -> None:
    table = [["Gender=Fem|O=O"], ["SpaceAfter=No"], ["_"]]
    assert find_feature(table, [0]) is None
