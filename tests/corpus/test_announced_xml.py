"""Formats of XML that the first lines announce: BioC, XMI of UIMA, GATE and TEI."""

from __future__ import annotations

import logging

import pytest

from nertagger.errors import DataError
from tests.small_corpus import labels_and_texts

BIOC = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE collection SYSTEM "BioC.dtd">
<collection><source>PubTator</source><date/><key>BioC.key</key>
  <document><id>7</id>
    <passage><infon key="type">title</infon><offset>0</offset><text>Anna &amp; Bo ran.</text>
      <annotation id="1"><infon key="type">PER</infon><location offset="0" length="4"/><text>Anna</text></annotation>
    </passage>
    <passage><offset>15</offset>
      <sentence><offset>15</offset><text>She saw Oslo.</text>
        <annotation id="2"><infon key="type">LOC</infon><location offset="23" length="4"/><text>Oslo</text></annotation>
        <relation id="R1"><node refid="1" role="x"/></relation>
      </sentence>
    </passage>
  </document>
  <document><id>8</id><passage><offset>0</offset><text>No one ran.</text></passage></document>
</collection>
"""


@pytest.mark.parametrize("name", ["x.xml", "x.bioc"])
def test_bioc_in_xml_is_read_as_in_json(load, caplog, name: str) -> None:
    with caplog.at_level(logging.WARNING):
        documents = load(BIOC, name)
    assert labels_and_texts(documents) == [("PER", "Anna"), ("LOC", "Oslo")]
    assert [document.text for document in documents] == ["Anna & Bo ran.", "She saw Oslo.", "No one ran."]
    assert [document.meta["id"] for document in documents] == ["7", "7", "8"]
    assert documents[0].meta["infons"] == {"type": "title"}
    assert "1 row with relations, which are not read" in caplog.text


NER, LAYERS = "http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore", "http:///webanno/custom.ecore"
XMI = f"""<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:type4="{NER}" xmlns:custom="{LAYERS}"
  xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>
<type4:NamedEntity xmi:id="9" sofa="1" begin="3" end="7" value="PER" identifier=""/>
<custom:Span xmi:id="8" sofa="1" begin="0" end="2"/>
<type4:NamedEntity xmi:id="10" sofa="1" begin="17" end="21" value="LOC"/>
<cas:Sofa xmi:id="1" sofaID="_InitialView" mimeType="text" sofaString="\U0001f600 Anna &amp; Bo&#10;saw Oslo."/>
<cas:View sofa="1" members="8 9 10"/></xmi:XMI>
"""
GATE = """<?xml version='1.0' encoding='utf-8'?>
<!-- The document's features -->
<GateDocument version="3">
<TextWithNodes><Node id="0"/>Anna<Node id="4"/> &amp; Bo
saw <Node id="13"/>Oslo<Node id="17"/>.</TextWithNodes>
<AnnotationSet>
<Annotation Id="5" Type="Token" StartNode="0" EndNode="4"></Annotation>
<Annotation Id="1" Type="Person" StartNode="0" EndNode="4"><Feature><Name>a</Name><Value>b</Value>
</Feature></Annotation>
<Annotation Id="2" Type="Location" StartNode="13" EndNode="17"></Annotation>
</AnnotationSet>
<AnnotationSet Name="Original markups">
<Annotation Id="3" Type="body" StartNode="0" EndNode="17"></Annotation></AnnotationSet>
</GateDocument>
"""


@pytest.mark.parametrize("name", ["x.xmi", "x.xml"])
def test_xmi_is_read_with_offsets_in_code_units(load, name: str) -> None:
    [document] = load(XMI, name)
    assert (document.text, document.meta) == ("\U0001f600 Anna & Bo\nsaw Oslo.", {})
    assert labels_and_texts([document]) == [("PER", "Anna"), ("LOC", "Oslo")]


def test_gate_is_read_without_tokens(load) -> None:
    [document] = load(GATE, "x.xml")
    assert document.text == "Anna & Bo\nsaw Oslo."
    assert labels_and_texts([document]) == [("Person", "Anna"), ("Location", "Oslo")]


def test_gold_standard_of_gate_is_preferred_and_the_other_set_counted(load, caplog) -> None:
    gold = '<AnnotationSet Name="Key"><Annotation Id="7" Type="PER" StartNode="0" EndNode="4"/></AnnotationSet>'
    with caplog.at_level(logging.WARNING):
        documents = load(GATE.replace("</GateDocument>", f"{gold}</GateDocument>"), "x.xml")
    assert labels_and_texts(documents) == [("PER", "Anna")]
    assert "1 annotation set left out, first at" in caplog.text


def test_gate_without_annotation_is_text(load) -> None:
    [document] = load(GATE.replace("Person", "Split").replace("Location", "Lookup"), "x.xml")
    assert not document.is_annotated


TEI = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="tei_all.rng" type="application/xml"?>
<!-- an edition -->
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader><fileDesc><titleStmt><title>Letters of <persName>Ann</persName></title></titleStmt></fileDesc></teiHeader>
  <text><body><div>
    <head>To <persName ref="#bo"><forename>Bo</forename>
      <surname>Kern</surname></persName></head>
    <p>I saw <placeName><settlement>Os<lb break="no"/>
      lo</settlement>, <country>Norway</country></placeName> and the<lb/><rs type="ship">Ann</rs><pb n="3"/>with
      <choice><sic>teh</sic><corr>the</corr></choice> crew<note>See <date when="1900">May
      1900</date>.</note>. It was <hi rend="italic">fine</hi>.</p>
    <lg><l>Roses</l><l>are <name> red </name></l></lg>
  </div></body></text>
</TEI>
"""


