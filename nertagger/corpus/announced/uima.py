"""XMI of UIMA, as INCEpTION, WebAnno and cTAKES export it: a text with the annotations of its layers.

See https://uima.apache.org/d/uimaj-current/references.html, "XMI CAS Serialization Reference". The text and its named
entities are read as those of UIMA's JSON are (`nertagger.corpus.records.parts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from nertagger.corpus.announced.xml_elements import read_elements
from nertagger.corpus.formats.jsonl import read_value
from nertagger.corpus.records.json_values import Record
from nertagger.corpus.source import Source
from nertagger.text.document import Document

_ROOT = "{http://www.omg.org/XMI}XMI"
_TYPE = re.compile(r"\{http:///(.*)\.ecore\}(.*)")


def read_xmi(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield the document of a file.

    Raises:
        DataError: if it is not XML, declares entities of XML, has no text or several, or a named entity has no place
            in it.
    """
    for number, root in read_elements(lines, source, _ROOT):
        yield from read_value({"%FEATURE_STRUCTURES": list(map(_structure, root))}, number, source)
    source.report()


def _structure(element: Element) -> Record:
    """Return an element as UIMA's JSON has it, with the name of its type in Java's form."""
    named = _TYPE.fullmatch(element.tag)
    name = f"{named[1].replace('/', '.')}.{named[2]}" if named else element.tag
    offsets: dict[str, Any] = {edge: _number(element.get(edge)) for edge in ("begin", "end")}
    return {**element.attrib, **offsets, "%TYPE": name}


def _number(text: str | None) -> int | str | None:
    return int(text) if text and text.isdecimal() else text
