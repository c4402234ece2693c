"""Formats that the first lines announce: WebAnno TSV, CoNLL-2012, PubTator, tagged lines."""

from __future__ import annotations

import logging
import re

import pytest

from nertagger.corpus.detection import detect_format_of_file
from nertagger.errors import DataError
from tests.small_corpus import labels_and_texts

WEBANNO = """#FORMAT=WebAnno TSV 3.2
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue
#T_SP=webanno.custom.NamedEntity|identifier|value


#Text=Anna Kern saw Oslo.
1-1	0-4	Anna	NE	*[1]	PER[1]
1-2	5-9	Kern	NE	*[1]	PER[1]
1-3	10-13	saw	_	_	_
1-4	14-18	Oslo	_	*	LOC
1-5	18-19	.	_	_	_

#Text=\U0001f600 Bo-Ann ran
2-1	20-22	\U0001f600	_	_	_
2-2	23-29	Bo-Ann	_	_	_
2-2.1	26-29	Ann	_	_	B\\_C
2-3	30-33	ran	_	*	*
"""
ROW = "bc/x_0000 0 {} {} NNP {} - - - Speaker#1 {} {}\n"
ONTONOTES = (
    "#begin document (bc/x_0000); part 000\n"
    + ROW.format(0, "Anna", "(TOP(S(NP*", "(PERSON*", "-")
    + ROW.format(1, "Kern", "*)", "*)", "(1)")
    + ROW.format(2, "ran", "(VP*)))", "*", "(V*) -")
    + "\n"
    + ROW.format(0, "Oslo", "*", "(GPE)", "-")
    + "\n#end document\n"
)
PUBTATOR = "7|t|Anna Kern ran.\n7|a|She saw Oslo.\n7\t0\t9\tAnna Kern\tPER\tD1\n7\t23\t27\tOslo\tLOC\n7\tCID\tD1\tD2\n"


@pytest.mark.parametrize("name", ["x.tsv", "x.txt", "x.unknown", "x.conll"])
def test_formats_are_announced(load, name: str) -> None:
    assert labels_and_texts(load(WEBANNO, name))[:2] == [("PER", "Anna Kern"), ("LOC", "Oslo")]
    assert labels_and_texts(load(ONTONOTES, name)) == [("PERSON", "Anna Kern"), ("GPE", "Oslo")]
    assert labels_and_texts(load(PUBTATOR, name)) == [("PER", "Anna Kern"), ("LOC", "Oslo")]


def test_check_knows_announced_formats(tmp_path) -> None:
    (tmp_path / "x.tsv").write_text(WEBANNO)
    assert detect_format_of_file(str(tmp_path / "x.tsv")) == "webanno"


def test_webanno_reads_texts_parts_of_tokens_and_escapes(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        first, second = load(WEBANNO, "x.tsv")
    assert (first.text, second.text) == ("Anna Kern saw Oslo.", "\U0001f600 Bo-Ann ran")
    assert labels_and_texts([second]) == [("B_C", "Ann"), ("NamedEntity", "ran")]
    assert "1 entity without a label, read as 'NamedEntity'" in caplog.text
    assert [sentence.source for sentence in second.sentences] == ["x.tsv:14"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "NamedEntity|identifier|value",
            "A|kind\n#T_SP=webanno.custom.B|kind",
            "x.tsv:8: the layer of entities is not",
        ),
        ("14-18\tOslo", "14\tOslo", "x.tsv:10: got '1-4\\t14\\tOslo"),
        ("PER[1]", "PER[1]|X", "x.tsv:7: entities 'Anna Kern' and 'Anna' overlap"),
        ("\t*\tLOC", "\tLOC", "x.tsv:10: the row has 5 columns, but the layers (#T_SP and others at the top) have 6"),
        ("NamedEntity|identifier", "NamedEntity", "x.tsv:7: the row has 6 columns"),
        ("2-2.1", "2-1.1", "x.tsv:16: got '2-1.1\\t26-29"),
        ("26-29\tAnn", "26-29\tKern", "x.tsv:16: got '2-2.1\\t26-29\\tKern"),
    ],
)
def test_webanno_refuses_what_is_not_clear(load, old: str, new: str, problem: str) -> None:
    with pytest.raises(DataError) as caught:
        load(WEBANNO.replace(old, new, 1), "x.tsv")
    assert str(caught.value).startswith(problem)


def test_webanno_takes_the_named_layer_and_counts_others(load, caplog) -> None:
    assert labels_and_texts(load(WEBANNO, "x.tsv", tag_column="POS"))[0] == ("NE", "Anna")
    more = WEBANNO.replace("\n\n\n", "\n#T_SP=x.Event|kind\n#T_RL=x.Link|BT_x.Event\n\n\n")
    with caplog.at_level(logging.WARNING):
        load(re.sub(r"(?m)^(\d.*)$", r"\1\t_\t_\t", more), "x.tsv")
    assert "1 layer not read (Event)" in caplog.text
    assert "not read (Link)" in caplog.text
    assert not load(WEBANNO, "x.tsv", annotation=False)[0].is_annotated


