"""Tables of tokens: the layouts and oddities of real files."""

from __future__ import annotations

import io
import logging

import pytest

from nertagger.corpus import BLANK_TOKEN, read, write_documents
from nertagger.errors import DataError
from nertagger.text import Document, Sentence, TagScheme, detect_scheme


def pairs(documents: list[Document]) -> list[list[tuple[str, str | None]]]:
    """Return each sentence as pairs of word and tag."""
    sentences = [sentence for document in documents for sentence in document.sentences]
    return [list(zip(s.words, s.tags or (None,) * len(s), strict=True)) for s in sentences]


ANN = [[("Ann", "B-PER"), ("ran", "O")], [("Bo", "B-PER")]]


@pytest.mark.parametrize(
    "text",
    [
        "Ann\tB-PER\nran\tO\n\nBo\tB-PER\n\n",
        "Ann\tB-PER\nran\tO\n\nBo\tB-PER\n",
        "Ann\tB-PER\nran\tO\n\nBo\tB-PER",
        "\ufeffAnn\tB-PER\nran\tO\n\nBo\tB-PER",
        "Ann B-PER\nran O\n\nBo B-PER",
        "Ann  B-PER\nran \t O\n\nBo B-PER",
        "Ann\tB-PER\r\nran\tO\r\n\r\nBo\tB-PER\r\n",
        "Ann\tB-PER  \nran\tO\t\n\nBo\tB-PER \r\n",
        "Ann B-PER \nran O \n \nBo B-PER\n",
        "\n\n\nAnn\tB-PER\nran\tO\n\t\n\n \t \nBo\tB-PER\n\n\n",
        "-DOCSTART-\tO\n\nAnn\tB-PER\nran\tO\n\nBo\tB-PER\n",
        "-DOCSTART- -X- -X- O\n\nAnn NNP B-NP B-PER\nran VB B-VP O\n\nBo NNP B-NP B-PER\n",
        "-DOCSTART- -X- O O\nAnn NNP - B-PER\nran VB - O\n-DOCSTART- -X- O O\nBo NNP - B-PER\n",
        "-DOCSTART-\n\nAnn NNP B-PER\nran VB O\n\nBo NNP B-PER\n",
        "Ann a b c B-PER\nran a b c O\n\nBo a b c B-PER\n",
        "1\tAnn\tB-PER\n2\tran\tO\n\n1\tBo\tB-PER\n",
        "# text = Ann ran\n1\tAnn\tB-PER\t-\tme\n2\tran\tO\t-\t-\n\n# x\n1\tBo\tB-PER\t-\t-\n",
        "#\thttp://x\t[2010]\t\n1\tAnn\tB-PER\tO\n2\tran\tO\tB-OTH\n\n#\ty\t\n1\tBo\tB-PER\tO\t\n",
        "1-2\tAnnran\t_\t_\n1\tAnn\tB-PER\t_\n2\tran\tO\t_\n2.1\tx\tO\t_\n\n1\tBo\tB-PER\t_\n",
        "# id 17 domain=en\nAnn _ _ B-PER\nran _ _ O\n\n# id 18 domain=en\nBo _ _ B-PER\n",
        "# sent_id = 1\nAnn\tB-PER\nran\tO\n\n# sent_id = 2\nBo\tB-PER\n",
    ],
)
def test_read_conll_layouts(load, text: str) -> None:
    assert pairs(load(text)) == ANN


@pytest.mark.parametrize(("columns", "tags"), [
    ({}, ("O", "B-ORG")),
    ({"tag_column": -1}, ("O", "B-ORG")),
    ({"tag_column": 2}, ("B-VP", "B-NP")),
    ({"tag_column": -2}, ("B-VP", "B-NP")),
])  # fmt: skip
def test_read_conll_with_any_tag_column(load, columns: dict[str, int], tags: tuple[str, ...]) -> None:
    [document] = load("won VB B-VP O\nAcme NNP B-NP B-ORG\n", **columns)
    assert document.sentences[0].tags == tags


def test_read_conll_with_nested_tags_and_a_word_column(load) -> None:
    [document] = load("1\tAnn\tB-PER\tO\n2\tX\tO\tB-ORG\n", name="x.tsv", word_column=0, tag_column=3)
    assert pairs([document]) == [[("1", "O"), ("2", "B-ORG")]]


