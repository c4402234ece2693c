"""Documents of GATE in XML: a text with nodes, between which the annotations of several sets lie.

See https://gate.ac.uk/userguide, "Saving documents as XML".
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from nertagger.corpus.announced.xml_elements import read_elements
from nertagger.corpus.formats.jsonl import read_value
from nertagger.corpus.records.json_values import Record
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_GOLD, _MARKUP = "Key", "Original markups"  # names of sets
_LINGUISTIC = {"Token", "SpaceToken", "DEFAULT_TOKEN", "Sentence", "Split", "Lookup", "paragraph", "NounChunk", "VG"}
_OTHER_SETS = "annotation sets left out"


def read_gate(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield the document of a file with the annotations of one set, without tokens, sentences and other layers of text.

    The set is ``Key``, by GATE's convention that of the gold standard, or else the first with entities.

    Raises:
        DataError: if it is not XML, declares entities of XML, or an annotation has no place in the text.
    """
    for number, root in read_elements(lines, source, "GateDocument"):
        content = root.find("TextWithNodes")
        if content is None:
            source.fail(number, DataError(got="no element TextWithNodes", expected="a document of GATE"))
        text, offsets = _text(content)
        sets = {one.get("Name", ""): _entities(one) for one in root.iter("AnnotationSet") if one.get("Name") != _MARKUP}
        filled = {name: entities for name, entities in sets.items() if entities}
        chosen = _GOLD if _GOLD in sets else next(iter(filled), None)
        others = [name or "the default one" for name in filled if name != chosen]
        if others:
            source.count(number, _OTHER_SETS, len(others), example=", ".join(others))
        entities = [_entity(one, offsets) for one in sets[chosen]] if chosen is not None else None
        yield from read_value({"text": text} | ({} if entities is None else {"entities": entities}), number, source)
    source.report()


def _text(content: Element) -> tuple[str, dict[str | None, int]]:
    """Return the text and the characters before each node, by its number."""
    text, offsets = content.text or "", {}
    for node in content.iter("Node"):
        offsets[node.get("id")] = len(text)
        text += node.tail or ""
    return text, offsets


def _entities(annotations: Element) -> list[Element]:
    return [one for one in annotations.iter("Annotation") if one.get("Type") not in _LINGUISTIC]


def _entity(annotation: Element, offsets: dict[str | None, int]) -> Record:
    start, end = (offsets.get(annotation.get(f"{edge}Node")) for edge in ("Start", "End"))
    return {"start": start, "end": end, "label": annotation.get("Type")}