@pytest.mark.parametrize("name", ["x.xml", "x.tei"])
def test_tei_is_read_by_blocks(load, caplog, name: str) -> None:
    with caplog.at_level(logging.WARNING):
        documents = load(TEI, name)
    assert [document.text for document in documents] == [
        *("To Bo Kern", "I saw Oslo, Norway and the Ann with teh crew. It was fine.", "See May 1900."),
        *("Roses", "are red"),
    ]
    assert labels_and_texts(documents) == [
        *(("persName", "Bo Kern"), ("placeName", "Oslo, Norway"), ("ship", "Ann")),
        *(("date", "May 1900"), ("name", "red")),
    ]
    assert "2 names inside of names left out" in caplog.text
    assert "1 alternative of the text left out" in caplog.text


@pytest.mark.parametrize(("text", "old", "new", "problem"), [
    (BIOC, "</passage>", "</pasage>", "x.xml:7: not XML: mismatched tag; fix it"),
    (BIOC, "</collection>", "", "x.xml:16: not XML: no element found; fix it"),
    (BIOC, '"BioC.dtd"', '"BioC.dtd" [<!ENTITY a "b">]', "x.xml:2: it declares entities of XML, which are not read"),
    (BIOC, 'length="4"', "", "x.xml:4: got the annotation"),
    (BIOC, 'length="4"', 'length="99"', "x.xml:4: entity PER 0-99 is not within the text's 14 characters"),
    (BIOC, "<offset>0", "<offset>x", "x.xml:4: got a passage with a JSON str as its text, expected text and offset"),
    (XMI, 'end="21"', 'end="99"', "x.xml:2: entity LOC 17-99 is not within the text's 21 characters"),
    (XMI, ' value="PER"', "", "x.xml:2: got the entity"),
    (XMI, "cas:Sofa", "cas:Nothing", "x.xml:2: got 0 texts in a CAS, expected one"),
    (XMI, "</xmi:XMI>", "", "x.xml:7: not XML: no element found; fix it"),
    (XMI, "?>", '?><!DOCTYPE a [<!ENTITY a "b">]>', "x.xml:1: it declares entities of XML, which are not read"),
    (GATE, 'EndNode="17"', 'EndNode="18"', "x.xml:3: got the entity"),
    (GATE, "TextWithNodes", "Text", "x.xml:3: got no element TextWithNodes, expected a document of GATE"),
    (GATE, "</GateDocument>", "", "x.xml:14: not XML: no element found; fix it"),
    (TEI, "/ns/1.0", "/ns/0", "x.xml:15: got no element text of http://www.tei-c.org/ns/1.0, expected at least one"),
    (TEI, "</div>", "", "x.xml:14: not XML: mismatched tag; fix it"),
    (TEI, "<p>", "<hi>" * 150 + "</hi>" * 150 + "<p>", "x.xml:6: not read: elements nested 100 times or more"),
    (TEI, "<TEI", '<!DOCTYPE TEI [<!ENTITY a "b">]><TEI', "x.xml:4: it declares entities of XML, which are not read"),
])  # fmt: skip
def test_xml_that_is_malformed_is_an_error(load, text: str, old: str, new: str, problem: str) -> None:
    with pytest.raises(DataError) as caught:
        load(text.replace(old, new), "x.xml")
    assert str(caught.value).startswith(problem)