@pytest.mark.parametrize("column", [{"word_column": 5}, {"tag_column": 2}, {"tag_column": -3}])
def test_read_conll_raises_for_a_missing_column(load, column: dict[str, int]) -> None:
    with pytest.raises(DataError, match=r"x\.conll: there is no (word|tag) column -?\d: the rows have 2"):
        load("Ann\tB-PER\nran\tO\n", **column)


@pytest.mark.parametrize("text", ["", "\n", "\n\t\n\r\n", "-DOCSTART- -X- O O\n\n", "-DOCSTART- O", "\ufeff"])
def test_read_conll_without_sentences_is_empty(load, text: str) -> None:
    assert load(text) == []


def test_read_conll_document_start_before_and_after(load) -> None:
    before = load("-DOCSTART- O\n\na O\n\nb O\n\n-DOCSTART- O\n\nc O\n")
    after = load("a O\n\n-DOCSTART- O\n\nb O\n\nc O\n\n-DOCSTART- O\n")
    assert [document.opens for document in before] == [True, False, True]
    assert [document.opens for document in after] == [False, True, False]
    assert [d.opens for d in load("# newdoc id = 7\n1\ta\tO\n\n1\tb\tO\n")] == [True, False]


def test_read_conll_words_only(load) -> None:
    documents = load("New York\nran\n\nBo\n")
    assert pairs(documents) == [[("New York", None), ("ran", None)], [("Bo", None)]]
    assert documents[0].text == "New York ran"
    assert pairs(load("Ann NNP\nran VBD\n\n")) == [[("Ann", None), ("ran", None)]]


def test_read_conll_keeps_white_space_inside_tokens(load) -> None:
    words = [
        " h",
        "ke s",
        "a ",
        "x\u0085y",
        "x\u00a0",
        "\u00a0",
        "👩\u200d💻",
        "e\u0301",
        "𝔘",
        "\u2028",
        "-DOCSTART",
        "#",
    ]
    [document] = load("".join(f"{word}\tO\n" for word in words))
    assert list(document.sentences[0].words) == words


@pytest.mark.parametrize("length", [1, 250, 641, 5000])
def test_read_conll_keeps_all_tokens_of_a_long_sentence(load, length: int) -> None:
    text = "a\tO\n" * (length - 1) + "Bo\tB-PER"
    [document] = load(text)
    assert len(document.sentences[0]) == length
    assert document.sentences[0].tags[-1] == "B-PER"


def test_read_conll_blank_tokens_keep_their_row_and_are_counted(load, caplog: pytest.LogCaptureFixture) -> None:
    documents = load("Ann\tB-PER\n\tO\n \tI-PER\n\n\tO\n\nBo\tB-PER\n")
    expected = [[("Ann", "B-PER"), (BLANK_TOKEN, "O"), (BLANK_TOKEN, "I-PER")], [(BLANK_TOKEN, "O")], ANN[1]]
    assert pairs(documents) == expected
    assert caplog.messages == ["x.conll: 3 blank tokens read as '\ufffd', first at x.conll:2"]
    assert pairs(load("Ann B-PER\n O\n")) == [[("Ann", "B-PER"), (BLANK_TOKEN, "O")]]


