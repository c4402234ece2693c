"""Entities as elements in running text: of MUC, of Stanford's tagger and others; elements of other markup."""

from __future__ import annotations

import logging
import re

import pytest

from nertagger.corpus.detection import detect_format
from nertagger.errors import DataError
from tests.small_corpus import labels_and_texts

MUC = """<DOC>
<DOCID> wsj93_012.0001 </DOCID>
<HL>    Marketing &amp; Media: @  <ENAMEX TYPE="PERSON">Bob</ENAMEX>
</HL>
<TXT>
<p>
<s> <ENAMEX TYPE="ORGANIZATION">Bridgestone
Sports Co.</ENAMEX> said <TIMEX TYPE="DATE">Friday</TIMEX> it has set up a joint venture in
<ENAMEX TYPE="LOCATION">Taiwan</ENAMEX> with AT&amp;T &MD; and a trading house.</s>
<s>It cost <NUMEX TYPE="MONEY">20 million dollars</NUMEX>.</s>
</p>
</TXT>
</DOC>
<DOC DOCNO="2">
<ENAMEX TYPE="LOCATION">Oslo</ENAMEX> it is.
</DOC>
"""
STANFORD = """<PERSON>Anna Kern</PERSON> moved to <LOCATION>Oslo</LOCATION>, no?

She works for <ORGANIZATION>AT&amp;T</ORGANIZATION> & Sons, 3 < 4.
"""
TYPED = """<?xml version="1.0" encoding="UTF-8"?>
<!-- by hand -->
<corpus>
  <s id="1"><entity type="PER">Anna Kern</entity> moved to <ne class='LOC'>Oslo</ne>.</s>
  <s id="2">No one ran.</s>
</corpus>
"""


@pytest.mark.parametrize("name", ["x.txt", "x.xml", "x.sgm", "x"])
def test_elements_are_entities(load, name: str) -> None:
    assert labels_and_texts(load(MUC, name)) == [
        ("PERSON", "Bob"),
        ("ORGANIZATION", "Bridgestone\nSports Co."),
        ("DATE", "Friday"),
        ("LOCATION", "Taiwan"),
        ("MONEY", "20 million dollars"),
        ("LOCATION", "Oslo"),
    ]
    assert labels_and_texts(load(STANFORD, name)) == [
        ("PERSON", "Anna Kern"),
        ("LOCATION", "Oslo"),
        ("ORGANIZATION", "AT&T"),
    ]
    assert labels_and_texts(load(TYPED, name)) == [("PER", "Anna Kern"), ("LOC", "Oslo")]


def test_texts_are_those_without_tags(load) -> None:
    assert [document.text for document in load(STANFORD, "x.txt")] == [
        "Anna Kern moved to Oslo, no?",
        "She works for AT&T & Sons, 3 < 4.",
    ]
    assert [document.text for document in load(TYPED, "x.xml")] == ["Anna Kern moved to Oslo.", "No one ran."]
    assert all(document.is_annotated for document in load(TYPED, "x.xml"))


def test_documents_of_muc_begin_and_have_numbers(load) -> None:
    documents = load(MUC, "x.txt")
    assert [document.text for document in documents][:2] == [
        "Marketing & Media: @  Bob",
        "Bridgestone\nSports Co. said Friday it has set up a joint venture in\n"
        "Taiwan with AT&T &MD; and a trading house.",
    ]
    assert [document.opens for document in documents] == [True, False, False, True]
    assert [document.meta["id"] for document in documents] == ["wsj93_012.0001"] * 3 + ["2"]


@pytest.mark.parametrize("text", [
    "<brand>Nike</brand> makes <product>shoes</product>.\n<brand>Puma</brand> makes <product>caps</product> too.\n",
    "In <per>Bo</per> I see <loc>Oslo</loc>\n",
    "Bo <TIMEX3 tid='t1' type='DATE' value='2020'>then</TIMEX3> ran\n",
    'We saw <category="Disease">flu</category> in mice\n',
    "<p>I met <PER>Bo</PER> there</p>\n",
    '<ROOT>\n<RECORD ID="1">\n<TEXT>\n<PHI TYPE="DOCTOR">Dr Bo</PHI> saw him\n</TEXT>\n</RECORD>\n</ROOT>\n',
    "Only <persName>Bo</persName> ran\n",
])  # fmt: skip
def test_files_of_entities_are_recognized(text: str) -> None:
    assert detect_format(text.splitlines(keepends=True)) == "inline-xml"