def test_conll2012_reads_brackets_in_rows_of_any_width(load) -> None:
    first, second = load(ONTONOTES)
    assert first.sentences[0].tags == ("B-PERSON", "I-PERSON", "O")
    assert (first.opens, second.opens) == (True, False)
    with pytest.raises(DataError, match=r"x.conll:2: got the entity '\(PERSON\(X\*'"):
        load(ONTONOTES.replace("(PERSON*", "(PERSON(X*"))
    with pytest.raises(DataError, match=r"x.conll:3: row .* has 4 columns, expected at least 11"):
        load(ONTONOTES.replace("Kern NNP *)", "Kern", 1).replace("- - - Speaker#1 *) (1)", ""))


def test_pubtator_keeps_the_number_and_counts_the_rest(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        [document] = load(PUBTATOR, "x.txt")
    assert (document.text, document.meta) == ("Anna Kern ran.\nShe saw Oslo.", {"id": "7"})
    assert "1 concept identifier" in caplog.text
    assert "(relations)" in caplog.text
    with pytest.raises(DataError, match=r"entity LOC 22-26 is .*, but the row says 'Oslo'"):
        load(PUBTATOR.replace("23\t27", "22\t26"), "x.txt")


@pytest.mark.parametrize("text", [
    "Anna|NNP|I-PER Kern|NNP|I-PER w|o|IN|O\n\nOslo|NNP|I-LOC .|.|O\n",
    "\ufeffAnna|B-PER Kern|I-PER w|o|O\r\nOslo|B-LOC .|O",
    "Anna/B-PER Kern/I-PER w/o/O\nOslo/B-LOC ./O\n",
    "Anna/PER Kern/PER w/o/O\nOslo/LOC ./O\n",  # of Stanford's tagger
    "Anna Kern w|o\tB-PER I-PER O\n\nOslo .\tB-LOC O\n",
])  # fmt: skip
def test_tagged_lines_are_sentences(load, text: str) -> None:
    for name in ("x.txt", "wp2"):
        first, second = load(text, name)
        assert (first.text.replace("/", "|"), second.text) == ("Anna Kern w|o", "Oslo .")
        assert labels_and_texts([first, second]) == [("PER", "Anna Kern"), ("LOC", "Oslo")]


def test_tagged_sentences_have_as_many_words_as_tags(load, caplog) -> None:
    text = "Anna ran\tB-PER O\nOslo\tB-LOC O\nBo\tB-PER\n"
    for name in ("x.tsv", "x.txt"):
        with pytest.raises(DataError, match=rf"{name}:2: got cells of 1 and 2 words, expected as many words as tags"):
            load(text, name)
    with caplog.at_level(logging.WARNING):
        assert labels_and_texts(load(text, "x.tsv", lenient=True)) == [("PER", "Anna"), ("PER", "Bo")]
    assert "1 row left out that could not be read" in caplog.text


def test_tagged_lines_keep_the_place_of_a_missing_word(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        [document] = load("Anna|NNP|I-PER |VBD|O ran|VBD|O\n", "x.txt")
    assert len(document.sentences[0].words) == 3
    assert "1 blank token" in caplog.text


def test_tagged_lines_need_a_tag_at_each_word(load) -> None:
    with pytest.raises(DataError, match=r"x:101: got 'ran', expected a word with 1 mark '\|'"):
        load("Anna|B-PER ran|O\n" * 100 + "Bo|B-PER ran\n", "x")


RASA = """version: "3.1"
nlu:
- intent: live
  examples: |
    - [Anna Kern](PER) is in [Olso]{"entity": "LOC", "value": "Oslo"}
    # a comment
    - no [mark here
- synonym: Oslo
  examples: |
    - Olso
stories:
- story: x
  steps:
  - intent: live
  - action: utter_live
"""
RASA_MARKDOWN = """## intent:live
- [Anna Kern](PER) is in [Olso](LOC:Oslo)
* no [mark here

## synonym:Oslo
- Olso
"""


@pytest.mark.parametrize("text", [RASA, RASA_MARKDOWN])
def test_examples_of_rasa_are_texts(load, caplog, text: str) -> None:
    with caplog.at_level(logging.WARNING):
        first, second = load(text, "nlu.yml")
    assert labels_and_texts([first]) == [("PER", "Anna Kern"), ("LOC", "Olso")]
    assert (first.text, second.text) == ("Anna Kern is in Olso", "no [mark here")
    assert (first.meta, second.is_annotated) == ({"intent": "live"}, True)
    for counted in ("entity with values, roles or groups", "section other than intents, not read (synonym)"):
        assert f"1 {counted}" in caplog.text


@pytest.mark.parametrize(("old", "new"), [
    ("- no [", "no ["), ("[Olso]{", "[Olso][{"), ('{"entity"', '{"x"'),
])  # fmt: skip
def test_lines_of_rasa_that_are_no_examples_are_errors(load, old: str, new: str) -> None:
    with pytest.raises(DataError, match=r"^nlu.yml:[57]: got "):
        load(RASA.replace(old, new), "nlu.yml")


RASA_TEXTS = """nlu:
- intent: live
  metadata:
    sentiment: neutral
  examples:
  - text: |
      [Anna Kern](PER) is in [Oslo](LOC)

    metadata:
      sentiment: "- good"
  - text: "no \\u005bmark here"
- intent: sit
  examples: |
    - [Bo](PER) sat
"""
SNIPS = """# searchFlight Intent
---
type: intent  # of several
name: searchFlight
slots:
  - name: origin
    entity: city
utterances:
  - find me a flight from [origin](Paris) to [destination:city](New York)
  - "I leave [date:snips/datetime](this weekend) # or so"  # a comment
  - 'it''s [destination](Rome)'

# City Entity
---
type: entity
name: city
values:
  - london
  - [new york, big apple]
"""


def test_examples_of_rasa_may_be_texts_with_metadata(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        first, second, third = load(RASA_TEXTS, "nlu.yml")
    assert labels_and_texts([first, third]) == [("PER", "Anna Kern"), ("LOC", "Oslo"), ("PER", "Bo")]
    assert (first.text, second.text) == ("Anna Kern is in Oslo", "no [mark here")
    assert (first.meta, third.meta) == ({"intent": "live"}, {"intent": "sit"})
    assert "2 fields of metadata not kept, first at nlu.yml:3" in caplog.text


def test_utterances_of_snips_are_texts(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        first, second, third = load(SNIPS, "dataset.yaml")
    assert labels_and_texts([first, second, third]) == [
        ("city", "Paris"),
        ("city", "New York"),
        ("snips/datetime", "this weekend"),
        ("city", "Rome"),
    ]
    assert first.text == "find me a flight from Paris to New York"
    assert (second.text, third.text) == ("I leave this weekend # or so", "it's Rome")
    assert first.meta == {"intent": "searchFlight"}
    assert "2 values of entities other than texts" in caplog.text


@pytest.mark.parametrize(("old", "new"), [
    ("[origin](Paris)", "[origin]"), ("  - find", "  find"), ("[origin](Paris)", "[origin]()"),
])  # fmt: skip
def test_utterances_of_snips_without_values_are_errors(load, old: str, new: str) -> None:
    with pytest.raises(DataError, match=r"^dataset.yaml:9: got "):
        load(SNIPS.replace(old, new), "dataset.yaml")
    assert len(load(SNIPS.replace(old, new), "dataset.yaml", lenient=True)) == 2


ROWS = """[("Anna ran\\n", {"entities": [(0, 4, 'PER')]}),
    ("Oslo", {'entities': [(0, 4, "LOC")]})]"""


@pytest.mark.parametrize(("text", "name"), [
    (f"import spacy\n# data\nLABELS = ['PER', 'LOC']\nTRAIN_DATA: list = {ROWS}\nprint(len(TRAIN_DATA))\n", "x.py"),
    (f"TRAIN_DATA = {ROWS}\n", "x.txt"),
    (ROWS, "train_data"),
])  # fmt: skip
def test_lists_in_python_are_records(load, text: str, name: str) -> None:
    documents = load(text, name)
    assert labels_and_texts(documents) == [("PER", "Anna"), ("LOC", "Oslo")]
    assert documents[0].text == "Anna ran\n"


@pytest.mark.parametrize(("text", "problem"), [
    ("print(1)\n", "x.py:1: got no list of records, expected [(text, "),
    (f"A = {ROWS}\nB = {ROWS}\n", "x.py:1: got 2 lists of records, at lines 1, 3, expected"),
    (f"A = {ROWS}\nB = (", "x.py:3: not Python: '(' was never closed; save the data as JSON"),
    ("A = [\n('Bo', f(3))]\n", "x.py:2: got \"('Bo', f(3))\", expected literals"),
    ("A = [\n('Bo', {'entities': [(0, 9, 'X')]})]\n", "x.py:2: entity X 0-9 is not within"),
    ("A = [('Bo', " + "[" * 999 + "]" * 999 + ")]", "x.py:1: not read: lists or objects nested 100 times"),
])  # fmt: skip
def test_python_of_another_form_is_refused(load, text: str, problem: str) -> None:
    with pytest.raises(DataError) as caught:
        load(text, "x.py")
    assert str(caught.value).startswith(problem)


def test_tagged_sentences_may_begin_with_a_mark_of_xml(load) -> None:
    [document] = load("< Anna ran\tO B-PER O\n", "x.txt")
    assert document.sentences[0].words == ("<", "Anna", "ran")