@pytest.mark.parametrize(("text", "message"), [
    ("Ann\tB-PER\nran\n\nBo\tO\n", r"^x\.conll:2: row 'ran' has 1 column, expected 2"),
    ("a O\nNew York O\nb O\n", r"^x\.conll:2: row 'New York O' has 3 columns, expected 2"),
    ("\n\na x O\nb O\nc x O\n", r"^x\.conll:4: row 'b O' has 2 columns, expected 3"),
    ("a O\nb 7\n", r"^x\.conll:2: got the tag '7', expected O or one of"),
    ("a O\nb B-PER\nc PER\n", r"^x\.conll:3: got the tag 'PER', expected O or one of .* \(--lenient\)"),
    ("a O\nb B-PER\nc LOC\n", r"^x\.conll:3: got the tag 'LOC', expected O or one of(?!.*lenient)"),
    ("a\tO\nb\tB-PER\nc\t\n", r"^x\.conll:3: got no tag for a word although others have tags(?!.*lenient)"),
    ("Ann B-PER O\nb O\nc O\n", r"^x\.conll:1: row 'Ann B-PER O' has 3 columns, expected 2"),
    ("1\ta\tO\n2\tb\tO\nc\tB-PER\tO\n", r"^x\.conll:3: row .* begins with 'c', expected the number of a token"),
])  # fmt: skip
def test_read_conll_ragged_rows_are_errors(load, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        load(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "expected"), [
    ("a\tO\nran\nb\tO\n", "a/O ran/O b/O"),
    ("a\tB-PER\nb\nc\tI-PER\nd\tO\n", "a/B-PER b/I-PER c/I-PER d/O"),
    ("a\tB-PER\nb\t\nc\tB-PER\nd\tO\n", "a/B-PER b/O c/B-PER d/O"),
    ("a\tB-PER\nb O\nc\tO\n", "a/B-PER b/O c/O"),
    ("a O\nNew York B-LOC\nb O\n", "a/O New York/B-LOC b/O"),
    ("a x O\nb B-PER\nc x O\n", "a/O b/B-PER c/O"),
    ("a B-PER\nb PER\nc b-PER\nd B_PER\ne o\nf PER-I\n", "a/B-PER b/I-PER c/B-PER d/B-PER e/O f/I-PER"),
    ("a O\nb B_PER\nc B-PER\nd 0\n", "a/O b/B-PER c/B-PER d/O"),
])  # fmt: skip
def test_read_conll_lenient_repairs_and_counts(load, caplog, text: str, expected: str) -> None:
    [words] = pairs(load(text, lenient=True))
    assert " ".join(f"{word}/{tag}" for word, tag in words) == expected
    assert all("first at x.conll:2" in message for message in caplog.messages)
    assert 1 <= len(caplog.messages) <= 2


@pytest.mark.parametrize("text", [
    "a O\nb B-PER\nc LOC\n",
    "a O\nb B-PER\nc b-LOC\n",
    "a O\nb B-PER\nc B\n",
    "a O\nb B-PER\nc 7\n",
    "a O\nb B\nc PER\n",
    "Ann B-PER O\nBo B-PER\nb O\nc O\n",
])  # fmt: skip
def test_read_conll_lenient_repairs_create_no_labels_or_words(load, text: str) -> None:
    with pytest.raises(DataError) as caught:
        load(text, lenient=True)
    assert "lenient" not in str(caught.value)


def test_read_conll_sets_the_line_of_each_sentence(load) -> None:
    documents = load("\n-DOCSTART- O\n\na O\n\n\nb O\nc O\n-DOCSTART- O\nd O")
    assert [document.sentences[0].source for document in documents] == ["x.conll:4", "x.conll:7", "x.conll:10"]
    assert {document.source for document in documents} == {"x.conll"}


def test_read_conll_uses_the_text_of_comments_if_words_agree(load) -> None:
    rows = "1\tdo\tO\n2\tn't\tO\n3\tgo\tO\n\n"
    agrees, differs = load(f"# text = don't  go\n{rows}# text = do not go\n{rows}", name="x.iob2")
    assert (agrees.text, agrees.sentences[0].starts) == ("don't  go", (0, 2, 7))
    assert (differs.text, differs.sentences[0].starts) == ("do n't go", (0, 3, 7))


def test_read_conll_keeps_tags_unchanged(load) -> None:
    [document] = load("a I-PER\nb B-PER\nc O\nd I-LOC\n")
    assert document.sentences[0].tags == ("I-PER", "B-PER", "O", "I-LOC")
    assert detect_scheme([document.sentences[0].tags]) is TagScheme.IOB1


def test_read_conll_streams() -> None:
    from nertagger.corpus.formats.conll import read_conll
    from nertagger.corpus.source import Source

    def endless():
        while True:
            yield from ("a\tO\n", "\n")

    documents = read_conll(endless(), Source("x"))
    assert [next(documents).text for _ in range(1000)] == ["a"] * 1000


def test_read_raises_for_sentences_without_tags(tmp_path) -> None:
    (tmp_path / "x.conll").write_text("Ann\nran\n")
    with pytest.raises(DataError, match=r"x\.conll:1: the words have no tags"):
        read(tmp_path / "x.conll")


def test_read_leniently_leaves_out_sentences_without_tags(tmp_path, caplog) -> None:
    (tmp_path / "x.conll").write_text("Ann\tB-PER\nran\tO\n\nBo\t_\n\nTom\tB-PER\n")
    message = r"x\.conll:4: the words have no tags, as in 1 of 3 sentences, .* annotate them, or leave them out \(train"
    with pytest.raises(DataError, match=message):
        read(tmp_path / "x.conll")
    assert [sentence.words for sentence in read(tmp_path / "x.conll", lenient=True)] == [("Ann", "ran"), ("Tom",)]
    assert "1 sentence without tags left out" in caplog.text
    (tmp_path / "x.conll").write_text("Ann\nran\n")
    with pytest.raises(DataError, match=r"x\.conll:1: the words have no tags"):
        read(tmp_path / "x.conll", lenient=True)


