"""BioC in XML: collections of documents whose passages have annotations, as PubTator and TeamTat export them.

See https://bioc.sourceforge.net. Documents are read as BioC's JSON is (`nertagger.corpus.records.parts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from nertagger.corpus.announced.xml_elements import read_elements
from nertagger.corpus.formats.jsonl import read_value
from nertagger.corpus.records.json_values import Record
from nertagger.corpus.source import Source
from nertagger.text.document import Document


def read_bioc_xml(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per passage, or per sentence if passages have sentences; one of BioC's is read at a time.

    Raises:
        DataError: if it is not XML, declares entities of XML (which may expand without bounds), or an annotation has no
            place in the text of its passage.
    """
    for number, element in read_elements(lines, source, "document"):
        yield from read_value(_document(element), number, source)
    source.report()


def _document(element: Element) -> Record:
    """Return a document as BioC's JSON has it."""
    passages = [
        _passage(one) | {"sentences": list(map(_passage, one.findall("sentence")))}
        for one in element.findall("passage")
    ]
    return {
        "id": element.findtext("id"),
        "passages": passages,
        "relations": list(map(_relation, element.findall("relation"))),
    }


def _passage(element: Element) -> Record:
    """Return a passage or a sentence."""
    return {
        "offset": _number(element.findtext("offset")),
        "text": element.findtext("text") or "",
        "infons": _infons(element),
        "annotations": [_annotation(one) for one in element.findall("annotation")],
        "relations": list(map(_relation, element.findall("relation"))),
    }


def _annotation(element: Element) -> Record:
    locations = [{name: _number(one.get(name)) for name in ("offset", "length")} for one in element.findall("location")]
    return {"infons": _infons(element), "text": element.findtext("text"), "locations": locations}


def _relation(element: Element) -> Record:
    return {"id": element.get("id"), "infons": _infons(element)}


def _infons(element: Element) -> Record:
    return {one.get("key", ""): one.text for one in element.findall("infon")}


def _number(text: str | None) -> int | str | None:
    """Return a whole number, or what is there instead, for messages."""
    return int(text) if text and text.strip().isdecimal() else text