@pytest.mark.parametrize("text", [
    "<p>I met <b>Bo</b> in <a href='x'>Oslo</a></p>\n",
    "<html><body>I met <PER>Bo</PER></body></html>\n",
    "<note>\n<to>Tove</to>\n<from>Jani</from>\n</note>\n",
    "<rows><row><name>Bo</name><city>Oslo</city></row><row><name>Al</name><city>Rome</city></row></rows>\n",
    "<person>\n<name>Bo</name>\n<city>Oslo</city>\n</person>\n" * 9,
    "The <italic>E. coli</italic> and <italic>B. subtilis</italic>, <italic>C. x</italic>, <italic>D. y</italic>\n",
    "Write to <PERSON> in <CITY>, 3 <4> 5.\n",
    "Use List<String> and Map<K,V> here.\n",
    "<think>It is <x> or so</think> yes\n",
    "<B>Bo</B> ran, <I>Oslo</I>\n",
    "<foo>Bo</foo> ran\n",
])  # fmt: skip
def test_other_markup_stays_text(load, caplog, text: str) -> None:
    assert detect_format(text.splitlines(keepends=True)) == "text"
    with caplog.at_level(logging.WARNING):
        assert "".join(document.text for document in load(text, "x.txt")) == text
    assert ("1 text with XML or HTML markup, which is read as words" in caplog.text) == ("</" in text)


@pytest.mark.parametrize(("line", "problem"), [
    ("<PER>Bo ran to <LOC>Oslo</LOC>\n", "x.txt:2: the mark '<PER>' is not closed; fix it, or name the format text"),
    ("Bo</PER> ran\n", "x.txt:2: the tag '</PER>' ends an element that does not begin"),
    ("<PER>Bo <LOC>Oslo</LOC></PER> ran\n", "x.txt:2: entities 'Bo Oslo' and 'Oslo' overlap"),
    ("<PER></PER> Bo ran\n", "x.txt:2: a mark of PER without text"),
    ("<PER>Bo</LOC> ran\n", "x.txt:2: the tag '</LOC>' ends an element that does not begin"),
])  # fmt: skip
def test_faulty_elements_are_errors_or_counted(load, caplog, line: str, problem: str) -> None:
    text = f"<PER>Ann</PER> ran to <LOC>Rome</LOC>\n{line}I saw <PER>Al</PER> there\n"
    with pytest.raises(DataError) as caught:
        load(text, "x.txt")
    assert str(caught.value).startswith(problem)
    with caplog.at_level(logging.WARNING):
        found = labels_and_texts(load(text, "x.txt", lenient=True))
    assert {("PER", "Ann"), ("LOC", "Rome"), ("PER", "Al")} <= set(found)
    assert re.search("(entity|entities) left out", caplog.text)


def test_other_tags_and_attributes_are_counted(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        found = load("<PER>Bo</PER> ran\n" * 300 + "<b>Oslo</b> is big\n<!-- no -->Al\n", "x.txt")
        muc = load('<ENAMEX TYPE="PER" STATUS="OPT">Bo</ENAMEX> <u>ran</u>\n', "y.txt")
    assert [document.text for document in found[-2:]] == ["<b>Oslo</b> is big", "Al"]
    assert muc[0].text == "Bo ran"
    for message in (
        "x.txt: 2 tags without entities, read as words, first at x.txt:301 (<b>)",
        "x.txt: 1 comment not read, first at x.txt:302",
        "y.txt: 1 entity with further attributes, which are not kept, first at y.txt:1",
        "y.txt: 2 tags without entities, removed",
    ):
        assert message in caplog.text


def test_text_to_tag_loses_its_marks(load, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        [document] = load("<PER>Bo</PER> ran to <LOC>Oslo\n", "x.txt", annotation=False)
    assert (document.text, document.is_annotated) == ("Bo ran to Oslo", False)
    assert "1 mark of entities removed from the text" in caplog.text
    assert load("<PER>Bo</PER> ran\n", "x.txt", format="text")[0].text == "<PER>Bo</PER> ran\n"


def test_wrapped_lines_are_paragraphs(load) -> None:
    lines = (
        "The company of <PER>Anna Kern</PER> said on Friday that it has set up a\n"
        "joint venture in <LOC>Taiwan</LOC> with a local concern and with a Japanese\n"
        "trading house to produce golf clubs that will be shipped to Japan.\n"
    )
    first, second = load(f"{lines}\n{lines}", "x.txt")
    assert first.text == second.text
    assert len(first.sentences) == 1
    assert len(load("<PER>Bo</PER> ran from there to the next town and further on\n" * 3, "y.txt")) == 3


def test_a_mark_that_is_never_closed_ends_with_its_line(load) -> None:
    with pytest.raises(DataError, match=r"^x.txt:3: the mark '<PER>' is not closed"):
        load("<PER>Bo</PER> ran\n\n<PER>Al ran\n" + "No one ran\n" * 9, "x.txt")