def test_write_conll_keeps_document_starts_and_converts() -> None:
    sentence = Sentence.from_words(("a", "b\t\nc", "d"), tags=("I-PER", "B-PER", "I-PER"))
    stream = io.StringIO()
    write_documents(stream, [Document.from_sentence(sentence, opens=True), Document("", ())], format="conll")
    assert stream.getvalue() == "-DOCSTART-\tO\n\na\tI-PER\nb  c\tB-PER\nd\tI-PER\n\n"
    stream = io.StringIO()
    write_documents(stream, [Document.from_sentence(sentence)], format="conll", scheme=TagScheme.BIOES)
    assert stream.getvalue() == "a\tS-PER\nb  c\tB-PER\nd\tE-PER\n\n"


@pytest.mark.parametrize("name", ["conll", "conllu", "csv"])
def test_labels_that_a_table_cannot_hold_are_changed_and_reported(name: str, caplog) -> None:
    tags = ("I-PER\tO\nx", "I-PER O x", "B- ", "O", "B-Job Title")
    sentence = Sentence.from_words(("a", "b", "c", "-DOCSTART-", "e\r\tf"), tags=tags)
    stream = io.StringIO(newline="\n")
    write_documents(stream, [Document.from_sentence(sentence)], format=name)
    again = stream.getvalue()
    assert "I-PER" not in again
    assert all(tag in again for tag in ("B-PER O x", "B-_", "B-Job Title"))
    assert "1 entity with the label 'PER\\tO\\nx' written as 'PER O x', as" in caplog.text
    assert ("1 word -DOCSTART- written as '- DOCSTART-'" in caplog.text) is (name == "conll")
    assert [message.endswith(f"as {name} cannot hold the original") for message in caplog.messages]


def test_a_document_start_with_the_tag_of_an_entity_is_a_word(load) -> None:
    assert pairs(load("a\tO\n-DOCSTART-\tB-X\nb\tI-X\n")) == [[("a", "O"), ("-DOCSTART-", "B-X"), ("b", "I-X")]]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32-be"])
@pytest.mark.parametrize("name", ["x.conll", "x.csv"])
def test_another_encoding_raises(load, name: str, encoding: str) -> None:
    with pytest.raises(DataError, match="name the encoding"):
        load("Ann\tB-PER\nran\tO\n".encode(encoding), name=name)


def test_write_conll_escapes_a_document_start_as_a_word(load) -> None:
    stream = io.StringIO()
    sentence = Sentence.from_words(("see", "-DOCSTART-", "below"), tags=("O", "B-X", "O"))
    write_documents(stream, [Document.from_sentence(sentence)], format="conll")
    assert pairs(load(stream.getvalue())) == [[("see", "O"), ("- DOCSTART-", "B-X"), ("below", "O")]]


@pytest.mark.parametrize(("text", "words"), [
    ("1 Anna NNP I-NP I-PER\n2 ran VBD I-VP O\n\n1 Tom NNP I-NP I-PER\n2 sat VBD I-VP O\n", "Anna Tom"),
    ("1\tAnna\tNNP\tI-NP\tI-PER\n2\tran\tVBD\tI-VP\tO\n\n1\tTom\tNNP\tI-NP\tI-PER\n", "Anna Tom"),
    ("0 Anna B-PER\n1 ran O\n\n2 Tom B-PER\n3 sat O\n", "Anna Tom"),
    ("1 1999 B-PER\n2 ran O\n\n1 Tom B-PER\n", "1999 Tom"),
    ("1 O\n2 O\n3 B-PER\n", "3"),
    ("1999 CD B-PER\n2 CD O\nran VB O\nTom NN B-PER\n", "1999 Tom"),
])  # fmt: skip
def test_token_numbers_are_not_words(load, text: str, words: str) -> None:
    found = [word for sentence in pairs(load(text)) for word, tag in sentence if tag != "O"]
    assert found == words.split()


def test_numbers_are_words_in_two_columns_without_tags(load) -> None:
    assert pairs(load("1\tAnna\n2\tran\n")) == [[("Anna", None), ("ran", None)]]


@pytest.mark.parametrize("sentence", ["7 8 8", "s7 s8 s9", "d d d"])
@pytest.mark.parametrize("token", ["", "1", "0.50", "0 4"])
@pytest.mark.parametrize("separator", ["\t", " "])
def test_sentences_and_numbers_before_the_words_are_not_words(
    load, caplog, sentence: str, token: str, separator: str
) -> None:
    words = [[("Anna", "NN", "B-PER"), ("ran", "VB", "O"), ("a", "DT", "O")], [("Tom", "NN", "B-PER"), ("x", "X", "O")]]
    rows = [
        [separator.join([name, *token.split(), *row]) for row in one]
        for name, one in zip(sentence.split()[:2], words, strict=True)
    ]
    with caplog.at_level(logging.WARNING):
        found = pairs(load("\n\n".join("\n".join(one) for one in rows)))
    assert found == [[(word, tag) for word, _, tag in one] for one in words]
    assert (
        f"1 table whose words are taken to be those of column {1 + len(token.split())} (--word-column)" in caplog.text
    )
    together = pairs(load("\n".join("\n".join(one) for one in rows)))
    assert together == (found if sentence != "d d d" else [[*found[0], *found[1]]])


@pytest.mark.parametrize("columns", [
    ["NNP NNP NNP VBD"], ["1-NP 1-NP 1-NP VP"], ["0.98 0.98 0.98 0.97"], ["x x x y"],
])  # fmt: skip
@pytest.mark.parametrize("numbered", [False, True])
def test_other_columns_that_repeat_tell_no_sentences_apart(load, columns: list[str], numbered: bool) -> None:
    words = [("Anna", "B-PER"), ("Bo", "I-PER"), ("Kern", "I-PER"), ("ran", "O")]
    cells = [one.split() for one in [*columns, *(["3 3 3 4"] if numbered else [])]]
    rows = [
        "\t".join([*([str(number)] if numbered else []), word, *(one[number - 1] for one in cells), tag])
        for number, (word, tag) in enumerate(words, 1)
    ]
    assert pairs(load("\n".join(rows))) == [words]


@pytest.mark.parametrize("header", ["", "n\tword\ttag\n"])
def test_token_numbers_that_restart_end_sentences_without_blank_lines(load, caplog, header: str) -> None:
    with caplog.at_level(logging.WARNING):
        found = pairs(load(f"{header}1\tAnna\tB-PER\n2\tran\tO\n1\tTom\tB-PER\n2\tsat\tO\n3\t.\tO\n"))
    assert [[word for word, _ in sentence] for sentence in found] == [["Anna", "ran"], ["Tom", "sat", "."]]
    assert "1 table whose column 0 tells the sentences apart, as no blank lines do" in caplog.text


def test_a_column_of_words_that_is_given_is_taken(load) -> None:
    assert pairs(load("7 Anna B-PER\n7 ran O\n8 Tom B-PER\n8 x O\n", word_column=0))[0][0] == ("7", "B-PER")


def test_parts_of_speech_before_the_words_are_not_words(load) -> None:
    words = [f"{one}{other}" for one in "abcdefgh" for other in "xyz"]
    text = "\n".join(
        f"{'NN' if number % 2 else 'VB'} {word} {'B-PER' if number % 3 else 'O'}" for number, word in enumerate(words)
    )
    assert [word for [sentence] in [pairs(load(text))] for word, _ in sentence] == words


@pytest.mark.parametrize("text", [
    "Ann\tB-PER\tSpaceAfter=No\nran\tO\t_\n",
    "Ann\tB-PER\tQ1\nran\tO\t\n",
    "Ann\tB-PER\t\nran\tO\t\n",
    "Ann B-PER me\nran O you\n",
])  # fmt: skip
def test_tags_before_other_columns_are_found(load, text: str) -> None:
    assert pairs(load(text)) == [[("Ann", "B-PER"), ("ran", "O")]]


def test_tags_of_multiword_tokens_and_empty_nodes_are_counted(load, caplog) -> None:
    load("1-2\tAnnran\tB-LOC\n1\tAnn\tB-PER\n2\tran\tO\n2.1\tx\tO\n")
    assert caplog.messages == [
        "x.conll: 1 tag of multiword tokens and empty nodes (3-4, 8.1) not read, first at x.conll:1"
    ]


def test_read_conll_logs_nothing_for_a_clean_file(load, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    load("Ann\tB-PER\n\n")
    assert caplog.messages == []
